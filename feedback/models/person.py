from __future__ import annotations

from django.db import models

from directory.enums import Language


class PhonePreference(models.Model):
    """What a telephone asked of us, under its keyed hash. The same row whatever the lane of what it says."""

    phone_hash = models.CharField(primary_key=True, max_length=64)
    language = models.CharField(max_length=10, choices=Language.choices, default=Language.FRENCH)
    stopped_at = models.DateTimeField(null=True)
    last_spoke_at = models.DateTimeField(null=True)
    spoke_before_at = models.DateTimeField(null=True, help_text="in the conversation before, or a late one")
    line = models.CharField(max_length=20, blank=True, help_text="the line this person wrote to last")

    def __str__(self) -> str:
        return self.phone_hash[:8]


class ReceiptAttempt(models.Model):
    """Wrong tries at a number or a code, so that guessing is slowed: one row per number tried, and one for all."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
