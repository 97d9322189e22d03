"""What may leave the vault as a figure, and over which period (DESIGN §4: releases, zero included)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from core.periods import Quarter
from psea.enums import Width
from psea.models import Release


@dataclass(frozen=True)
class Fraction:
    """A numerator, its denominator, and the ids that were counted (they stay in the vault)."""

    numerator: int
    denominator: int
    ids: tuple[str, ...] = ()


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


def windows_closed_by(closed: Quarter, plan: tuple[date, date] | None) -> list[Window]:
    """The periods that end with a quarter, from the narrowest to the widest."""
    windows = [Window(Width.QUARTER, closed.first_day, closed.last_day)]
    if closed.number % 2 == 0:
        windows.append(Window(Width.HALF_YEAR, closed.previous.first_day, closed.last_day))
    if closed.number == 4:
        windows.append(Window(Width.YEAR, Quarter(closed.year, 1).first_day, closed.last_day))
    if plan is not None and plan[1] == closed.last_day:
        windows.append(Window(Width.PLAN, plan[0], plan[1]))
    return windows


def reaches_threshold(numerator: int, denominator: int) -> bool:
    """Whether numerator, denominator and their difference each reach RELEASE_THRESHOLD."""
    threshold: int = settings.RELEASE_THRESHOLD
    return min(numerator, denominator, denominator - numerator) >= threshold


def may_be_published(figure: Fraction, window: Window, published: Sequence[Release]) -> bool:
    """Whether a figure may be read, alone and beside everything published before.

    Published periods inside the window can be subtracted: what is left must reach the threshold too. A
    published period that reaches out of the window could be cut by it in a way that nobody checked: refused.
    """
    if any(window.meets(row) and not window.holds(row) for row in published):
        return False
    if not reaches_threshold(figure.numerator, figure.denominator):
        return False
    inside = _outermost([row for row in published if window.holds(row)])
    numerator = figure.numerator - sum(row.numerator or 0 for row in inside)
    denominator = figure.denominator - sum(row.denominator or 0 for row in inside)
    return not inside or reaches_threshold(numerator, denominator)


def covers(published: Sequence[Release], window: Window) -> bool:
    """Whether published periods fill the window already, so that it would say nothing new."""
    inside = _outermost([row for row in published if window.holds(row)])
    days = sum((row.last_day - row.first_day).days + 1 for row in inside)
    return days == (window.last_day - window.first_day).days + 1


def _outermost(rows: Sequence[Release]) -> list[Release]:
    """Those that stand within no other of them."""
    return [row for row in rows if not any(row is not other and _within(row, other) for other in rows)]


def _within(row: Release, other: Release) -> bool:
    return other.first_day <= row.first_day and row.last_day <= other.last_day
