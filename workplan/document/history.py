"""A plan as it was on a day: what stands now, with every later change undone from the newest."""

from __future__ import annotations

from datetime import date

from core.periods import Period
from workplan.document.elements import Elements, Key, elements_of
from workplan.enums import PlanAct
from workplan.models import Plan, PlanChange


def as_of(plan: Plan, day: date) -> Elements:
    """In: a day. Out: every element as it was when that day ended.

    Before the platform knew the plan, it is as it was when it came in. What is undone is everything from the first
    later change on, in the order of writing, so that clocks which disagree a little cannot tear it.
    """
    elements = elements_of(plan)
    for change in later_changes(plan, day):
        _undo(elements, change)
    return elements


def later_changes(plan: Plan, day: date) -> list[PlanChange]:
    """What was changed after that day, newest first."""
    changes = PlanChange.objects.filter(plan=plan)
    first = changes.filter(at__gte=Period.between(day, day).end).order_by("pk").first()
    return list(changes.filter(pk__gte=first.pk).order_by("-pk")) if first else []


def keys_changed(changes: list[PlanChange]) -> set[Key]:
    """The elements that they are about."""
    return {(change.kind, change.element) for change in changes}


def _undo(elements: Elements, change: PlanChange) -> None:
    key = (change.kind, change.element)
    if change.act == PlanAct.ADDED:
        elements.pop(key, None)
    elif key in elements:
        elements[key].values.update(change.before)
