"""What the vault has published of a measure, within a plan: quarters, and the wider periods that stood in for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.periods import Period, Quarter
from psea import statistics as vault
from psea.enums import Width
from workplan.values import Value

WIDTHS = [Width.QUARTER, Width.HALF_YEAR, Width.YEAR, Width.PLAN]


@dataclass(frozen=True)
class Line:
    """One period of the ledger, in words. `value` None: closed, and not published."""

    label: str
    first: Quarter
    last: Quarter
    value: Value | None
    released: vault.Released

    def covers(self, quarter: Quarter) -> bool:
        """Whether the quarter is within it."""
        return self.first <= quarter <= self.last


def lines_of(measure: str, years: Sequence[int]) -> list[Line]:
    """Every closed quarter of these years, and every wider period that was published, oldest first (one query)."""
    lines = (_line(each) for each in vault.releases(measure) if {each.first_day.year, each.last_day.year} <= set(years))
    shown = [line for line in lines if line.released.width == Width.QUARTER or line.value is not None]
    return sorted(shown, key=lambda line: (line.last, WIDTHS.index(Width(line.released.width))))


def condensed(lines: Sequence[Line]) -> list[Line]:
    """For a table: quarters in a row of which nothing was published are one line."""
    found: list[Line] = []
    for line in lines:
        before = found[-1] if found else None
        if before is not None and before.value is None and line.value is None and before.last.next == line.first:
            label = _("chaque trimestre, de %(first)s à %(last)s") % {"first": before.first, "last": line.last}
            found[-1] = replace(line, label=label, first=before.first)
        else:
            found.append(line)
    return found


def latest_line(lines: Sequence[Line]) -> Line | None:
    """The latest published period, the narrowest of those that end together; else the last closed one; None if none."""
    published = [line for line in lines if line.value is not None]
    if published:
        end = max(line.last for line in published)
        return next(line for line in published if line.last == end)
    return lines[-1] if lines else None


def released_for(measure: str, period: Period) -> vault.Released | None:
    """The line of the ledger that covers exactly this period; None before its quarter is closed."""
    lines = (line for line in vault.releases(measure) if Period.between(line.first_day, line.last_day) == period)
    return next(lines, None)


def _line(released: vault.Released) -> Line:
    first, last = Quarter.of(released.first_day), Quarter.of(released.last_day)
    value = Value(numerator=released.numerator, denominator=released.denominator) if released.is_published else None
    return Line(_label(released.width, first, last), first, last, value, released)


def _label(width: str, first: Quarter, last: Quarter) -> str:
    if width == Width.QUARTER:
        return str(first)
    if width == Width.HALF_YEAR:
        return _("S%(number)s %(year)s") % {"number": 1 if first.number == 1 else 2, "year": first.year}
    if width == Width.YEAR:
        return _("année %(year)s") % {"year": first.year}
    return _("plan entier, %(first)s à %(last)s") % {"first": first, "last": last}
