"""Plans from YAML, and the plan that follows one. What is here already is changed by people, not by loading again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.actors import SYSTEM
from workplan.actions.plans import link_again, make_plan, update_plan
from workplan.document.tree import from_entry
from workplan.models import Plan

EHP_PLAN: Path = settings.COUNTRY.path("plan.yaml")
SECRETARIAT = ["OCHA", "Cluster Protection"]

Entry = Mapping[str, Any]


@transaction.atomic
def load_plan(path: Path = EHP_PLAN, *, reason: str = "", at: datetime | None = None) -> Plan:
    """In: a YAML file, the country's own by default. Out: the plan, made.

    One that is here is linked again to the directory, and says what the file says only with a `reason`, change by
    change. Raises Unreadable when the file is no plan, Refused when something cannot be.
    """
    return _plan(yaml.safe_load(path.read_text(encoding="utf-8"))["plan"], reason, at)


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


def _plan(entry: Entry, reason: str = "", at: datetime | None = None) -> Plan:
    root = from_entry({"secretariat": SECRETARIAT, **entry})
    known = Plan.objects.filter(code=root.values["code"]).first()
    if known is None:
        invented = bool(entry.get("is_invented", False))
        why = reason or "Plan chargé depuis son fichier."
        return make_plan(root, reason=why, by=SYSTEM, is_invented=invented, about_nobody=True, at=at)
    if reason:
        update_plan(known, root, reason=reason, by=SYSTEM, about_nobody=True, at=at)
    link_again(known)
    return known
