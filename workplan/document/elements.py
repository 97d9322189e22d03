"""The elements of a plan as they stand: read from the database, and written to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workplan.document.actors import Links
from workplan.document.kinds import ACTIVITY, AXIS, INDICATOR, KINDS, OBJECTIVE, PLAN
from workplan.document.windows import merged, spans_of, spans_text
from workplan.enums import ActorRole, Source
from workplan.models import Activity, ActivityActor, Axis, Indicator, Objective, Plan, Window

Key = tuple[str, int]
Values = dict[str, Any]
Row = Plan | Axis | Objective | Activity | Indicator
MODELS: dict[str, type[Row]] = {
    PLAN: Plan,
    AXIS: Axis,
    OBJECTIVE: Objective,
    ACTIVITY: Activity,
    INDICATOR: Indicator,
}
PARENT = {AXIS: "plan", OBJECTIVE: "axis", ACTIVITY: "objective", INDICATOR: "activity"}


@dataclass
class Element:
    """One element with what the document says of it. `key` None: it is not in the database yet.

    `said`: the fields of which a table had a column; None where it says everything.
    """

    kind: str
    values: Values
    key: Key | None = None
    parent: Key | None = None
    parts: list[Element] = field(default_factory=list)
    said: frozenset[str] | None = None

    @property
    def number(self) -> str:
        return str(self.values.get("number", ""))


Elements = dict[Key, Element]


def elements_of(plan: Plan) -> Elements:
    """Every element of a plan by its key, the plan itself first; a constant number of queries."""
    axes = Axis.objects.filter(plan=plan)
    objectives = Objective.objects.filter(axis__plan=plan)
    activities = Activity.objects.filter(objective__axis__plan=plan).prefetch_related("actors", "windows")
    indicators = Indicator.objects.of_plan(plan.pk).prefetch_related("windows")
    fresh = Plan.objects.get(pk=plan.pk)
    found: Elements = {(PLAN, plan.pk): Element(PLAN, values_of(fresh), (PLAN, plan.pk))}
    for kind, rows in ((AXIS, axes), (OBJECTIVE, objectives), (ACTIVITY, activities), (INDICATOR, indicators)):
        over = {AXIS: PLAN, OBJECTIVE: AXIS, ACTIVITY: OBJECTIVE, INDICATOR: ACTIVITY}[kind]
        for row in rows:
            parent = (over, getattr(row, f"{PARENT[kind]}_id"))
            found[kind, row.pk] = Element(kind, values_of(row), (kind, row.pk), parent)
    return found


def values_of(row: Row) -> Values:
    """What the document says of one row."""
    values = {field.name: getattr(row, field.name) for field in KINDS[kind_of(row)].fields if hasattr(row, field.name)}
    if isinstance(row, Plan):
        values["secretariat"] = sorted(str(each) for each in row.secretariat.all())
    if isinstance(row, Activity):
        actors = sorted(row.actors.all(), key=lambda actor: actor.position)
        values["leads"] = [actor.said for actor in actors if actor.role == ActorRole.LEAD]
        values["others"] = [actor.said for actor in actors if actor.role == ActorRole.OTHER]
        values["windows"] = _windows_of(row.windows.all())
    if isinstance(row, Indicator):
        values["windows"] = _windows_of(row.windows.all()) if row.has_own_windows else None
    return values


def kind_of(row: Row) -> str:
    return next(kind for kind, model in MODELS.items() if isinstance(row, model))


def plan_of(row: Row) -> Plan:
    """The plan that it stands in."""
    above: Any = row
    while not isinstance(above, Plan):
        above = getattr(above, PARENT[kind_of(above)])
    return above


def write(row: Row, values: Mapping[str, Any], links: Links) -> None:
    """Writes what changed of a row, and what hangs on it: actors with their links, windows, the secretariat."""
    aside = {"leads", "others", "windows", "secretariat"}
    for name, value in values.items():
        if name not in aside:
            setattr(row, name, value)
    if isinstance(row, Indicator):
        row.source = Source.AUTO if row.measure else Source.MANUAL
        row.has_own_windows = row.has_own_windows if "windows" not in values else values["windows"] is not None
    row.save()
    if "windows" in values:
        _write_windows(row, values["windows"] or {})
    if isinstance(row, Activity):
        _write_actors(row, values, links)
    if isinstance(row, Plan) and "secretariat" in values:
        row.secretariat.set(links.known(values["secretariat"]))


def _write_actors(activity: Activity, values: Mapping[str, Any], links: Links) -> None:
    if {"leads", "others"} & set(values):
        said = values_of(activity) | dict(values)
        activity.actors.all().delete()
        named = [(ActorRole.LEAD, one) for one in said["leads"]] + [(ActorRole.OTHER, one) for one in said["others"]]
        ActivityActor.objects.bulk_create(
            links.linked(ActivityActor(activity=activity, role=role, position=position, **ActivityActor.parted(one)))
            for position, (role, one) in enumerate(named)
        )
    if {"leads", "others", "reporter"} & set(values):
        links.link(activity)


def _write_windows(row: Row, values: Mapping[str, str]) -> None:
    owner = {"activity": row} if isinstance(row, Activity) else {"indicator": row}
    Window.objects.filter(**owner).delete()
    Window.objects.bulk_create(
        Window(year=int(year), first=first, last=last, **owner)
        for year, text in values.items()
        for first, last in spans_of(text)
    )


def _windows_of(windows: Iterable[Window]) -> dict[str, str]:
    by_year: dict[int, set[int]] = {}
    for window in windows:
        by_year.setdefault(window.year, set()).update(range(window.first, window.last + 1))
    return {str(year): spans_text(merged(by_year[year])) for year in sorted(by_year)}
