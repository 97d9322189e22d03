"""What a page of the dashboard asks for, read broadly and once: its figures and tables find theirs in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.reading_once import reading_once
from feedback import statistics as feedback
from feedback.statistics import About
from referrals import statistics as referrals
from referrals.agency_sums import counts_by
from workplan.dashboard.answers import medians
from workplan.dashboard.asked import Asked
from workplan.dashboard.months import year_to
from workplan.dashboard.slices import cohorts

COUNTS = ("said", "triaged", "referred", "answered", "told", "settled", "spoke")
# Of the quarter before, the top line alone is shown.
BEFORE = ("said", "settled", "spoke")
# What is said of cases by more than so many filters is in no sum.
FILTERS = 2


@contextmanager
def read_at_once(asked: Asked) -> Iterator[None]:
    """Within it, figures and tables of what is asked, and of the quarter before, are read in few statements."""
    with reading_once():
        _voices(asked, COUNTS)
        _voices(asked.before, BEFORE)
        if asked.by_week:
            cohorts(asked, asked.quarter.period, "day")
        else:
            cohorts(asked, year_to(asked.quarter), "month")
        if asked.is_narrow:
            cohorts(asked.before, asked.before.period)
        referrals.read_whole_months(year_to(asked.quarter))
        medians(asked)
        counts_by(["receiver", "refusal_code"], asked.quarter.period)
        yield


def _voices(asked: Asked, counts: tuple[str, ...]) -> None:
    """By place, and by every filter: its choices beside the one that is asked."""
    named = asked.about.asked
    if len(named) <= FILTERS:
        feedback.steps_by("place", *named, counts=counts, period=asked.period, about=About(), cutoff=asked.cutoff)
