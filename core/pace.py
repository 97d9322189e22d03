"""How often one number is written to: so many an hour and a day, and not at all while a machine answers there.

A receipt counts and is never held back by the count: only the loop guard silences it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.index import keyed_hash
from core.inserting import locked_or_made
from core.leaving import ALWAYS, CAP, LOOP, Turn, Verdict
from core.models import NumberPace, Outbound

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


@transaction.atomic
def within_pace(turn: Turn, /) -> Verdict | None:
    """Asked last, for it counts what it lets go."""
    now = timezone.now()
    pace = pace_of(turn.recipient, now)
    verdict = _silence(pace, turn, now) or _cap(pace, turn, now)
    if verdict is None and turn.is_first_try:
        pace.left = [*_since(pace.left, now - DAY), int(now.timestamp())]
        if turn.is_automatic:
            pace.automatic_left_at = now
        pace.changed_at = now
        pace.save()
    return verdict


def pace_of(phone: str, now: datetime) -> NumberPace:
    """The locked row of this number (E.164), inside a transaction."""
    return locked_or_made(NumberPace, keyed_hash(phone, "phone"), changed_at=now)[0]


def forget_paces(now: datetime, limit: int = 5000) -> int:
    """Drops the rows in which nothing counts any more."""
    silenced = Q(silent_until__gte=now)
    over = NumberPace.objects.filter(changed_at__lt=now - DAY).exclude(silenced).values_list("pk", flat=True)
    return NumberPace.objects.filter(pk__in=list(over[:limit])).delete()[0]


def _silence(pace: NumberPace, turn: Turn, now: datetime) -> Verdict | None:
    """What answers a machine is dropped; what a person wrote waits for the silence to end."""
    if pace.silent_until is None or pace.silent_until <= now:
        return None
    return Verdict(LOOP) if turn.is_automatic else Verdict(LOOP, pace.silent_until)


def _cap(pace: NumberPace, turn: Turn, now: datetime) -> Verdict | None:
    """A menu that comes late helps nobody, and is dropped; an answer or a question waits."""
    if turn.kind in ALWAYS:
        return None
    waits = [
        _room(pace.left, HOUR, settings.SMS_PER_PERSON_HOUR, now),
        _room(pace.left, DAY, settings.SMS_PER_PERSON_DAY, now),
    ]
    until = max((wait for wait in waits if wait is not None), default=None)
    if until is None:
        return None
    return Verdict(CAP) if turn.kind == Outbound.Kind.MENU else Verdict(CAP, until)


def _room(left: list[int], span: timedelta, limit: int, now: datetime) -> datetime | None:
    """When one more fits in the span; None if it does now, or if there is no limit (0)."""
    counted = _since(left, now - span)
    if limit <= 0 or len(counted) < limit:
        return None
    return datetime.fromtimestamp(counted[-limit] + 1, tz=now.tzinfo) + span


def _since(left: list[int], moment: datetime) -> list[int]:
    return [at for at in left if at > moment.timestamp()]
