"""The cases behind a figure of the top line, as far as the reader may see."""

from __future__ import annotations

from directory.models import User
from workplan.dashboard.asked import Asked
from workplan.dashboard.figures import FIGURES
from workplan.lineage import Counted, counted_of
from workplan.measures import MEASURES


def counted_cases(key: str, asked: Asked, user: User) -> Counted | None:
    """In: a figure. Out: its counted cases; None for one that is not made of cases."""
    measure = MEASURES[FIGURES[key][0]]
    return counted_of(measure.behind(asked.quarter.period, asked.over), user) if measure.behind else None
