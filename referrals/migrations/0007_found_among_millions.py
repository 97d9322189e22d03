"""A last answer and what waits to be erased are found without reading what is at rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_exchange")]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)),
                fields=["receiver", "-answered_at"],
                name="referral_last_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("erasure_asked_at__isnull", False), ("erasure_confirmed_at__isnull", True)),
                fields=["receiver"],
                name="referral_to_erase",
            ),
        ),
    ]
