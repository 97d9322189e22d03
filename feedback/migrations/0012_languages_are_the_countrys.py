"""The languages offered are those of the country's folder: the columns name no language. No statement is sent."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from directory.languages import language_choices


def language(**more: Any) -> models.CharField[str, str]:
    return models.CharField(choices=language_choices, max_length=10, **more)


class Migration(migrations.Migration):
    # no table is locked: nothing changes in the database
    atomic = False
    dependencies = [("feedback", "0011_deadlines_of_assistance")]

    operations = [
        migrations.AlterField("case", "language", language(default="not_said", verbose_name="langue")),
        migrations.AlterField("phonepreference", "language", language(default="fra")),
        migrations.AlterField("readyanswer", "language", language(default="fra", verbose_name="langue")),
        migrations.AlterField("screeningchange", "language", language(verbose_name="langue")),
        migrations.AlterField("textversion", "language", language(verbose_name="langue")),
    ]
