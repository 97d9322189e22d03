from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

USER = settings.AUTH_USER_MODEL
KEPT = django.db.models.deletion.PROTECT
# SQLite writes a table anew for a constraint, and loses its triggers with the old one.
FROZEN = import_module("workplan.migrations.0002_verified_readings_are_frozen")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_duty"),
        ("workplan", "0004_registers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "indicator",
            "consolidation",
            models.CharField(
                blank=True,
                choices=[
                    ("sum", "somme de ce que chacune rapporte"),
                    ("latest", "dernière valeur soumise"),
                    ("union", "oui dès que l’une le dit"),
                ],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(FROZEN.thaw, FROZEN.freeze),
        migrations.AddField(
            "reading",
            "reporter",
            models.ForeignKey(null=True, on_delete=KEPT, related_name="+", to="directory.organisation"),
        ),
        migrations.RemoveConstraint("reading", "reading_once_per_period"),
        migrations.AddConstraint(
            "reading",
            models.UniqueConstraint(
                condition=models.Q(("place", None), ("reporter", None)),
                fields=("indicator", "year", "quarter", "version"),
                name="reading_once_per_period",
                violation_error_message="Ce trimestre a déjà une valeur pour cet indicateur.",
            ),
        ),
        migrations.AddConstraint(
            "reading",
            models.UniqueConstraint(
                fields=("indicator", "year", "quarter", "reporter", "version"),
                name="reading_once_per_period_and_reporter",
                violation_error_message="Votre organisation a déjà une valeur pour ce trimestre.",
            ),
        ),
        migrations.AddConstraint(
            "reading",
            models.CheckConstraint(
                condition=models.Q(("place", None), ("reporter", None), _connector="OR"),
                name="part_of_a_place_or_of_a_reporter",
                violation_error_message="Une part est d’un lieu ou d’une organisation, pas des deux.",
            ),
        ),
        migrations.RunPython(FROZEN.freeze, FROZEN.thaw),
        migrations.CreateModel(
            name="ActivityStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_started", "pas commencée"),
                            ("on_track", "en bonne voie"),
                            ("late", "en retard"),
                            ("done", "achevée"),
                            ("blocked", "bloquée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("said_at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="statuses", to="workplan.activity"
                    ),
                ),
                ("said_by", models.ForeignKey(on_delete=KEPT, related_name="+", to=USER)),
            ],
            options={
                "ordering": ["activity", "-said_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="status_says_why",
                        violation_error_message="Dites comment cela a été décidé.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarterClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("words", models.TextField(blank=True)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("checks", models.JSONField(default=list)),
                ("values", models.JSONField(default=list)),
                ("closed_at", models.DateTimeField()),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopened_reason", models.CharField(blank=True, max_length=500)),
                ("closed_by", models.ForeignKey(on_delete=KEPT, related_name="+", to=USER)),
                ("plan", models.ForeignKey(on_delete=KEPT, related_name="closings", to="workplan.plan")),
                ("reopened_by", models.ForeignKey(null=True, on_delete=KEPT, related_name="+", to=USER)),
            ],
            options={
                "ordering": ["-year", "-quarter", "-closed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at", None)),
                        fields=("plan", "year", "quarter"),
                        name="quarter_closed_once",
                        violation_error_message="Ce trimestre est déjà clos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reopened_at", None), ("reopened_by", None), ("reopened_reason", "")),
                            models.Q(
                                ("reopened_at__isnull", False),
                                ("reopened_by__isnull", False),
                                models.Q(("reopened_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reopening_says_by_whom_and_why",
                        violation_error_message="Une réouverture dit par qui et pourquoi.",
                    ),
                ],
            },
        ),
    ]
