import uuid
from importlib import import_module

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.sealed_models

# SQLite writes a table anew for a column with a default, and loses its triggers with the old one.
FROZEN = import_module("workplan.migrations.0002_verified_readings_are_frozen")
USER = settings.AUTH_USER_MODEL
KEPT = django.db.models.deletion.PROTECT


def key(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(**{"on_delete": KEPT, "related_name": "+", "to": to, **more})


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_duty"),
        ("feedback", "0004_found_among_millions"),
        ("workplan", "0003_evidence_and_days_reached"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("indicator", "register", models.JSONField(default=dict)),
        migrations.AddField("indicator", "keeps_register", models.BooleanField(default=False)),
        migrations.RunPython(FROZEN.thaw, FROZEN.freeze),
        migrations.AddField(
            "reading",
            "register_version",
            models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.RunPython(FROZEN.freeze, FROZEN.thaw),
        migrations.CreateModel(
            name="RegisterEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("kind", models.CharField(max_length=30)),
                ("day", models.DateField()),
                ("until", models.DateField(null=True)),
                ("line", models.CharField(max_length=300)),
                ("about_focus", models.BooleanField(null=True)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("facts", models.JSONField(default=dict)),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("key", models.CharField(max_length=64)),
                ("entered_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                ("struck_reason", models.CharField(blank=True, max_length=300)),
                ("entered_by", key(USER, null=True)),
                ("follows", key("workplan.registerentry", null=True, related_name="followed_by")),
                ("keeper", key("directory.organisation")),
                ("organisation", key("directory.organisation", null=True)),
                ("place", key("directory.place", null=True)),
                ("plan", key("workplan.plan", related_name="entries")),
                ("struck_by", key(USER, null=True)),
            ],
            options={
                "ordering": ["-day", "-entered_at", "id"],
                "indexes": [models.Index(fields=["plan", "kind", "day"], name="register_entry_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("struck_at", None)),
                        fields=("plan", "kind", "keeper", "key"),
                        name="register_entry_once",
                        violation_error_message="Cette entrée est déjà dans le registre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("day")), _connector="OR"),
                        name="register_entry_ends_after_it_begins",
                        violation_error_message="La fin ne peut pas précéder le début.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at", None), ("struck_by", None), ("struck_reason", "")),
                            models.Q(
                                ("struck_at__isnull", False),
                                ("struck_by__isnull", False),
                                models.Q(("struck_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="struck_entry_says_by_whom_and_why",
                        violation_error_message="Une entrée rayée dit par qui et pourquoi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                ("added_by", key(USER)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="file", to="workplan.registerentry"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RegisterFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("columns", models.JSONField(default=dict)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("kind", models.CharField(max_length=30)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("problems", core.sealed_models.SealedField(default=None, null=True)),
                ("owner", key(USER, on_delete=django.db.models.deletion.CASCADE)),
                ("plan", key("workplan.plan", on_delete=django.db.models.deletion.CASCADE)),
            ],
            options={
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("content", None), _connector="OR"),
                        name="register_file_finished_keeps_nothing",
                        violation_error_message="Un fichier repris ne garde rien de son contenu.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TriggerFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="facteur")),
                (
                    "breadth",
                    models.CharField(
                        choices=[("cercle", "cercle"), ("region", "région"), ("country", "tout le pays")],
                        max_length=10,
                        verbose_name="compté par",
                    ),
                ),
                (
                    "threshold",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="à partir de combien de dossiers",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="en combien de jours"
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("category", key("feedback.category", null=True, blank=True)),
                ("ended_by", key(USER, null=True)),
                ("set_by", key(USER)),
            ],
            options={
                "ordering": ["title", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="factor_ended_by_somebody",
                        violation_error_message="Une fin a une date et un nom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("until", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", key(USER)),
                (
                    "factor",
                    key(
                        "workplan.triggerfactor",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="set_aside",
                    ),
                ),
                ("place", key("directory.place", null=True)),
            ],
            options={"ordering": ["-at"]},
        ),
    ]
