import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_witnesses"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trained_on", models.DateField(blank=True, null=True, verbose_name="formation suivie le")),
                (
                    "confidentiality_signed_on",
                    models.DateField(blank=True, null=True, verbose_name="engagement de confidentialité signé le"),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Femme ou fille"),
                            ("male", "Homme ou garçon"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                        verbose_name="sexe",
                    ),
                ),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="langues parlées")),
                (
                    "conflicts",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="conflits d’intérêts déclarés",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_officer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DutyWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField(unique=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "first_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["monday"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first", models.F("second")), _negated=True),
                            models.Q(("first_organisation", models.F("second_organisation")), _negated=True),
                        ),
                        name="duty_is_two_people_of_two_organisations",
                        violation_error_message="Une garde tient à deux personnes, de deux organisations.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutySwap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("was_accepted", models.BooleanField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "in_exchange",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.dutyweek",
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="swaps", to="directory.dutyweek"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("was_accepted__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("was_accepted__isnull", False)),
                            _connector="OR",
                        ),
                        name="duty_swap_answer_has_date",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("week", "asked_by"),
                        name="duty_swap_asked_once",
                    ),
                ],
            },
        ),
    ]
