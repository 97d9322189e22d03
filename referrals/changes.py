"""What entered and what left the cohort of a period since a moment: counts, never rows.

Why a figure is not what it was. That a case was protected is nowhere in it: it stays a bare number, and says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from core.periods import Period
from feedback.enums import ClosedBecause, Lane
from feedback.models import Case
from feedback.statistics import ANY, About
from referrals.models import Referral
from referrals.querysets import NEVER_RECEIVED
from referrals.statistics import behind


@dataclass(frozen=True)
class Changes:
    """Cases entered late, found to be duplicates, found to be tests, recalled before anybody received them."""

    entered: int
    joined: int
    set_aside: int
    recalled: int


def changes_since(period: Period, since: datetime, scope: Collection[str] | None = None, about: About = ANY) -> Changes:
    """In: the period of a cohort, when its figure was frozen. Out: what was added to it and taken from it since."""
    of_case = Referral.objects.filter(
        case=OuterRef("pk"), first_sent_at__gte=period.start, first_sent_at__lt=period.end
    )
    known_then = Exists(of_case.filter(created_at__lte=since))
    was_there = Case.objects.filter(about.condition).filter(known_then)
    if scope is not None or about.is_narrow:
        was_there = was_there.filter(lane=Lane.ORDINARY)
    if scope is not None:
        was_there = was_there.filter(place__pcode__in=scope)
    tests = Q(is_test=True, closed_because=ClosedBecause.TEST, closed_at__gt=since)
    counted = Case.objects.filter(behind(period, scope, about).condition)
    return Changes(
        entered=counted.exclude(known_then).count(),
        joined=was_there.filter(merged_at__gt=since).count(),
        set_aside=was_there.filter(tests).count(),
        recalled=was_there.filter(Exists(of_case.filter(NEVER_RECEIVED, recalled_at__gt=since)))
        .exclude(pk__in=counted.values("pk"))
        .count(),
    )
