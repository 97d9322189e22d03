"""What is owed once a quarter is over: to be reported, soon due, or late; for one person, and lead by lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.formats import alphabetical
from core.periods import Quarter
from directory.models import Organisation, User
from directory.roles import Role
from workplan.deadlines import Clock, Clocks, answers_for, owed_quarters
from workplan.enums import Due
from workplan.models import Activity, Indicator, Plan
from workplan.progress import Reported, reported_by_indicator


@dataclass(frozen=True)
class Owed:
    """One value that is expected of one quarter that is over. `part_of`: the organisation whose part is missing, where
    several are consolidated.
    """

    indicator: Indicator
    quarter: Quarter
    clock: Clock
    due: Due
    part_of: Organisation | None = None


@dataclass
class Owes:
    """What one lead owes. `organisation` None: the whole team, where an activity names nobody else."""

    organisation: Organisation | None
    late: list[Owed] = field(default_factory=list)
    soon: list[Owed] = field(default_factory=list)
    open: list[Owed] = field(default_factory=list)

    def add(self, owed: Owed) -> None:
        {Due.LATE: self.late, Due.SOON: self.soon, Due.OPEN: self.open}[owed.due].append(owed)

    @property
    def every(self) -> list[Owed]:
        """The most pressing first."""
        return [*self.late, *self.soon, *self.open]

    @property
    def oldest(self) -> Quarter | None:
        """The first quarter that is late."""
        return min((owed.quarter for owed in self.late), default=None)

    @property
    def next(self) -> Owed | None:
        """What is due next, of what is not late."""
        return min([*self.soon, *self.open], key=lambda owed: owed.clock.due_at, default=None)


def indicators_owed(plans: Iterable[Plan]) -> list[Indicator]:
    """Every indicator that people report, with what says who and when; a constant number of queries."""
    rows = Indicator.objects.filter(measure="", activity__objective__axis__plan__in=list(plans))
    rows = rows.select_related("activity__objective__axis").order_by("number")
    return list(rows.prefetch_related("windows", "activity__windows", "activity__reporters"))


def owed(indicators: Sequence[Indicator], now: datetime | None = None) -> list[Owed]:
    """What is missing of quarters that are over, oldest first."""
    clocks = Clocks(now)
    current = Quarter.of(clocks.now)
    known = reported_by_indicator(indicator.pk for indicator in indicators)
    found = []
    for indicator in indicators:
        over = [quarter for quarter in owed_quarters(indicator) if quarter < current]
        for part_of, reported in _reported(indicator, known.get(indicator.pk, Reported())):
            for quarter in over:
                if not answers_for(indicator, quarter, reported):
                    clock = clocks.of(quarter)
                    found.append(Owed(indicator, quarter, clock, _due(clock, clocks.now), part_of))
    return sorted(found, key=lambda each: (each.quarter, each.indicator.number))


def by_lead(rows: Iterable[Owed]) -> list[Owes]:
    """Who owes what, those who are most late first; what has several leads stands under each."""
    found: dict[int | None, Owes] = {}
    for each in rows:
        reporters = [each.part_of] if each.part_of else each.indicator.activity.reporters.all()
        named: list[Organisation | None] = list(reporters)
        for organisation in named or [None]:
            key = organisation.pk if organisation else None
            found.setdefault(key, Owes(organisation)).add(each)
    return sorted(found.values(), key=lambda one: (-len(one.late), alphabetical(str(one.organisation or ""))))


def of_person(rows: Iterable[Owed], user: User) -> Owes:
    """What this person may report of it."""
    mine = Owes(user.organisation)
    for each in rows:
        is_theirs = each.part_of is None or each.part_of.pk == user.organisation_id
        if is_theirs and reports(user, each.indicator.activity):
            mine.add(each)
    return mine


def reports(user: User, activity: Activity) -> bool:
    """Whether they report its indicators, as `Activity.objects.reported_by` says it, of what is read already."""
    if not user.has_role(Role.WORKPLAN_LEAD):
        return False
    return activity.open_to_every_lead or user.organisation_id in {one.pk for one in activity.reporters.all()}


def _reported(indicator: Indicator, known: Reported) -> list[tuple[Organisation | None, set[Quarter]]]:
    """Who owes it, and what they reported: together, or each organisation its part."""
    parts = list(indicator.activity.reporters.all()) if indicator.consolidation else []
    return [(one, known.reported | known.of(one.pk).reported) for one in parts] or [(None, known.reported)]


def _due(clock: Clock, now: datetime) -> Due:
    if clock.due_at < now:
        return Due.LATE
    return Due.SOON if clock.is_soon else Due.OPEN
