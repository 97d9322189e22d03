"""Proposals to refer a matter to the country team: where the platform's own counts cross a trigger factor.

From counts of the ordinary lane, never from what anybody said; sealed and restricted matters are not in them
(`feedback.statistics`). No threshold is below the smallest cell that may be shown, so a proposal names nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import format_date
from core.periods import Period
from directory.models import Place
from feedback.models import Category
from feedback.statistics import About, said_by
from workplan.enums import Breadth
from workplan.models import SetAside, TriggerFactor


@dataclass(frozen=True)
class Proposal:
    """One factor crossed, in one place (None: the whole country), by so many cases between two days."""

    factor: TriggerFactor
    place: Place | None
    count: int
    first: date
    last: date

    @property
    def in_words(self) -> str:
        """What was reached, never how many there were."""
        said = {"least": self.factor.threshold, "of": self.factor.counted}
        days = {"first": format_date(self.first), "last": format_date(self.last)}
        return _("Au moins %(least)s dossiers (%(of)s), du %(first)s au %(last)s.") % (said | days)


def proposals(today: date | None = None) -> list[Proposal]:
    """What is to be looked at today, the largest first. Whoever set one aside is not asked again before its day."""
    day = today or timezone.localdate()
    places = {place.pcode: place for place in Place.objects.select_related("parent")}
    aside = set(SetAside.objects.filter(until__gte=day).values_list("factor", "place"))
    found = []
    for factor in TriggerFactor.objects.filter(ended_at=None).select_related("category"):
        first = day - timedelta(days=factor.days - 1)
        for pcode, count in _counts(factor, Period.between(first, day), places).items():
            place = places.get(pcode)
            key = (factor.pk, place.pk if place else None)
            if count >= factor.threshold and key not in aside:
                found.append(Proposal(factor, place, count, first, day))
    return sorted(found, key=lambda one: (-one.count, one.factor.title))


def _counts(factor: TriggerFactor, period: Period, places: Mapping[str, Place]) -> dict[str, int]:
    """How many by P-code; "" for the whole country. What has no place counts for the country alone."""
    counts: dict[str, int] = defaultdict(int)
    for pcode, count in _said(factor, period):
        place = places.get(pcode)
        if factor.breadth == Breadth.COUNTRY:
            counts[""] += count
        elif place and factor.breadth == Breadth.REGION:
            counts[place.region.pcode] += count
        elif place and factor.breadth == Breadth.CERCLE and place.parent_id:
            counts[pcode] += count
    return dict(counts)


def _said(factor: TriggerFactor, period: Period) -> Iterator[tuple[str, int]]:
    """P-codes, and how many cases there: of its category, or of all that are grave enough."""
    if factor.level is None:
        about = About(category=factor.category_id or "")
        yield from ((pcode, count) for (pcode,), count in said_by("place", period=period, about=about).items())
        return
    grave = set(Category.objects.filter(level__gte=factor.level).values_list("pk", flat=True))
    for (pcode, category), count in said_by("place", "category", period=period).items():
        if category in grave:
            yield pcode, count
