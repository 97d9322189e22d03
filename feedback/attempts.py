"""Slowing those who guess numbers or codes: per number, address and overall. Known and unknown numbers count alike.

Many telephones share one address of their operator: it may try often, and slows itself long before it slows everybody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.index import keyed_hash
from feedback.models import ReceiptAttempt

WINDOW = timedelta(minutes=15)
PER_NUMBER = 5
PER_ADDRESS = 100
OVERALL = 500
EVERYONE = "overall"


def is_slowed(number: str, address: str) -> bool:
    """Whether tries at this number's code, from this address, or at numbers as a whole, must wait."""
    limits = {_key(number): PER_NUMBER, _from(address): PER_ADDRESS, EVERYONE: OVERALL}
    fresh = ReceiptAttempt.objects.filter(key__in=limits, since__gt=timezone.now() - WINDOW)
    return any(attempt.count >= limits[attempt.key] for attempt in fresh)


@transaction.atomic
def note_try(number: str, address: str) -> None:
    """Counts one try that opened nothing."""
    now = timezone.now()
    ReceiptAttempt.objects.filter(since__lte=now - WINDOW).delete()
    for key in (_key(number), _from(address), EVERYONE):
        _count(key, now)


def _count(key: str, now: datetime) -> None:
    _attempt, created = ReceiptAttempt.objects.get_or_create(key=key, defaults={"count": 1, "since": now})
    if not created:
        ReceiptAttempt.objects.filter(key=key).update(count=F("count") + 1)


def _key(number: str) -> str:
    return keyed_hash(number, "attempt")


def _from(address: str) -> str:
    """Nobody reads an address back from it, and the row goes after a quarter of an hour."""
    return keyed_hash(address, "attempt-from")
