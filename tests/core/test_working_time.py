"""Deadlines count the days on which offices are open in Mali."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.models import DayCorrection
from core.working_time import add_working_time, is_working_day, working_days_between

BAMAKO = ZoneInfo("Africa/Bamako")


def at(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2022, month, day, hour, tzinfo=BAMAKO)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(1, 10), 24, at(2, 10)),  # Tuesday to Wednesday
        (at(4, 10), 24, at(7, 10)),  # Friday to Monday
        (at(5, 23), 24, at(7, 16)),  # said on a Saturday night: all of Monday
        (at(1, 10), 72, at(4, 10)),
        (at(25, 10), 24, at(28, 10)),  # Friday; Saturday the 26th is a holiday and a week-end
    ],
)
def test_working_hours_step_over_nights_and_week_ends(db: None, start: datetime, hours: int, end: datetime) -> None:
    assert add_working_time(start, hours=hours) == end


def test_an_urgent_clock_runs_round_the_clock(db: None) -> None:
    assert add_working_time(at(4, 23), hours=24, around_the_clock=True) == at(5, 23)


def test_public_holidays_are_no_working_days_and_staff_may_correct_a_day(db: None) -> None:
    independence = date(2022, 9, 22)
    assert not is_working_day(independence)
    DayCorrection.objects.create(day=independence, is_worked=True)
    DayCorrection.objects.create(day=date(2022, 9, 23), is_worked=False)
    assert is_working_day(independence)
    assert add_working_time(at(22, 10, 9), hours=24) == at(26, 10, 9)


def test_days_between_are_negative_when_late(db: None) -> None:
    assert working_days_between(at(4, 10), at(8, 10)) == 2
    assert working_days_between(at(8, 10), at(4, 10)) == -2
