"""Requests that a gateway's address refused, kept sealed for a while: signature settings go wrong in real life.

Nobody reads what is here. Once a line is mended its requests are verified again, by the machine alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from core.kept_requests import KeptRequest
from core.models import Quarantined

HOUR = timedelta(hours=1)
# No message is longer; a larger one is somebody filling the disk
LONGEST = 32_000


def keep(kept: KeptRequest, *, gateway: str, reason: str) -> bool:
    """Seals a refused request. False for a repeat, and once the line has had its number of them within the hour."""
    lately = Quarantined.objects.filter(gateway=gateway, recorded_at__gt=timezone.now() - HOUR)
    if len(kept.text) > LONGEST or lately.count() >= settings.QUARANTINE_PER_HOUR:
        return False
    row = Quarantined(gateway=gateway, reason=reason, digest=kept.digest, received_at=kept.received_at)
    row.seal(request=kept.text)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def request_of(row: Quarantined) -> KeptRequest:
    """Raises SealBroken."""
    return KeptRequest.from_text(row.unsealed("request"))


def ask_to_verify(gateway: str) -> int:
    """That line was mended: what it refused waits to be verified again. Out: how many."""
    return Quarantined.objects.filter(gateway=gateway).update(is_to_verify=True)


def to_verify() -> QuerySet[Quarantined]:
    """Oldest first."""
    return Quarantined.objects.filter(is_to_verify=True).order_by("received_at")


def by_line() -> dict[str, dict[str, Any]]:
    """For each line that has some: `count`, `first_at`, `last_at`. Never what they say."""
    rows = Quarantined.objects.values("gateway").annotate(
        count=Count("pk"), first_at=Min("received_at"), last_at=Max("received_at")
    )
    return {row["gateway"]: dict(row) for row in rows.order_by("gateway")}


def forget(before: datetime) -> int:
    """Destroys what was received before then. Out: how many."""
    return Quarantined.objects.filter(received_at__lt=before).delete()[0]
