"""The twelve months that end with a quarter, as far as they have come, as the figures name them ("2022-03"); and its
weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone

from core.formats import format_month
from core.periods import Period, Quarter


def year_to(quarter: Quarter) -> Period:
    """From the first day of the fourth quarter before to the last day of this one."""
    return Period.between(Quarter(quarter.year - 1, quarter.number).next.first_day, quarter.last_day)


def months_to(quarter: Quarter) -> list[str]:
    """The twelve, oldest first; those that have not begun are left out: nothing yet is not zero."""
    return [name for name in last_months(quarter, 12) if name <= f"{timezone.localdate():%Y-%m}"]


def months_of(quarter: Quarter) -> list[str]:
    """Those of the quarter that have begun."""
    return by_quarter(months_to(quarter))[-1]


def by_quarter(months: Sequence[str]) -> list[list[str]]:
    """The same, quarter by quarter."""
    return [list(names) for _quarter, names in groupby(months, lambda name: (int(name[5:]) + 2) // 3)]


def last_months(quarter: Quarter, count: int) -> list[str]:
    """So many that end with the quarter, oldest first, begun or not."""
    last = quarter.year * 12 + quarter.last_day.month - 1
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(last - count + 1, last + 1)]


def month_name(month: str) -> str:
    """ "2022-03" as "mars 22"."""
    year, _dash, number = month.partition("-")
    return format_month(int(year), int(number))


@dataclass(frozen=True)
class Week:
    """From its Monday to its Sunday, or as much of it as lies within the quarter. Named by its first day."""

    first: date
    last: date

    @property
    def label(self) -> str:
        return f"{self.first.day}/{self.first.month}"

    @property
    def name(self) -> str:
        return f"{self.first:%d/%m/%Y} – {self.last:%d/%m/%Y}"

    @property
    def days(self) -> list[str]:
        """Each, as figures name it ("2022-03-31")."""
        return [f"{self.first + timedelta(days=n):%Y-%m-%d}" for n in range((self.last - self.first).days + 1)]


def weeks_of(quarter: Quarter) -> list[Week]:
    """Every week of the quarter that has begun, oldest first; the first and the last may be cut."""
    found, day = [], quarter.first_day
    while day <= min(quarter.last_day, timezone.localdate()):
        last = min(day + timedelta(days=6 - day.weekday()), quarter.last_day)
        found.append(Week(day, last))
        day = last + timedelta(days=1)
    return found
