from __future__ import annotations

from django.db import models

from core.marks import MarkField
from core.sealed_models import OnlineSealed, SealedField
from directory.languages import FRENCH, language_choices
from feedback.enums import LanguageFrom, PhoneAsks


class PhonePreference(models.Model):
    """What a telephone asked of us, under its keyed hash. The same row whatever the lane of what it says."""

    phone_hash = MarkField(primary_key=True, max_length=64)
    language = models.CharField(max_length=10, choices=language_choices, default=FRENCH)
    language_from = models.CharField(max_length=10, choices=LanguageFrom.choices, blank=True)
    stopped_at = models.DateTimeField(null=True)
    last_spoke_at = models.DateTimeField(null=True)
    spoke_before_at = models.DateTimeField(null=True, help_text="in the conversation before, or a late one")
    line = models.CharField(max_length=20, blank=True, help_text="the line this person wrote to last")

    def __str__(self) -> str:
        return self.phone_hash[:8]


class PhoneQuestion(OnlineSealed):
    """What we asked a telephone after its own order, until it answers or the time is over. One at most for each.

    The row is the same whatever the lane of the number it is about.
    """

    phone_hash = MarkField(max_length=64, unique=True)
    asks = models.CharField(max_length=10, choices=PhoneAsks.choices)
    receipt_number = SealedField()
    asked_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.asks


class ReceiptAttempt(models.Model):
    """Wrong tries at a number or a code, so that guessing is slowed: one row per number tried, and one for all."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
