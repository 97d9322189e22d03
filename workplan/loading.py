"""Plans from YAML, and the plan that follows one. Loading again changes nothing that was reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from directory.models import Organisation
from workplan.bindings import Binding
from workplan.enums import ActorRole, Aggregate, Direction, Recurrence, Source, Verifier
from workplan.measures import MEASURES
from workplan.models import Activity, ActivityActor, Axis, Indicator, Objective, Plan, Window
from workplan.registers.rules import rule_of

EHP_PLAN = Path(__file__).parent / "data" / "ehp_mali_2020_2022.yaml"
EVERYONE = "Tout EHP"
SECRETARIAT = ("OCHA", "Cluster Protection")
QUARTERS = re.compile(r"Q([1-4])(?:-Q([1-4]))?")

Entry = Mapping[str, Any]


@transaction.atomic
def load_plan(path: Path = EHP_PLAN) -> Plan:
    """In: a YAML file of the shape of `data/ehp_mali_2020_2022.yaml`. Out: the plan, made or brought up to date.

    Raises KeyError or ValueError when the file lacks something or names an unknown kind or quarter.
    """
    return _plan(yaml.safe_load(path.read_text(encoding="utf-8"))["plan"])


@transaction.atomic
def follow_on_plan(year: int | None = None, path: Path = EHP_PLAN) -> Plan:
    """An invented plan for `year` (this one by default) and the next: axis 3 carried over, without MINUSMA."""
    first = year or timezone.localdate().year
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))["plan"]
    carried = [_carried(axis, first) for axis in entry["axes"] if axis["number"] == 3]
    invented = {
        **entry,
        "code": f"EHP-PROTECTION-{first}-{first + 1}",
        "title": f"Plan de suite {first}-{first + 1} (inventé pour la démonstration)",
        "years": [first, first + 1],
        "is_invented": True,
        "axes": carried,
    }
    return _plan(invented)


def _carried(thing: Any, first: int) -> Any:
    """The same entry with every window over both years, milestones in the first, and no MINUSMA."""
    if isinstance(thing, list):
        return [_carried(item, first) for item in thing if not (isinstance(item, str) and "MINUSMA" in item)]
    if not isinstance(thing, dict):
        return thing
    entry = {key: _carried(value, first) for key, value in thing.items() if key != "windows"}
    if thing.get("windows"):
        entry["windows"] = (
            {first: "Q1-Q4"} if thing.get("recurrence") == "once" else {first: "Q1-Q4", first + 1: "Q1-Q4"}
        )
    elif "windows" in thing:
        entry["windows"] = {}
    return entry


def _plan(entry: Entry) -> Plan:
    plan, _made = Plan.objects.update_or_create(
        code=entry["code"],
        defaults={
            **{name: entry[name] for name in ("title", "country", "owner", "years", "focus_areas")},
            "is_invented": entry.get("is_invented", False),
        },
    )
    directory = {
        name.casefold(): organisation for organisation in Organisation.objects.all() for name in _names(organisation)
    }
    plan.secretariat.set([directory[name.casefold()] for name in SECRETARIAT if name.casefold() in directory])
    for axis_entry in entry["axes"]:
        _axis(plan, axis_entry, directory)
    return plan


def _names(organisation: Organisation) -> Iterable[str]:
    return filter(None, (organisation.acronym, organisation.name))


def _axis(plan: Plan, entry: Entry, directory: Mapping[str, Organisation]) -> None:
    axis, _made = Axis.objects.update_or_create(plan=plan, number=entry["number"], defaults={"title": entry["title"]})
    for objective_entry in entry["objectives"]:
        objective, _made = Objective.objects.update_or_create(
            axis=axis,
            number=objective_entry["number"],
            defaults=_texts(objective_entry, "title", "description", "focus"),
        )
        for activity_entry in objective_entry["activities"]:
            _activity(objective, activity_entry, directory)


def _activity(objective: Objective, entry: Entry, directory: Mapping[str, Organisation]) -> None:
    activity, _made = Activity.objects.update_or_create(
        objective=objective,
        number=entry["number"],
        defaults={
            **_texts(entry, "title", "focus", "reporter", "doubt"),
            "expertise": entry.get("expertise", []),
        },
    )
    _actors(activity, entry, directory)
    _windows(entry.get("windows", {}), activity=activity)
    for indicator_entry in entry["indicators"]:
        _indicator(activity, indicator_entry)


def _actors(activity: Activity, entry: Entry, directory: Mapping[str, Organisation]) -> None:
    activity.actors.all().delete()
    named = [(ActorRole.LEAD, text) for text in entry["leads"]] + [(ActorRole.OTHER, text) for text in entry["others"]]
    actors = [
        ActivityActor(activity=activity, role=role, position=position, text=text, organisation=_linked(text, directory))
        for position, (role, text) in enumerate(named)
    ]
    ActivityActor.objects.bulk_create(actors)
    _reporters(activity, [actor for actor in actors if actor.role == ActorRole.LEAD], directory)


def _reporters(activity: Activity, leads: list[ActivityActor], directory: Mapping[str, Organisation]) -> None:
    """The reporter that the source names, else the leads that the directory knows, else the whole team."""
    named = _linked(activity.reporter, directory) if activity.reporter else None
    reporters = [named] if named else [lead.organisation for lead in leads if lead.organisation]
    activity.reporters.set(reporters)
    activity.open_to_every_lead = not reporters and any(lead.text == EVERYONE for lead in leads)
    activity.save(update_fields=["open_to_every_lead"])


def _linked(text: str, directory: Mapping[str, Organisation]) -> Organisation | None:
    """ "OCHA (Secrétariat)" and "Coordination Cluster Protection" name OCHA and the Cluster Protection."""
    name = text.partition("(")[0].strip()
    return directory.get(name.casefold()) or directory.get(name.removeprefix("Coordination ").casefold())


def _indicator(activity: Activity, entry: Entry) -> None:
    indicator, _made = Indicator.objects.update_or_create(
        activity=activity,
        number=entry["number"],
        defaults={
            **_texts(entry, "title", "kind", "share", "unit", "focus", "doubt"),
            **_bound(entry),
            "recurrence": Recurrence(entry.get("recurrence", Recurrence.QUARTERLY)),
            "aggregate": Aggregate(entry.get("aggregate", Aggregate.SUM)),
            "direction": Direction(entry.get("direction", Direction.UP)),
            "disaggregations": entry.get("disaggregations", []),
            "target": entry.get("target"),
            "register": _register(entry),
            "has_own_windows": "windows" in entry,
            "verifier": _verifier(entry["number"]),
        },
    )
    _windows(entry.get("windows", {}), indicator=indicator)


def _bound(entry: Entry) -> dict[str, Any]:
    """What the platform counts it by. Where the file names no measure, what people chose since stays.

    Raises ValueError for a measure that does not exist, or that its kind or its filters do not fit.
    """
    if "measure" not in entry:
        return {}
    binding = Binding(MEASURES[entry["measure"]], entry.get("over", {}), entry.get("share_over", {}))
    reason = binding.why_not(entry["kind"], entry.get("aggregate", Aggregate.SUM))
    if reason is not None:
        raise ValueError(f"{entry['number']}: {reason}")
    return {
        "source": Source.AUTO,
        "measure": binding.measure.name,
        "over": binding.over,
        "share_over": binding.share_over,
    }


def _register(entry: Entry) -> dict[str, Any]:
    """How it can be counted from a register. Raises ValueError for one that does not exist."""
    said = dict(entry.get("register", {}))
    rule_of(said)
    return said


def _verifier(number: str) -> Verifier:
    """The default rule of DESIGN §3."""
    if number == "3.2.2.b":
        return Verifier.PSEA_COORDINATOR
    return Verifier.WORKING_GROUP if number.startswith("3.") else Verifier.SECRETARIAT


def _windows(entry: Mapping[int, str], **owner: Any) -> None:
    Window.objects.filter(**owner).delete()
    for year, text in entry.items():
        found = QUARTERS.fullmatch(text)
        if found is None:
            raise ValueError(f"not a span of quarters: {text}")
        first = int(found[1])
        Window.objects.create(year=year, first=first, last=int(found[2] or first), **owner)


def _texts(entry: Entry, *names: str) -> dict[str, str]:
    return {name: entry.get(name, "") for name in names}
