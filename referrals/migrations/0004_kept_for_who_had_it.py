"""For whom a referral is kept whose case was protected: those who had it, and nobody else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_level_two_in_words")]

    operations = [
        migrations.AddField(
            "referral",
            "kept_for",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=12),
        )
    ]
