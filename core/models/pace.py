from __future__ import annotations

from django.db import models

from core.marks import MarkField


class NumberPace(models.Model):
    """How often one number is written to, and whether a machine answers there. Under its keyed hash, for a day at most.

    The same row whatever the lane of what it says. `marks` are keyed hashes of what it last replied at once, `repeated`
    of what it last replied at all.
    """

    phone_hash = MarkField(primary_key=True, max_length=64)
    left = models.JSONField(default=list, help_text="when messages left for it in the last day, in seconds since 1970")
    automatic_left_at = models.DateTimeField(null=True, help_text="the last automatic one that it has not replied to")
    marks = models.JSONField(default=list)
    replies = models.PositiveSmallIntegerField(default=0, help_text="at once, one to each of our texts, in a row")
    repeated = models.CharField(max_length=16, blank=True, default="", db_default="")
    repeats = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="the same words, one to each of our texts, in a row, however late"
    )
    silent_until = models.DateTimeField(null=True, db_index=True)
    changed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.phone_hash[:8]


class DaySpend(models.Model):
    """The segments that left by one line on one day."""

    day = models.DateField()
    line = models.CharField(max_length=20, blank=True)
    segments = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "line"], name="spend_once_per_day_and_line")]

    def __str__(self) -> str:
        return f"{self.day} {self.line} {self.segments}"
