"""What an indicator is counted over, what its share is of, and how a reading keeps both."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workplan", "0002_verified_readings_are_frozen")]

    operations = [
        migrations.AddField("indicator", "over", models.JSONField(blank=True, default=dict)),
        migrations.AddField("indicator", "share_over", models.JSONField(blank=True, default=dict)),
        migrations.AddField("reading", "binding", models.JSONField(blank=True, default=dict)),
    ]
