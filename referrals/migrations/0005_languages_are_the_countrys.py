"""The languages offered are those of the country's folder: the column names no language. No statement is sent."""

from __future__ import annotations

from django.db import migrations, models

from directory.languages import language_choices


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_kept_for_who_had_it")]

    operations = [
        migrations.AlterField(
            "consent",
            "language",
            models.CharField(choices=language_choices, default="not_said", max_length=10, verbose_name="langue"),
        ),
    ]
