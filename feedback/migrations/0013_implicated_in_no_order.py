"""Ids of who is implicated are drawn from now on, and no longer counted: what is in the database stays as it is.

The column keeps its counter, by which the previous version goes on inserting while it serves.
"""

from django.db import migrations, models

import feedback.models.implicated


class Migration(migrations.Migration):
    dependencies = [("feedback", "0012_languages_are_the_countrys")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="caseimplicated",
                    name="id",
                    field=models.BigIntegerField(
                        default=feedback.models.implicated.drawn_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
    ]
