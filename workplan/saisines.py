"""Proposals to refer a matter to the country team: where the platform's own counts cross a trigger factor.

From counts of the ordinary lane, never from what anybody said; sealed and restricted matters are not in them
(`feedback.statistics`). No threshold is below the smallest cell that may be shown, so a proposal names nobody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from core.periods import Period
from directory.models import Place
from feedback.statistics import About, said_by
from workplan.enums import Breadth
from workplan.models import SetAside, TriggerFactor

REGION = 4  # letters of a region's P-code; a cercle's begins with it


@dataclass(frozen=True)
class Proposal:
    """One factor crossed, in one place (None: the whole country), by so many cases between two days."""

    factor: TriggerFactor
    place: Place | None
    count: int
    first: date
    last: date


def proposals(today: date | None = None) -> list[Proposal]:
    """What is to be looked at today, the largest first. Whoever set one aside is not asked again before its day."""
    day = today or timezone.localdate()
    places = {place.pcode: place for place in Place.objects.select_related("parent")}
    aside = set(SetAside.objects.filter(until__gte=day).values_list("factor", "place"))
    found = []
    for factor in TriggerFactor.objects.filter(ended_at=None).select_related("category"):
        first = day - timedelta(days=factor.days - 1)
        for pcode, count in _counts(factor, Period.between(first, day)).items():
            place = places.get(pcode)
            key = (factor.pk, place.pk if place else None)
            if count >= factor.threshold and key not in aside:
                found.append(Proposal(factor, place, count, first, day))
    return sorted(found, key=lambda one: (-one.count, one.factor.title))


def _counts(factor: TriggerFactor, period: Period) -> dict[str, int]:
    """How many by P-code; "" for the whole country. What has no place counts for the country alone."""
    about = About(category=factor.category_id or "")
    counts: dict[str, int] = defaultdict(int)
    for (pcode,), count in said_by("place", period=period, about=about).items():
        if factor.breadth == Breadth.COUNTRY:
            counts[""] += count
        elif factor.breadth == Breadth.REGION and pcode:
            counts[pcode[:REGION]] += count
        elif factor.breadth == Breadth.CERCLE and len(pcode) > REGION:
            counts[pcode] += count
    return dict(counts)
