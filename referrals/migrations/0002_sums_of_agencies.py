"""What the figures of agencies count of each referral, and its sums (referrals/models/tally.py)."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

JUDGED = ("decided_on_time", "refused", "answered", "answered_on_time", "confirmed")


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("feedback", "0004_sums_of_figures")]

    operations = [
        migrations.CreateModel(
            name="ReferralFacts",
            fields=[
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="referrals.referral",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feedback.case"
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.organisation"
                    ),
                ),
                ("refusal_code", models.CharField(blank=True, max_length=20)),
                ("first_sent_at", models.DateTimeField(db_index=True)),
                *((f"was_{name}", models.BooleanField()) for name in JUDGED),
            ],
        ),
        migrations.CreateModel(
            name="ReferralTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.organisation"
                    ),
                ),
                ("refusal_code", models.CharField(blank=True, max_length=20)),
                *((name, models.IntegerField(default=0)) for name in ("received", *JUDGED)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("month", "receiver", "refusal_code"), name="referrals_once")
                ],
            },
        ),
    ]
