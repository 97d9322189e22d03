"""What a measure is: a figure that the platform computes, with all that is needed to open it and believe it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import override
from django_stubs_ext import StrOrPromise

from core.periods import Period
from feedback.statistics import ANY, About
from feedback.tallied import Behind
from workplan.enums import Kind
from workplan.suppression import is_small
from workplan.values import Value

# What a measure over cases can be narrowed to; each but the scope can break it down too, and so can the place.
ASKED_OF_CASES = ("scope", "channel", "category", "sex", "age_group", "population_status", "language")
PARTS_OF_CASES = ("place", *ASKED_OF_CASES[1:])
COUNTED = frozenset({Kind.COUNT, Kind.COUNT_WITH_SHARE, Kind.PERCENT})


@dataclass(frozen=True)
class Over:
    """Which cases a figure is over: P-codes of their places (None: the whole country), and what was said of them."""

    places: frozenset[str] | None = None
    about: About = ANY

    @property
    def is_narrow(self) -> bool:
        """Whether a count could be of a few people: anything beyond the period is asked."""
        return self.places is not None or self.about.is_narrow


EVERYTHING = Over()


@dataclass(frozen=True)
class Beside:
    """A figure shown beside the measure: a fraction, or a count when there is no denominator."""

    label: StrOrPromise
    numerator: int
    denominator: int | None = None

    @property
    def people(self) -> tuple[int, ...]:
        """The counts that it gives away."""
        return (self.numerator,) if self.denominator is None else _told_by(self.numerator, self.denominator)


@dataclass(frozen=True)
class Measured:
    """What a measure found: the value, and what stands beside it.

    `people`: the counts of cases that the value gives away, which are not shown while one is small and narrow.
    """

    value: Value
    beside: tuple[Beside, ...] = ()
    people: tuple[int, ...] = ()
    is_withheld: bool = False

    @property
    def published(self) -> Measured:
        """The same, or withheld where it tells of a few people; what stands beside it likewise."""
        if any(is_small(count) for count in self.people):
            return Measured(Value(), is_withheld=True)
        kept = tuple(each for each in self.beside if not any(is_small(count) for count in each.people))
        return replace(self, beside=kept)


def share(numerator: int, denominator: int, number: int | None = None, beside: tuple[Beside, ...] = ()) -> Measured:
    """A fraction, with the count it is a share of if there is one."""
    return Measured(Value(number, numerator, denominator), beside, _told_by(numerator, denominator))


def _told_by(numerator: int, denominator: int) -> tuple[int, ...]:
    return numerator, denominator, denominator - numerator


Compute = Callable[[Period, Over, datetime | None], Measured | None]
Split = Callable[[str, Period, Over, datetime | None], Mapping[str, int]]


@dataclass(frozen=True)
class Measure:
    """`compute(period, over, cutoff)` gives None when the vault has not published that period.

    `kinds`: the kinds of indicator whose value it gives. `filters`: what it may be narrowed to. `parts`: what `split`
    breaks its count down by. `behind`: the cases behind the figure; None where it is not made of cases that anybody may
    list. `adds_up`: quarters make a year by adding.
    """

    name: str
    version: str
    title: StrOrPromise
    definition: StrOrPromise
    numerator: StrOrPromise
    denominator: StrOrPromise
    exclusions: StrOrPromise
    compute: Compute
    kinds: frozenset[Kind] = frozenset({Kind.PERCENT})
    filters: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    split: Split | None = None
    behind: Callable[[Period, Over], Behind] | None = None
    adds_up: bool = True
    in_vault: bool = False

    @property
    def smallest_cell(self) -> int:
        """Below this, a number is not shown beside others that it could be told from (facts.md §4; DESIGN §4)."""
        return int(settings.RELEASE_THRESHOLD if self.in_vault else settings.SMALL_CELL)

    def said_in(self, language: str) -> dict[str, str]:
        """Its title, definition, numerator, denominator and exclusions in "fr" or "en"."""
        with override(language):
            return {name: str(getattr(self, name)) for name in WORDS}


WORDS = ("title", "definition", "numerator", "denominator", "exclusions")


def cohort_cutoff(period: Period) -> datetime:
    """When the answers of a closed quarter are counted: its end and 30 days (COHORT_CUTOFF_DAYS)."""
    return period.end + timedelta(days=settings.COHORT_CUTOFF_DAYS)


def digest_of(ids: Iterable[str]) -> str:
    """SHA-256 over the counted ids, in order, so that a figure can be compared with a recount; "" for none."""
    text = "\n".join(sorted(ids))
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
