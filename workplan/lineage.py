"""From a figure to what it counted, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from core.periods import Quarter
from directory.models import User
from feedback.models import Case
from workplan.measures import MEASURES, Measured, cohort_cutoff, digest_of
from workplan.models import Indicator

Row = TypeVar("Row")


@dataclass(frozen=True)
class Counted:
    """`unlisted`: how many counted cases the reader may not open; None when that is too few to say."""

    cases: Sequence[Case]
    has_unlisted: bool
    unlisted: int | None


@dataclass(frozen=True)
class Lineage:
    """A figure as of its cut-off, and what it counted."""

    measured: Measured | None
    cutoff: datetime | None
    counted: Counted
    digest: str


def lineage_of(indicator: Indicator, quarter: Quarter, user: User) -> Lineage:
    """In: a computed indicator, a quarter, the reader. Out: the figure at its cut-off, the cases they may open."""
    measure = MEASURES[indicator.measure]
    cutoff = cohort_cutoff(quarter.period)
    stop = cutoff if cutoff <= timezone.now() else None
    ids = measure.counted(quarter.period, None, stop) if measure.counted else []
    measured = measure.compute(quarter.period, None, stop)
    return Lineage(measured, stop, counted_of(ids, user), digest_of(ids))


def counted_of(ids: Collection[str], user: User) -> Counted:
    """In: ids of counted cases, the reader. Out: those they may open, and whether there are others."""
    visible = list(
        Case.objects.visible_to(user)
        .filter(pk__in=ids)
        .select_related("category", "place")
        .order_by("-received_at")
        .distinct()
    )
    listed = listable(visible, len(ids))
    hidden = len(ids) - len(visible)
    return Counted(listed, len(listed) < len(ids), hidden if hidden >= settings.SMALL_CELL else None)


def listable(visible: Sequence[Row], counted: int) -> Sequence[Row]:
    """What of the visible cases is listed beside the total: a few hidden ones must not show by subtraction."""
    hidden = counted - len(visible)
    if hidden == 0 or hidden >= settings.SMALL_CELL:
        return visible
    return visible[: max(0, counted - settings.SMALL_CELL)]
