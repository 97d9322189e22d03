"""Slowing those who guess numbers or codes: per number, and overall. Known and unknown numbers count alike."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.index import keyed_hash
from feedback.models import ReceiptAttempt

WINDOW = timedelta(minutes=15)
PER_NUMBER = 5
OVERALL = 500
EVERYONE = "overall"


def is_slowed(number: str) -> bool:
    """Whether tries at this number's code, or at numbers as a whole, must wait."""
    limits = {_key(number): PER_NUMBER, EVERYONE: OVERALL}
    fresh = ReceiptAttempt.objects.filter(key__in=limits, since__gt=timezone.now() - WINDOW)
    return any(attempt.count >= limits[attempt.key] for attempt in fresh)


@transaction.atomic
def note_try(number: str) -> None:
    """Counts one try that opened nothing."""
    now = timezone.now()
    for key in (_key(number), EVERYONE):
        _count(key, now)


def _count(key: str, now: datetime) -> None:
    ReceiptAttempt.objects.filter(key=key, since__lte=now - WINDOW).delete()
    _attempt, created = ReceiptAttempt.objects.get_or_create(key=key, defaults={"count": 1, "since": now})
    if not created:
        ReceiptAttempt.objects.filter(key=key).update(count=F("count") + 1)


def _key(number: str) -> str:
    return keyed_hash(number, "attempt")
