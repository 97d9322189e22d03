"""What the figures of agencies count of each referral, and its sums; as `feedback.models.tally` does of cases."""

from __future__ import annotations

from django.db import models

from directory.models import Organisation
from feedback.models import Case
from referrals.models.referral import Referral


class ReferralFacts(models.Model):
    """What the sums hold of one counted referral of an ordinary case.

    The database checks no key to the referral and its receiver: at its commit the job would wait for whoever acts on
    that referral, and they for the case that it holds.
    """

    referral = models.OneToOneField(
        Referral, models.CASCADE, primary_key=True, related_name="facts", db_constraint=False
    )
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    receiver = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_constraint=False)
    refusal_code = models.CharField(max_length=20, blank=True)
    first_sent_at = models.DateTimeField(db_index=True)
    was_decided_on_time = models.BooleanField()
    was_refused = models.BooleanField()
    was_answered = models.BooleanField()
    was_answered_on_time = models.BooleanField()
    was_confirmed = models.BooleanField()

    def __str__(self) -> str:
        return str(self.pk)


class ReferralTally(models.Model):
    """Referrals by the month they were first sent, their receiver, and why they were refused ("" if they were not)."""

    month = models.DateField()
    receiver = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    refusal_code = models.CharField(max_length=20, blank=True)
    received = models.IntegerField(default=0)
    decided_on_time = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    answered_on_time = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "receiver", "refusal_code"], name="referrals_once")]

    def __str__(self) -> str:
        return f"{self.month} {self.receiver_id} {self.refusal_code}"
