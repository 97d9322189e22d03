"""What a number replied, however late, and how often in a row: a machine that answers after hours."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_sms_that_left_are_found_by_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="numberpace",
            name="repeated",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="numberpace",
            name="repeats",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="the same words, one to each of our texts, in a row, however late"
            ),
        ),
    ]
