"""Until when something is in a backup, as a monitor and staff are told."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_a_machine_that_answers_late")]

    operations = [
        migrations.CreateModel(
            name="BackupTrace",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
        )
    ]
