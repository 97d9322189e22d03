"""What was changed of the plan since it began: a target, leads, a doubt that was settled, each with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from demo.history.people import World
from directory.roles import Role
from workplan.actions.plans import change_element
from workplan.loading import EHP_PLAN, load_plan
from workplan.models import Activity, Indicator, Plan

BEGAN = datetime(2020, 3, 2, 10, tzinfo=UTC)
# When, of what, which fields, what is settled, why.
CHANGED: tuple[tuple[str, str, dict[str, Any], tuple[str, ...], str], ...] = (
    (
        "2020-10-12",
        "1.1.3",
        {"others": ["Coordination Cluster Protection"]},
        (),
        "Le Cluster rédige la note, dit l’EHP du 8 octobre.",
    ),
    ("2021-01-18", "1.1.2.a", {"target": 12}, (), "Un tableau de bord par trimestre : EHP du 14 janvier."),
    ("2021-01-18", "1.1.3.a", {"target": 75}, (), "Trois notes sur quatre : EHP du 14 janvier."),
    ("2021-04-20", "3.2.2.b", {}, ("doubt",), "Lecture A retenue par l’EHP du 15 avril."),
    (
        "2021-07-06",
        "2.1.3.a",
        {"windows": {"2020": "Q4", "2021": "Q1-Q4"}, "means_of_verification": "Rapport d’analyse, transmis à l’EHP"},
        (),
        "L’enquête finit en 2021.",
    ),
)


def begin() -> Plan:
    """The plan, as it came in when it began."""
    return load_plan(EHP_PLAN, at=BEGAN)


def change(world: World) -> None:
    """By the working group, on the days that the table says."""
    plan, keeper = Plan.objects.get(changes__at=BEGAN), world.with_role(Role.WORKING_GROUP)[0]
    if plan.changes.count() > 1:
        return
    for day, number, values, settled, reason in CHANGED:
        moment = datetime.combine(datetime.fromisoformat(day).date(), time(15), UTC)
        kind, pk = _element(plan, number)
        change_element(kind, pk, values, settles=settled, reason=reason, by=keeper, at=moment, about_nobody=True)


def _element(plan: Plan, number: str) -> tuple[str, int]:
    indicator = Indicator.objects.of_plan(plan.pk).filter(number=number).first()
    if indicator is not None:
        return "indicator", indicator.pk
    return "activity", Activity.objects.get(objective__axis__plan=plan, number=number).pk
