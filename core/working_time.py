"""Deadlines in working hours: eight a day, Monday to Friday, without the country's public holidays.

Staff can correct a day (`DayCorrection`). Urgent clocks run round the clock and do not come here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from core.models import DayCorrection
from core.reading_once import read_once

OPENS, CLOSES = time(8), time(16)
HOURS_A_DAY = CLOSES.hour - OPENS.hour


@dataclass(frozen=True)
class SpecialDay:
    """A public holiday, or a day that staff corrected. `holiday`: its name by the calendar, "" for what has none."""

    day: date
    holiday: str
    is_worked: bool
    correction: DayCorrection | None


def special_days(year: int) -> list[SpecialDay]:
    """Those of a year in order, as deadlines count them; holidays are named in the active language."""
    named = _holiday_names(year)
    off = _public_holidays(year)
    corrected = {one.day: one for one in DayCorrection.objects.filter(day__year=year)}
    known = {day: one.is_worked for day, one in corrected.items()}
    return [
        SpecialDay(day, named.get(day, ""), is_working_day(day, known), corrected.get(day))
        for day in sorted(off | corrected.keys())
    ]


def add_working_time(start: datetime, *, hours: float = 0, days: float = 0, around_the_clock: bool = False) -> datetime:
    """In: an aware moment; how long, in hours or days. Out: the aware moment when that time is over.

    Working time by default: 24 `hours` are one calendar day's promise, so they count as one working day.
    """
    if around_the_clock:
        return start + timedelta(hours=hours, days=days)
    corrections = _corrections()
    left = timedelta(hours=(days + hours / 24) * HOURS_A_DAY)
    moment = _opening(timezone.localtime(start), corrections)
    while left > (rest := _at(moment.date(), CLOSES) - moment):
        left -= rest
        moment = _opening(_at(moment.date() + timedelta(days=1), OPENS), corrections)
    return moment + left


def working_days_between(start: datetime, end: datetime) -> int:
    """Whole working days from one moment to the other; negative when `end` is the earlier."""
    if end < start:
        return -working_days_between(end, start)
    first, last = timezone.localdate(start), timezone.localdate(end)
    days = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    corrections = _corrections()
    return sum(is_working_day(day, corrections) for day in days)


def is_working_day(day: date, corrections: dict[date, bool] | None = None) -> bool:
    """Whether offices are open, by the calendar and by what staff corrected."""
    known = _corrections() if corrections is None else corrections
    return known.get(day, day.weekday() < 5 and day not in _public_holidays(day.year))


def _opening(moment: datetime, corrections: dict[date, bool]) -> datetime:
    """The moment itself within working hours; else the next opening."""
    if moment.time() >= CLOSES:
        moment = _at(moment.date() + timedelta(days=1), OPENS)
    if moment.time() < OPENS:
        moment = _at(moment.date(), OPENS)
    while not is_working_day(moment.date(), corrections):
        moment = _at(moment.date() + timedelta(days=1), OPENS)
    return moment


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


@read_once
def _corrections() -> dict[date, bool]:
    """All of them: a few a year."""
    return dict(DayCorrection.objects.values_list("day", "is_worked"))


def _holiday_names(year: int) -> dict[date, str]:
    """In the active language where the calendar speaks it, else in the country's own."""
    code, spoken = settings.COUNTRY.code, (get_language() or "").split("-")[0]
    calendar = holidays.country_holidays(code)
    known = (one for one in calendar.supported_languages if one.split("_")[0] == spoken)
    return dict(holidays.country_holidays(code, years=year, language=next(known, calendar.default_language)))


@lru_cache(maxsize=32)
def _public_holidays(year: int) -> frozenset[date]:
    country = settings.COUNTRY
    return frozenset(holidays.country_holidays(country.code, years=year)) - country.worked | country.also
