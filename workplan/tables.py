"""The plan as the table people know: axis → objective → activity → indicators, with strip and latest value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from core.formats import DASH
from core.periods import Quarter
from directory.models import User
from workplan.bindings import binding_of
from workplan.deadlines import late_through
from workplan.enums import ActorRole, ReadingState
from workplan.measures import MEASURES, cohort_cutoff
from workplan.models import Activity, ActivityActor, Axis, Indicator, Objective, Plan, Reading
from workplan.progress import Cell, Reported, late_quarters, reported_by_indicator, standing, strip
from workplan.querysets import registers_read_by
from workplan.registers.counting import Counting
from workplan.releases import latest_line, lines_of
from workplan.standing import Standing, last_words, standing_of
from workplan.values import Value


@dataclass(frozen=True)
class Latest:
    """The latest value known to the reader, the period it is of, and how sure it is."""

    value: Value
    label: str
    is_live: bool = False
    is_verified: bool = False
    is_released: bool = False
    is_withheld: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show but a dash: nothing said, or nothing to divide by."""
        return self.value.text == DASH


@dataclass(frozen=True)
class Row:
    """One indicator of the table."""

    indicator: Indicator
    cells: Sequence[Cell]
    late: Sequence[Quarter]
    latest: Latest | None


@dataclass(frozen=True)
class ActivityRows:
    activity: Activity
    leads: Sequence[ActivityActor]
    others: Sequence[ActivityActor]
    rows: Sequence[Row]
    standing: Standing | None = None

    @property
    def expertise(self) -> str:
        """As the source writes it: "(+ PROCAP ?, JIPS)"."""
        return f"(+ {', '.join(self.activity.expertise)})" if self.activity.expertise else ""


@dataclass(frozen=True)
class ObjectiveRows:
    objective: Objective
    activities: Sequence[ActivityRows]


@dataclass(frozen=True)
class AxisRows:
    axis: Axis
    objectives: Sequence[ObjectiveRows]


@dataclass(frozen=True)
class Chosen:
    """What the address asks to see."""

    axis: int | None = None
    lead: int | None = None
    late: bool = False
    focus: bool = False
    computed: bool = False

    def keeps(self, activity: ActivityRows, row: Row) -> bool:
        """Whether an indicator is shown."""
        return (
            (self.lead is None or any(actor.organisation_id == self.lead for actor in activity.leads))
            and (not self.late or bool(row.late))
            and (not self.focus or bool(row.indicator.focus or activity.activity.focus))
            and (not self.computed or row.indicator.is_computed)
        )


def plan_rows(plan: Plan, user: User, chosen: Chosen) -> list[AxisRows]:
    """The table for this reader. A constant number of queries, whatever the size of the plan."""
    axes = tree_of(plan)
    made = _Rows(plan, user, list(indicators_in(axes)))
    kept = [made.axis(axis, chosen) for axis in axes if chosen.axis in (None, axis.number)]
    return [axis for axis in kept if axis.objectives]


def one_activity(activity: Activity, user: User) -> ActivityRows:
    """The rows of a single activity, as the plan's table shows them."""
    plan = activity.objective.axis.plan
    return _Rows(plan, user, list(activity.indicators.all())).activity(activity, Chosen())


def count_rows(axes: Iterable[AxisRows]) -> int:
    """How many indicators the table shows."""
    return sum(len(a.rows) for axis in axes for objective in axis.objectives for a in objective.activities)


class _Rows:
    """Everything the rows need, read at once."""

    def __init__(self, plan: Plan, user: User, indicators: Sequence[Indicator]) -> None:
        self.years: list[int] = plan.years
        self.late_through = late_through()
        self.known = reported_by_indicator(indicator.pk for indicator in indicators)
        self.readings = _readings(indicators, user)
        self.words = last_words({indicator.activity_id for indicator in indicators})
        self.counting = Counting(plan)
        self.reads = registers_read_by(user)

    def axis(self, axis: Axis, chosen: Chosen) -> AxisRows:
        objectives = [
            ObjectiveRows(
                objective, [a for each in objective.activities.all() if (a := self.activity(each, chosen)).rows]
            )
            for objective in axis.objectives.all()
        ]
        return AxisRows(axis, [objective for objective in objectives if objective.activities])

    def activity(self, activity: Activity, chosen: Chosen) -> ActivityRows:
        actors = list(activity.actors.all())
        leads = [actor for actor in actors if actor.role == ActorRole.LEAD]
        whole = ActivityRows(activity, leads, [actor for actor in actors if actor.role == ActorRole.OTHER], ())
        rows = [row for each in activity.indicators.all() if chosen.keeps(whole, row := self._row(each))]
        stands = standing_of(
            list(activity.indicators.all()), self.known, self.words.get(activity.pk), late_through=self.late_through
        )
        return ActivityRows(activity, whole.leads, whole.others, rows, stands)

    def _row(self, indicator: Indicator) -> Row:
        known = with_releases(indicator, self.known.get(indicator.pk, Reported()), self.years)
        return Row(
            indicator,
            strip(indicator, self.years, known, self.late_through),
            late_quarters(indicator, known, self.late_through),
            latest_of(
                indicator, self.readings[indicator.pk], self.years, counting_for(indicator, self.counting, self.reads)
            ),
        )


