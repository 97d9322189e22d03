"""Where an activity stands: what its values say, and what somebody said of it; both are shown, with who and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.periods import Quarter
from workplan.deadlines import answers_for, owed_quarters
from workplan.enums import Progress
from workplan.models import ActivityStatus, Indicator
from workplan.progress import Reported, late_quarters


@dataclass(frozen=True)
class Standing:
    """`by_values`: what the values alone say. `said`: the last word of somebody, if it was not taken back."""

    by_values: Progress
    said: ActivityStatus | None

    @property
    def progress(self) -> Progress:
        return Progress(self.said.status) if self.said else self.by_values

    @property
    def differs(self) -> bool:
        """Whether somebody says otherwise than the values."""
        return self.said is not None and self.said.status != self.by_values


def standing_of(
    indicators: Sequence[Indicator],
    known: Mapping[int, Reported],
    said: ActivityStatus | None,
    *,
    late_through: Quarter,
    current: Quarter | None = None,
) -> Standing:
    """In: an activity's indicators with their windows, how far each got, the last word said, the last quarter whose
    values are late if they are missing. Out: where it stands.

    Late where anything owed is late; done where all that was ever owed is verified; not started where nothing is
    reported and no window has opened; on track otherwise.
    """
    people = [each for each in indicators if not each.is_computed]
    pairs = [(each, known.get(each.pk, Reported())) for each in people]
    word = said if said and said.status else None
    if any(late_quarters(each, progress, late_through) for each, progress in pairs):
        return Standing(Progress.LATE, word)
    owed = [(each, progress, quarter) for each, progress in pairs for quarter in owed_quarters(each)]
    if owed and all(answers_for(each, quarter, progress.verified) for each, progress, quarter in owed):
        return Standing(Progress.DONE, word)
    today = current or Quarter.current()
    has_begun = any(quarter <= today for each in indicators for quarter in each.planned_quarters)
    reported = any(progress.reported for _each, progress in pairs)
    return Standing(Progress.ON_TRACK if has_begun or reported else Progress.NOT_STARTED, word)


def last_words(activities: Iterable[int], before: datetime | None = None) -> dict[int, ActivityStatus]:
    """In: ids of activities. Out: by each, the last thing said of it, or the last said before (one query)."""
    rows = ActivityStatus.objects.filter(activity__in=list(activities)).select_related("said_by")
    if before is not None:
        rows = rows.filter(said_at__lt=before)
    return {row.activity_id: row for row in rows.order_by("said_at", "pk")}
