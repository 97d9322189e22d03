"""The month or quarter that a count is of, however a spreadsheet writes it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from core.periods import Quarter
from core.sheet_cells import day_of
from core.spelling import plain

_NAMES = (
    "janvier january janv jan", "fevrier february fevr fev feb", "mars march mar", "avril april avr apr", "mai may",
    "juin june jun", "juillet july juil jul", "aout august aug", "septembre september sept sep",
    "octobre october oct", "novembre november nov", "decembre december dec",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
QUARTER = re.compile(r"(?:(\d{4}) ?[tq]([1-4])|[tq]([1-4]) ?(\d{4}))")
NUMBERS = re.compile(r"(?:(\d{4}) (\d{1,2})|(\d{1,2}) (\d{4}))")
NAMED = re.compile(r"([a-z]+) (\d{4})")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, order=True)
class Span:
    """From one day to another, both included."""

    first_day: date
    last_day: date

    def overlaps(self, other: Span) -> bool:
        return self.first_day <= other.last_day and other.first_day <= self.last_day


def span_of(text: str) -> Span | None:
    """ "2022-03", "mars 2022", "03/2022", "2022-T1", "Q1 2022", or the first day of a month; None for anything else."""
    said = plain(text)
    if found := QUARTER.fullmatch(said):
        quarter = Quarter(int(found[1] or found[4]), int(found[2] or found[3]))
        return Span(quarter.first_day, quarter.last_day) if _is_sound(quarter.year) else None
    if found := NUMBERS.fullmatch(said):
        return _month(int(found[1] or found[4]), int(found[2] or found[3]))
    if found := NAMED.fullmatch(said):
        return _month(int(found[2]), MONTHS.get(found[1], 0))
    day = day_of(text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0])
    return _month(day.year, day.month) if day is not None and day.day == 1 else None


def _month(year: int, month: int) -> Span | None:
    if not (_is_sound(year) and 1 <= month <= 12):
        return None
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _is_sound(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