def counting_for(indicator: Indicator, counting: Counting, reads: Collection[str]) -> Counting | None:
    """The registers, if this indicator is counted from one that the reader may read."""
    rule = indicator.rule if indicator.keeps_register else None
    return counting if rule is not None and rule.register.code in reads else None


def latest_of(
    indicator: Indicator, readings: Iterable[Reading], years: Sequence[int], counting: Counting | None = None
) -> Latest | None:
    """The open quarter's live value when the platform computes it, else the last one reported.

    `counting`: as `counting_for` gives it. A register that has nothing of the open quarter yet says nothing of it.
    """
    measure = MEASURES.get(indicator.measure)
    if measure is not None and measure.in_vault:
        return released(measure.name, years)
    live = live_value(indicator, years) or _live_count(indicator, years, counting)
    if live is not None:
        return live
    stands = standing(
        indicator,
        [reading for reading in readings if reading.state in (ReadingState.SUBMITTED, ReadingState.VERIFIED)],
    )
    if not stands:
        return None
    quarter, reading = max(stands.items())
    return Latest(reading.value, str(quarter), is_verified=reading.state == ReadingState.VERIFIED)


def with_releases(indicator: Indicator, known: Reported, years: Sequence[int]) -> Reported:
    """For the vault's indicator, a quarter that is closed, or that a published period covers, counts as reported; so
    does, for one that is counted narrowly, a quarter whose cut-off has passed: it may be too small to be published.

    A quarter closes whatever it holds: that it did says nothing of the figure.
    """
    binding = binding_of(indicator)
    if binding is None or not (binding.measure.in_vault or binding.is_narrow):
        return known
    if binding.measure.in_vault:
        lines = lines_of(binding.measure.name, years)
        covered = {q for q in indicator.planned_quarters if any(line.covers(q) for line in lines)}
    else:
        covered = {q for q in indicator.planned_quarters if cohort_cutoff(q.period) <= timezone.now()}
    return Reported(known.reported | covered, known.verified, known.waiting)


def released(measure: str, years: Sequence[int]) -> Latest | None:
    """What the vault last published, for whatever period; or that the last closed one is not published."""
    line = latest_line(lines_of(measure, years))
    if line is None:
        return None
    if line.value is None:
        return Latest(Value(), line.label, is_withheld=True)
    return Latest(line.value, line.label, is_released=True)


def live_value(indicator: Indicator, years: Sequence[int]) -> Latest | None:
    """The open quarter, as of now; None outside the plan's years, and for the vault, which is never live."""
    quarter = Quarter.current()
    binding = binding_of(indicator)
    if binding is None or binding.measure.in_vault or quarter.year not in years:
        return None
    measured = binding.measured(indicator.kind, quarter.period)
    if measured is None:
        return None
    return Latest(measured.value, str(quarter), is_live=True, is_withheld=measured.is_withheld)


def _live_count(indicator: Indicator, years: Sequence[int], counting: Counting | None) -> Latest | None:
    quarter = Quarter.current()
    counted = counting.counted(indicator, quarter) if counting and quarter.year in years else None
    return Latest(counted.value, str(quarter), is_live=True) if counted and counted.entries else None


def tree_of(plan: Plan) -> list[Axis]:
    """The axes of a plan with all that stands below them, in order; a constant number of queries."""
    indicators = Indicator.objects.prefetch_related("windows").order_by("number")
    actors = ActivityActor.objects.select_related("organisation").order_by("position")
    activities = Activity.objects.order_by("number").prefetch_related(
        "windows", "reporters", Prefetch("indicators", indicators), Prefetch("actors", actors)
    )
    objectives = Objective.objects.order_by("number").prefetch_related(Prefetch("activities", activities))
    return list(plan.axes.order_by("number").prefetch_related(Prefetch("objectives", objectives)))


def indicators_in(axes: Iterable[Axis]) -> Iterator[Indicator]:
    """Every indicator below these axes."""
    for axis in axes:
        for objective in axis.objectives.all():
            for activity in objective.activities.all():
                yield from activity.indicators.all()


def _readings(indicators: Sequence[Indicator], user: User) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.visible_to(user).filter(indicator__in=indicators, place=None):
        found[reading.indicator_id].append(reading)
    return found
