"""Reference shares: what part of the people speak a language first, or can use a channel."""

from __future__ import annotations

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workplan", "0005_what_is_asked_of_the_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferenceShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[("population", "population"), ("assisted", "personnes assistées")], max_length=12
                    ),
                ),
                ("part", models.CharField(choices=[("language", "langue"), ("channel", "canal")], max_length=10)),
                ("value", models.CharField(max_length=10)),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("as_of", models.DateField(verbose_name="à la date du")),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["basis", "part", "-as_of"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("basis", "part", "value", "as_of"), name="reference_share_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="reference_share_of_a_whole",
                        violation_error_message="Une part va de 0 à 100.",
                    ),
                ],
            },
        ),
    ]
