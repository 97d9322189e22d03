"""The twelve months that end with a quarter, as far as they have come, as the figures name them ("2022-03")."""

from __future__ import annotations

from django.utils import timezone

from core.formats import format_month
from core.periods import Period, Quarter


def year_to(quarter: Quarter) -> Period:
    """From the first day of the fourth quarter before to the last day of this one."""
    return Period.between(Quarter(quarter.year - 1, quarter.number).next.first_day, quarter.last_day)


def months_to(quarter: Quarter) -> list[str]:
    """The twelve, oldest first; those that have not begun are left out: nothing yet is not zero."""
    last = quarter.year * 12 + quarter.last_day.month - 1
    names = [f"{month // 12}-{month % 12 + 1:02}" for month in range(last - 11, last + 1)]
    return [name for name in names if name <= f"{timezone.localdate():%Y-%m}"]


def month_name(month: str) -> str:
    """ "2022-03" as "mars 22"."""
    year, _dash, number = month.partition("-")
    return format_month(int(year), int(number))
