"""A trigger factor counts a category, or all that are as grave as a level."""

from __future__ import annotations

from django.db import migrations, models

LEVELS = [(0, "sans objet"), (1, "faible"), (2, "moyen"), (3, "élevé"), (4, "critique"), (5, "urgent")]


class Migration(migrations.Migration):
    dependencies = [("workplan", "0006_shares_of_languages_and_channels")]

    operations = [
        migrations.AddField(
            model_name="triggerfactor",
            name="level",
            field=models.PositiveSmallIntegerField(
                blank=True, choices=LEVELS, null=True, verbose_name="gravité, à partir du niveau"
            ),
        ),
    ]
