"""How long an answer usually takes, measured each night and said in receipts, in words, the same in every lane.

What still waits is counted as waiting (Kaplan and Meier's estimate): the figure of answered cases alone would be
shorter, the more people are left without an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Min, Q, QuerySet, TextChoices
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.reading_once import read_once
from feedback.enums import AnswerKind, CaseState
from feedback.models import Case, UsualDelay

DAY_SECONDS = 86_400
# A measure older than that says nothing of today: the nightly job does not run.
STANDS_FOR = timedelta(days=7)


class Delay(TextChoices):
    """What a delay is called, up to so many days (`UP_TO`)."""

    DAY = "day", gettext_lazy("un jour")
    DAYS = "days", gettext_lazy("quelques jours")
    WEEK = "week", gettext_lazy("environ une semaine")
    TWO_WEEKS = "two_weeks", gettext_lazy("environ deux semaines")
    THREE_WEEKS = "three_weeks", gettext_lazy("environ trois semaines")
    MONTH = "month", gettext_lazy("environ un mois")
    MORE = "more", gettext_lazy("plus d’un mois")


UP_TO = {Delay.DAY: 1, Delay.DAYS: 4, Delay.WEEK: 9, Delay.TWO_WEEKS: 17, Delay.THREE_WEEKS: 24, Delay.MONTH: 35}


def measure_usual_delay(now: datetime) -> UsualDelay:
    """Measures and keeps it, once for each day: what was said lately, until its first answer."""
    waits = list(_waits(now))
    found = {
        "cases": len(waits),
        "median_seconds": reached_by(waits, 0.5),
        "ninth_seconds": reached_by(waits, 0.9),
    }
    delay, _created = UsualDelay.objects.update_or_create(measured_on=timezone.localdate(now), defaults=found)
    return delay


def usual_delay(now: datetime | None = None) -> Delay | None:
    """The bucket of the median; None while too few were counted, or when nothing honest can be said."""
    known = _known(now or timezone.now())
    return bucket_of(known.median_seconds) if known is not None and known.median_seconds is not None else None


def in_a_sentence() -> str:
    """The usual delay as a public page says it, "" while it is not known."""
    known, usual = _known(timezone.now()), usual_delay()
    if known is None or usual is None:
        return ""
    if known.ninth_seconds is not None and bucket_of(known.ninth_seconds) == usual:
        return _("La réponse prend d’habitude %(usual)s.") % {"usual": usual.label}
    return _("La réponse prend d’habitude %(usual)s ; parfois plus.") % {"usual": usual.label}


def bucket_of(seconds: int) -> Delay:
    """What so many seconds are called."""
    return next((delay for delay, days in UP_TO.items() if seconds <= days * DAY_SECONDS), Delay.MORE)


def reached_by(waits: Iterable[tuple[int, bool]], share: float) -> int | None:
    """After how many seconds that share had an answer; None if it is not reached yet.

    In: for each case how long it took, or has waited so far, and whether it was answered.
    """
    answered: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for seconds, is_answered in waits:
        ended[seconds] += 1
        answered[seconds] += is_answered
    waiting, still = sum(ended.values()), 1.0
    for seconds in sorted(ended):
        still *= 1 - answered[seconds] / waiting
        waiting -= ended[seconds]
        if still <= 1 - share + 1e-9:
            return seconds
    return None


def _known(now: datetime) -> UsualDelay | None:
    found = _latest_since(timezone.localdate(now) - STANDS_FOR)
    return found if found is not None and found.cases >= settings.USUAL_DELAY_CASES else None


@read_once
def _latest_since(day: date) -> UsualDelay | None:
    return UsualDelay.objects.filter(measured_on__gt=day).first()


def _waits(now: datetime) -> Iterable[tuple[int, bool]]:
    for said, answered in _cases(now).values_list("said", "first_answer"):
        yield int(((answered or now) - said).total_seconds()), answered is not None


def _cases(now: datetime) -> QuerySet[Any]:
    """Said lately, ordinary and restricted; not what wanted no answer."""
    given = Min("answers__given_at", filter=~Q(answers__kind=AnswerKind.UNSUCCESSFUL))
    return (
        Case.objects.counted()
        .exclude(state=CaseState.PROTECTED)
        .annotate(said=Coalesce("said_at", "received_at"), first_answer=given)
        .filter(said__gt=now - timedelta(days=settings.USUAL_DELAY_DAYS), said__lte=now)
        .exclude(state=CaseState.CLOSED, first_answer=None)
        .order_by()
    )
