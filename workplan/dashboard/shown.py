"""The panels of the dashboard, in their order: for the page and for its files."""

from __future__ import annotations

from directory.models import User
from workplan.dashboard import answers, panels, places
from workplan.dashboard.asked import Asked
from workplan.dashboard.panel import Panel


def panels_of(asked: Asked, user: User | None) -> list[Panel]:
    """What this reader sees of what is asked, None for the collective figures alone; small numbers are withheld."""
    shown = [
        panels.volume(asked),
        panels.to_settled(asked),
        answers.by_month(asked),
        answers.time_taken(asked),
        *places.by_place(asked),
        panels.by_category(asked),
        panels.by_channel(asked),
        panels.refusals(asked),
        user and panels.agency(asked, user),
        places.category_by_region(asked),
    ]
    return [panel for panel in shown if panel]
