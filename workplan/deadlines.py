"""When a value is owed, and until when. A window `{}` is "not planned": never owed, never late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.periods import Quarter
from core.working_time import add_working_time, working_days_between
from workplan.enums import Recurrence
from workplan.models import Indicator

# After a quarter ends, its values are reported within ten working days: the plan's own custom, not a norm.
REPORTING_DAYS = 10
# Whole working days before that from which a value is "soon due".
SOON_DAYS = 5


@dataclass(frozen=True)
class Clock:
    """When the values of one quarter are late, and the whole working days until then, negative once it is past."""

    due_at: datetime
    working_days: int

    @property
    def is_soon(self) -> bool:
        """Whether few working days are left, of what is not late."""
        return self.working_days <= SOON_DAYS


class Clocks:
    """The clocks of quarters, each worked out once."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self._known: dict[Quarter, Clock] = {}

    def of(self, quarter: Quarter) -> Clock:
        if quarter not in self._known:
            due = due_at(quarter)
            self._known[quarter] = Clock(due, working_days_between(self.now, due))
        return self._known[quarter]


def owed_quarters(indicator: Indicator) -> list[Quarter]:
    """The quarters at whose end a value is owed: each planned one; the last of each year; the last of all."""
    planned = indicator.planned_quarters
    if indicator.recurrence == Recurrence.QUARTERLY:
        return planned
    last_of = {quarter.year: quarter for quarter in planned}
    if indicator.recurrence == Recurrence.YEARLY:
        return list(last_of.values())
    return planned[-1:]


def answers_for(indicator: Indicator, owed: Quarter, reported: set[Quarter]) -> bool:
    """Whether what was reported settles what is owed: a milestone is reported once, in any quarter."""
    if indicator.recurrence == Recurrence.QUARTERLY:
        return owed in reported
    if indicator.recurrence == Recurrence.YEARLY:
        return any(quarter.year == owed.year for quarter in reported)
    return bool(reported)


def due_at(quarter: Quarter) -> datetime:
    """When the values of a quarter are late."""
    return add_working_time(quarter.period.end, days=REPORTING_DAYS)


def late_through(now: datetime | None = None) -> Quarter:
    """The last quarter whose values are late if they are missing."""
    moment = now or timezone.now()
    ended = Quarter.of(moment).previous
    return ended if due_at(ended) < moment else ended.previous
