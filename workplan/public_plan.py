"""What anyone may read of a plan once its page is open: its words, and figures that were verified or published.

Nothing live, nothing typed and not verified, no narrative, no file, no disaggregation. Of sealed matters, the releases
alone. A figure that the platform counts from cases is left out where it tells of a few of them, the country over too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.periods import Quarter
from workplan.bindings import Binding, binding_of
from workplan.enums import ActorRole, ReadingState, Verifier
from workplan.measures import MEASURES
from workplan.models import Activity, Indicator, Objective, Plan, Reading
from workplan.progress import standing
from workplan.suppression import is_small
from workplan.tables import ActivityRows, AxisRows, Latest, ObjectiveRows, Row, indicators_in, released, tree_of
from workplan.values import Value


@dataclass(frozen=True)
class PublicPlan:
    """`known`: of how many indicators a value is shown, of `count`; `last`: the latest quarter that has one."""

    axes: Sequence[AxisRows]
    known: int
    count: int
    last: Quarter | None


def public_plan(plan: Plan) -> PublicPlan:
    """In: a plan. Out: its public table. A constant number of queries, whatever the size of the plan."""
    axes = tree_of(plan)
    indicators = list(indicators_in(axes))
    readings = _verified(indicators)
    latest = {each.pk: _latest(each, readings[each.pk], plan.years) for each in indicators}
    quarters = [row.period for rows in readings.values() for row in rows]
    return PublicPlan(
        [AxisRows(axis, [_objective(each, latest) for each in axis.objectives.all()]) for axis in axes],
        known=sum(one is not None and not one.is_withheld for one in latest.values()),
        count=len(indicators),
        last=max(quarters, default=None),
    )


def _objective(objective: Objective, latest: dict[int, Latest | None]) -> ObjectiveRows:
    return ObjectiveRows(objective, [_activity(each, latest) for each in objective.activities.all()])


def _activity(activity: Activity, latest: dict[int, Latest | None]) -> ActivityRows:
    leads = [actor for actor in activity.actors.all() if actor.role == ActorRole.LEAD]
    rows = [Row(each, (), (), latest[each.pk]) for each in activity.indicators.all()]
    return ActivityRows(activity, leads, (), rows)


def _verified(indicators: Iterable[Indicator]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in Reading.objects.filter(indicator__in=list(indicators), place=None, state=ReadingState.VERIFIED):
        found[row.indicator_id].append(row)
    return found


def _latest(indicator: Indicator, readings: Iterable[Reading], years: Sequence[int]) -> Latest | None:
    measure = MEASURES.get(indicator.measure)
    if measure is not None and measure.in_vault:
        return released(measure.name, years)
    if indicator.verifier == Verifier.PSEA_COORDINATOR:
        return None
    stands = standing(indicator, readings)
    if not stands:
        return None
    quarter, reading = max(stands.items())
    if _tells_of_few(binding_of(indicator), reading):
        return Latest(Value(), str(quarter), is_withheld=True)
    return Latest(replace(reading.value, breakdown={}), str(quarter), is_verified=True)


def _tells_of_few(binding: Binding | None, reading: Reading) -> bool:
    """Whether a figure made of cases is of few of them; what people report by hand is theirs to publish."""
    if binding is None or binding.measure.behind is None:
        return False
    if not binding.measure.adds_up:
        measured = binding.measured(reading.indicator.kind, reading.period.period, reading.cutoff)
        return measured is None or measured.is_withheld or any(is_small(count) for count in measured.people)
    value = reading.value
    parts = [value.number, value.numerator, value.denominator]
    if value.numerator is not None and value.denominator is not None:
        parts.append(value.denominator - value.numerator)
    return any(is_small(count) for count in parts if count is not None)
