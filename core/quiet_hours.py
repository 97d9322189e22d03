"""The hours in which nobody is written to, unless they just wrote."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from core.leaving import ALWAYS, QUIET, Turn, Verdict
from core.models import Outbound

# A reply that is older answers nobody who still holds the telephone.
JUST_NOW = timedelta(hours=1)


def outside_quiet_hours(turn: Turn, /) -> Verdict | None:
    """Receipts and urgent notices leave at any hour, replies to what was just written too; the rest in the morning."""
    now = timezone.now()
    if turn.kind in ALWAYS or (turn.kind == Outbound.Kind.MENU and now - turn.queued_at < JUST_NOW):
        return None
    until = quiet_until(now)
    return Verdict(QUIET, until) if until is not None else None


def quiet_until(now: datetime) -> datetime | None:
    """When the quiet hours that run now are over; None outside them, and when there are none (`QUIET_HOURS`)."""
    begin, _, end = settings.QUIET_HOURS.partition("-")
    if not end:
        return None
    here = timezone.localtime(now)
    begins, ends = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    is_quiet = begins <= here.time() < ends if begins < ends else here.time() >= begins or here.time() < ends
    if not is_quiet:
        return None
    day = here.date() if here.time() < ends else here.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=here.tzinfo)
