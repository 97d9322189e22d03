"""What is asked of the country team after a quarter: in the words of the secretariat, and what is blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.periods import Quarter
from workplan.enums import Progress
from workplan.models import Activity, AskedOfTeam, Plan
from workplan.standing import last_words


@dataclass(frozen=True)
class Blocked:
    """An activity that somebody said is blocked, and why."""

    activity: Activity
    reason: str


@dataclass(frozen=True)
class Requests:
    """`row`: who wrote it and when; None where nothing is asked."""

    row: AskedOfTeam | None
    blocked: Sequence[Blocked]

    @property
    def lines(self) -> list[str]:
        """One request a line."""
        said = self.row.words.splitlines() if self.row else []
        return [line.strip().lstrip("–-• ").strip() for line in said if line.strip()]

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.blocked


def asked_of_team(plan: Plan, quarter: Quarter, before: datetime | None = None) -> Requests:
    """In: a plan and a quarter. Out: what was last asked of it, and what is blocked, today or then (three queries)."""
    rows = AskedOfTeam.objects.filter(plan=plan, year=quarter.year, quarter=quarter.number)
    if before is not None:
        rows = rows.filter(at__lt=before)
    row = rows.select_related("by__organisation").order_by("-pk").first()
    activities = {each.pk: each for each in Activity.objects.filter(objective__axis__plan=plan).order_by("number")}
    said = last_words(activities, before)
    blocked = [
        Blocked(activity, said[pk].reason)
        for pk, activity in activities.items()
        if pk in said and said[pk].status == Progress.BLOCKED
    ]
    return Requests(row if row and row.words else None, blocked)
