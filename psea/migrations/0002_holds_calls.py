import uuid

import django.db.models.deletion
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    dependencies = [
        ("psea", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="sealedcase",
            name="chased_at",
            field=models.DateTimeField(help_text="the entity was last asked for news", null=True),
        ),
        migrations.AddField(
            model_name="sealedcase",
            name="conflict_at",
            field=models.DateTimeField(help_text="a conflict of interest is open since", null=True),
        ),
        migrations.AddField(
            model_name="assistanceoffer",
            name="consent_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("person", "la personne elle-même"),
                    ("caregiver", "la personne qui s’occupe de l’enfant"),
                    ("best_interest", "spécialiste PE, dans l’intérêt supérieur de l’enfant"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="DutyCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("rung_by", models.BigIntegerField()),
                ("rung_at", models.DateTimeField()),
                ("was_reached", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["rung_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="HandedCopy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=12)),
                ("to_whom", core.sealed_models.SealedField(default=None, null=True)),
                ("handed_by", models.BigIntegerField()),
                ("handed_at", models.DateTimeField()),
                ("expires_on", models.DateField(help_text="by then the copy is destroyed, and we are told")),
                ("destroyed_on", models.DateField(help_text="its holder said that it is destroyed", null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handed_copies", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["handed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", core.sealed_models.SealedField(default=None, null=True)),
                ("asked_by", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("confirmed_by", models.BigIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("lift_asked_by", models.BigIntegerField(null=True)),
                ("lift_asked_at", models.DateTimeField(null=True)),
                ("lifted_by", models.BigIntegerField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("case",),
                        name="psea_one_hold_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="psea_hold_is_set_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_by__isnull", True),
                            models.Q(
                                ("lift_asked_by__isnull", False),
                                models.Q(("lifted_by", models.F("lift_asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="psea_hold_is_lifted_by_two",
                    ),
                ],
            },
        ),
    ]
