"""The cases behind a figure of the top line, as far as the reader may see."""

from __future__ import annotations

from directory.models import User
from referrals import statistics as referrals
from workplan.dashboard.asked import Asked
from workplan.lineage import Counted, counted_of

OF_REFERRALS = {"referred", "answered", "days"}


def counted_cases(key: str, asked: Asked, user: User) -> Counted | None:
    """For figures over referred cases; None for the others, whose cases are the desk's own lists."""
    if key not in OF_REFERRALS:
        return None
    return counted_of(referrals.case_ids(asked.quarter.period, asked.scope, asked.about), user)
