"""Signals: what rose beyond what is usual, and what several organisations are told about in one place.

From counts of the ordinary lane by month. A signal says where to look and never how many: its numbers are in the
tables, where small ones are withheld, and one about a region stands only where the table of categories by region
publishes that cell, so that it gives nothing back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from django.conf import settings
from django.core.cache import cache

from core.formats import alphabetical
from core.periods import Period, Quarter
from directory.models import Place
from feedback.models import Category
from feedback.statistics import said_by
from referrals.shared_matters import shared_matters
from workplan.dashboard.months import last_months, month_name
from workplan.suppression import publishable

# What a month is held against: the mean of the months before it, plus so many standard deviations. Of few months the
# deviation says little: it is taken to be at least that of counts that come by chance (the root of their mean).
MONTHS_BEFORE, DEVIATIONS = 6, 3
# "Several": with fewer, one organisation would learn of another's matters.
ORGANISATIONS = 3
COUNTRY = ""
# Twice the time between two rounds of the job, so that nobody waits for the two quarters it counts.
KEPT_SECONDS = 2 * 3600
Counts = Mapping[tuple[str, str], Mapping[str, int]]


@dataclass(frozen=True)
class Rise:
    """A month in which a category was far above its own past; `place` "" for the whole country.

    `times`: how many times the usual, at most 5; 0 where nothing was usual.
    """

    category: str
    place: str
    month: str
    times: int


@dataclass(frozen=True)
class Alike:
    """A category that so many organisations were asked about, in one region."""

    category: str
    place: str
    organisations: int


@dataclass(frozen=True)
class Signals:
    rises: Sequence[Rise]
    alike: Sequence[Alike]


def signals(quarter: Quarter) -> Signals:
    """In: a quarter. Out: what its months show, as it was counted within the last two hours."""
    known: Signals | None = cache.get(_key(quarter))
    return known if known is not None else keep_signals(quarter)


def keep_signals(quarter: Quarter) -> Signals:
    """The same, counted now, and kept for whoever asks next."""
    found = find_signals(quarter)
    cache.set(_key(quarter), found, timeout=KEPT_SECONDS)
    return found


def _key(quarter: Quarter) -> str:
    return f"signals-{quarter.code}"


def find_signals(quarter: Quarter) -> Signals:
    """The same, counted now, and not kept: every referral of the quarter is read."""
    labels = {code: str(label) for code, label in Category.objects.values_list("code", "label")}
    names = dict(Place.objects.regions().values_list("pcode", "name"))
    rises = [
        Rise(labels.get(code, code), names.get(region, region), month_name(month), times)
        for code, region, month, times in _rises(quarter)
    ]
    shared = shared_matters(quarter.period, organisations=ORGANISATIONS, cases=settings.SMALL_CELL)
    region_of = Place.objects.region_codes()
    by_region: dict[tuple[str, str], int] = {}
    for one in shared:
        key = (labels.get(one.category, one.category), names.get(region_of[one.pcode], ""))
        by_region[key] = max(by_region.get(key, 0), one.organisations)
    alike = [Alike(*key, count) for key, count in by_region.items() if key[1]]
    return Signals(
        sorted(rises, key=lambda one: (-one.times, alphabetical(one.category), one.place, one.month)),
        sorted(alike, key=lambda one: (-one.organisations, alphabetical(one.category), one.place)),
    )


def is_rise(count: int, before: Sequence[int]) -> bool:
    """Whether a month is beyond what is usual: enough cases to be shown, and far above the months before it."""
    usual = mean(before)
    spread = max(stdev(before), usual**0.5, 1.0)
    return bool(count >= settings.SMALL_CELL and count > usual + DEVIATIONS * spread)


def _rises(quarter: Quarter) -> list[tuple[str, str, str, int]]:
    months = last_months(quarter, MONTHS_BEFORE + 3)
    counts = _counts(quarter)
    published = _published(counts, months[-3:])
    lived = {month for (_code, region), by_month in counts.items() if region == COUNTRY for month in by_month}
    found = []
    for (code, region), by_month in counts.items():
        if region != COUNTRY and published.get((code, region)) is None:
            continue
        for place in range(MONTHS_BEFORE, len(months)):
            past = months[place - MONTHS_BEFORE : place]
            count, before = by_month.get(months[place], 0), [by_month.get(month, 0) for month in past]
            # A month in which nobody said anything at all is one in which nobody could.
            if lived.issuperset(past) and is_rise(count, before):
                usual = mean(before)
                found.append((code, region, months[place], min(5, round(count / usual)) if usual >= 1 else 0))
    return found


def _counts(quarter: Quarter) -> Counts:
    """(category, region) → month → count; the region "" is the whole country. What nobody sorted yet is no category."""
    first = last_months(quarter, MONTHS_BEFORE + 3)[0]
    begin = Quarter(int(first[:4]), (int(first[5:]) + 2) // 3)
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    period = Period.between(begin.first_day, quarter.last_day)
    region_of = Place.objects.region_codes()
    for (month, code, pcode), count in said_by("month", "category", "place", period=period).items():
        if code:
            found[code, COUNTRY][month] += count
            if region := region_of[pcode]:
                found[code, region][month] += count
    return found


def _published(counts: Counts, months: Sequence[str]) -> Mapping[tuple[str, str], int | None]:
    """The cells of the quarter's table of categories by region, as the dashboard publishes them."""
    cells = {key: sum(by_month.get(month, 0) for month in months) for key, by_month in counts.items() if key[1]}
    codes, regions = sorted({code for code, _region in cells}), sorted({region for _code, region in cells})
    return publishable(cells, codes, regions).values
