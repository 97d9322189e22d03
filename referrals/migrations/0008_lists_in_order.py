"""What waits is found in the order of "Pour moi", the first ones without the rest."""

from django.db import migrations, models

TO_ACCEPT = ("sent", "received", "info_requested", "reopened")
TO_ANSWER = ("accepted", "in_progress")
COME_BACK = models.Q(("state__in", ["refused", "info_requested", "answered"]), ("withdrawn_at", None))


class Migration(migrations.Migration):
    dependencies = [("referrals", "0007_found_among_millions")]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("state__in", TO_ACCEPT)),
                fields=["receiver", "accept_by"],
                name="referral_to_accept",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("state__in", TO_ANSWER)),
                fields=["receiver", "answer_by"],
                name="referral_to_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("state__in", (*TO_ACCEPT, *TO_ANSWER))),
                fields=["sender", "answer_by"],
                name="referral_with_others",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(condition=COME_BACK, fields=["sender", "state", "sent_at"], name="referral_come_back"),
        ),
    ]
