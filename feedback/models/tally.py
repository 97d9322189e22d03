"""What figures count of each case, and its sums: so that a figure costs the same however many cases there are.

A case that something happened to is *open to be counted again* (`CaseFacts.is_stale`; `Case.is_tallied` says that it
was taken in once): figures count it from its own rows, and take away what the sums hold of it. A job takes it into the
sums later (`referrals.tallying`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from feedback.models.case import Case


class CaseFacts(models.Model):
    """What the sums hold of one case; of one that does not count, neither a lane nor a referral.

    Nothing of it is text, and of a protected case it keeps what the case keeps.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="facts")
    is_ordinary = models.BooleanField()
    pcode = models.CharField(max_length=12, blank=True)
    category_code = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=12)
    sex = models.CharField(max_length=10)
    age_group = models.CharField(max_length=10)
    population_status = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    was_triaged = models.BooleanField()
    was_referred = models.BooleanField()
    was_answered = models.BooleanField()
    was_told = models.BooleanField()
    settled = models.CharField(max_length=10, blank=True)
    settled_at = models.DateTimeField(null=True)
    first_sent = models.DateTimeField(null=True)
    first_answer = models.DateTimeField(null=True)
    was_on_time = models.BooleanField()
    first_response = models.DateTimeField(null=True)
    first_adjustment = models.DateTimeField(null=True)
    first_service = models.DateTimeField(null=True)
    days = models.PositiveIntegerField(null=True)
    is_stale = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["case"], condition=Q(is_stale=True), name="facts_stale"),
            models.Index(fields=["received_at"], condition=Q(is_ordinary=True), name="facts_received"),
            models.Index(fields=["first_sent"], condition=Q(first_sent__isnull=False), name="facts_sent"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tally(models.Model):
    """Sums of a month and a place: of all cases (`facet` ""), or of those that say something (`value`, `other`).

    `day`: when what is counted happened, never before the case entered the month. A facet is kept day by day for the
    whole country (`pcode` "*"), and for each place as of now, on the first day of the month.
    """

    month = models.DateField()
    day = models.DateField()
    pcode = models.CharField(max_length=12, blank=True)
    facet = models.CharField(max_length=10, blank=True)
    value = models.CharField(max_length=40, blank=True)
    other = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.month} {self.pcode} {self.facet} {self.value}"


class VoiceTally(Tally):
    """Cases of the ordinary lane, by the month they were received."""

    said = models.IntegerField(default=0)
    triaged = models.IntegerField(default=0)
    referred = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    told = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    spoke = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facet", "month", "pcode", "value", "other", "day"], name="voices_once"),
        ]


class CohortTally(Tally):
    """Cases of the ordinary and restricted lanes, by the month of their first counted referral."""

    referred = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)
    responses = models.IntegerField(default=0)
    adjustments = models.IntegerField(default=0)
    services = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facet", "month", "pcode", "value", "other", "day"], name="cohort_once"),
        ]


class WaitTally(Tally):
    """Whole days (`days`) that first answers took, by the month of the first referral; `facet` is "days"."""

    days = models.PositiveIntegerField()
    answered = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "month", "pcode", "value", "other", "days", "day"], name="waits_once"
            ),
        ]


class KeptSums(models.Model):
    """One row, which whoever writes sums locks. `paired`: whether sums of two things at once are kept, and of waits by
    what was said: an installation that is older than they are keeps none until `manage.py tallies` has made them.
    """

    paired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.pk)
