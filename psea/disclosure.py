"""What may leave the vault as a figure, and over which period (DESIGN §4: releases, zero included).

Five rules, each against one way of working a small number out: a figure and what is left of it beside all that was
published of the same cells must be large; what is left must not say that each quarter in it holds all that a held-back
quarter can hold; cases beside a public count are rounded over longer periods; measures of the same cases share one
ledger; and the share of survivors among all referred to the same services takes its numerator from what is published
of survivors, and guards what it adds, the referrals of the other lanes, as cases are guarded beside a public count.
`bench/disclosure.py` tries to get around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from django.conf import settings

from core.periods import Quarter, quarters
from psea.enums import Width
from psea.models import Release

# The measure that counts survivors; those who were referred to the same services from the other lanes; every other
# gives a context, and counts cases.
OF_SURVIVORS = "psea_referred_to_victim_services"
OVER_SERVICE_REFERRALS = "psea_over_service_referrals"


@dataclass(frozen=True)
class Fraction:
    """A numerator, its denominator, and the ids that were counted (they stay in the vault).

    `outside`: how many of the denominator anybody may know from elsewhere, the numerator alone being guarded; None
    when both sides are.
    """

    numerator: int
    denominator: int
    ids: tuple[str, ...] = ()
    outside: int | None = None

    @property
    def difference(self) -> int:
        return self.denominator - self.numerator


@dataclass(frozen=True)
class Window:
    """A period of whole quarters that may be released; first and last day are both in it."""

    width: Width
    first_day: date
    last_day: date

    def holds(self, row: Release) -> bool:
        return self.first_day <= row.first_day and row.last_day <= self.last_day

    def meets(self, row: Release) -> bool:
        return self.first_day <= row.last_day and row.first_day <= self.last_day

    def is_of(self, row: Release) -> bool:
        return (self.first_day, self.last_day) == (row.first_day, row.last_day)

    @property
    def quarters(self) -> list[Window]:
        """The quarters it is made of."""
        return [_quarter(one) for one in quarters(Quarter.of(self.first_day), Quarter.of(self.last_day))]


Count: TypeAlias = Callable[[Window], Fraction]


def windows_closed_by(closed: Quarter, plan: tuple[date, date] | None) -> list[Window]:
    """The periods that end with a quarter, from the narrowest to the widest."""
    windows = [_quarter(closed)]
    if closed.number % 2 == 0:
        windows.append(Window(Width.HALF_YEAR, closed.previous.first_day, closed.last_day))
    if closed.number == 4:
        windows.append(Window(Width.YEAR, Quarter(closed.year, 1).first_day, closed.last_day))
    if plan is not None and plan[1] == closed.last_day:
        windows.append(Window(Width.PLAN, plan[0], plan[1]))
    return windows


def lines_of_closing(
    closed: Quarter, plan: tuple[date, date] | None, measures: Mapping[str, Count], ledger: Sequence[Release]
) -> list[tuple[Release, Fraction]]:
    """What closing a quarter adds to the ledger: rows not yet saved, and the exact figure that each stands for.

    A narrower period of every measure comes before a wider one of any, since they share cells.
    """
    lines: list[tuple[Release, Fraction]] = []
    for window in windows_closed_by(closed, plan):
        for measure, count in measures.items():
            known = [*ledger, *(row for row, _figure in lines)]
            own = [row for row in known if row.measure == measure]
            if any(window.is_of(row) for row in own):
                continue
            if window.width != Width.QUARTER and covers([row for row in own if row.is_published], window):
                continue
            figure = count(window)
            if measure == OVER_SERVICE_REFERRALS:
                survivors = survivors_told(window, known)
                figure = replace(figure, denominator=figure.numerator + (survivors or 0), outside=survivors or 0)
            published = [row for row in known if row.is_published and counts_the_same(row.measure, measure)]
            lines.append((_line(measure, window, figure, published, count), figure))
    return lines


def counts_the_same(one: str, other: str) -> bool:
    """Whether two measures guard the same cells: survivors, referrals of the other lanes, or the vault's cases."""
    return _cells(one) == _cells(other)


def survivors_told(window: Window, ledger: Sequence[Release]) -> int | None:
    """How many survivors were referred to services, by what is published of them; None where that does not fill the
    window.
    """
    published = [row for row in ledger if row.is_published and row.measure == OF_SURVIVORS]
    inside = _outermost([row for row in published if window.holds(row)])
    return sum(row.numerator or 0 for row in inside) if covers(published, window) else None


def reaches_threshold(numerator: int, denominator: int) -> bool:
    """Whether numerator, denominator and their difference each reach RELEASE_THRESHOLD."""
    threshold: int = settings.RELEASE_THRESHOLD
    return min(numerator, denominator, denominator - numerator) >= threshold


