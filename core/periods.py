"""Spans of time that figures are counted over: half-open, in the country's own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Period:
    """From `start` (included) to `end` (excluded), both aware."""

    start: datetime
    end: datetime

    @classmethod
    def between(cls, first: date, last: date) -> Period:
        """Whole days, both included."""
        return cls(_midnight(first), _midnight(last + timedelta(days=1)))

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a year: `Quarter(2022, 3)`."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: date) -> Quarter:
        """The quarter a date or an aware moment falls in, by the local calendar."""
        day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def current(cls) -> Quarter:
        return cls.of(timezone.now())

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def period(self) -> Period:
        return Period.between(self.first_day, self.last_day)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def previous(self) -> Quarter:
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def code(self) -> str:
        """How addresses write it: "2022-T3"."""
        return f"{self.year}-T{self.number}"

    def __str__(self) -> str:
        return _("T%(number)s %(year)s") % {"number": self.number, "year": self.year}


def quarters(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Each quarter from the first to the last, both included."""
    while first <= last:
        yield first
        first = first.next


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