def may_be_published(figure: Fraction, window: Window, published: Sequence[Release], count: Count) -> bool:
    """Whether a figure may be read, alone and beside everything published before of the same cells.

    `count`: the same figure of another period, as it would be counted now: what was published may have been corrected
    since. A published period that reaches out of the window could be cut by it in a way that nobody checked: refused.
    """
    if any(window.meets(row) and not window.holds(row) for row in published):
        return False
    if not reaches_threshold(figure.numerator, figure.denominator):
        return False
    if same := [row for row in published if window.is_of(row)]:
        return all(guarded(row).numerator == rounded(figure, window).numerator for row in same)
    inside = _outermost([row for row in published if window.holds(row)])
    by_ledger = [guarded(row) for row in inside]
    as_of_now = [count(Window(Width(row.width), row.first_day, row.last_day)) for row in inside]
    return all(_is_large(_left(figure, known)) for known in (by_ledger, as_of_now)) and _has_room(
        figure, window, inside, count
    )


def rounded(figure: Fraction, window: Window) -> Fraction:
    """As it is published: the cases of a period wider than a quarter to a multiple of RELEASE_ROUNDING, where anybody
    can count the rest; all else exactly. What is public stays exact beside it: rounding that too would say more.
    """
    step: int = settings.RELEASE_ROUNDING
    if figure.outside is None or window.width == Width.QUARTER or step < 2:
        return figure
    numerator = (2 * figure.numerator + step) // (2 * step) * step
    return replace(figure, numerator=numerator, denominator=numerator + figure.difference)


def guarded(row: Release) -> Fraction:
    """What a published row says, with the cells that it guards as the numerator."""
    numerator, denominator = row.numerator or 0, row.denominator or 0
    if row.measure == OVER_SERVICE_REFERRALS:
        return Fraction(denominator - numerator, denominator, outside=numerator)
    return Fraction(numerator, denominator)


def covers(published: Sequence[Release], window: Window) -> bool:
    """Whether published periods fill the window already, so that it would say nothing new."""
    inside = _outermost([row for row in published if window.holds(row)])
    days = sum((row.last_day - row.first_day).days + 1 for row in inside)
    return days == (window.last_day - window.first_day).days + 1


def _line(measure: str, window: Window, figure: Fraction, published: Sequence[Release], count: Count) -> Release:
    is_published = may_be_published(figure, window, published, count)
    shown = rounded(figure, window)
    numerator = shown.difference if measure == OVER_SERVICE_REFERRALS else shown.numerator
    return Release(
        measure=measure,
        width=window.width,
        first_day=window.first_day,
        last_day=window.last_day,
        is_published=is_published,
        numerator=numerator if is_published else None,
        denominator=shown.denominator if is_published else None,
    )


def _cells(measure: str) -> str:
    return measure if measure in (OF_SURVIVORS, OVER_SERVICE_REFERRALS) else "cases"


def _left(figure: Fraction, known: Iterable[Fraction]) -> Fraction:
    """What a figure says beyond those that are known within it."""
    rows = list(known)
    return replace(
        figure,
        numerator=figure.numerator - sum(row.numerator for row in rows),
        denominator=figure.denominator - sum(row.denominator for row in rows),
    )


def _is_large(left: Fraction) -> bool:
    """The part that only the vault knows reaches the threshold: a difference that anybody may count is no secret."""
    threshold: int = settings.RELEASE_THRESHOLD
    return left.numerator >= threshold and (left.outside is not None or left.difference >= threshold)


def _has_room(figure: Fraction, window: Window, inside: Sequence[Release], count: Count) -> bool:
    """Whether what is left can be shared out among the quarters held back in ways that differ enough.

    Where everybody knows the difference, a quarter held back says that it is below the threshold; two of them whose
    sum is 18 would be 9 and 9. Half a threshold must stay open. Empty quarters are not counted on: people may know
    when the platform began.
    """
    if figure.outside is None or window.width == Width.QUARTER:
        return True
    below: int = settings.RELEASE_THRESHOLD - 1
    held_back = [one for one in window.quarters if not any(one.meets(row) for row in inside)]
    counts = [count(one).numerator for one in held_back]
    most = below * sum(number > 0 for number in counts)
    left = sum(counts)
    return left > most or left <= most - settings.RELEASE_THRESHOLD // 2


def _quarter(one: Quarter) -> Window:
    return Window(Width.QUARTER, one.first_day, one.last_day)


def _outermost(rows: Sequence[Release]) -> list[Release]:
    """Those that stand within no other of them; one of those that cover the same days."""
    by_days = list({(row.first_day, row.last_day): row for row in rows}.values())
    return [row for row in by_days if not any(row is not other and _within(row, other) for other in by_days)]


def _within(row: Release, other: Release) -> bool:
    return other.first_day <= row.first_day and row.last_day <= other.last_day
