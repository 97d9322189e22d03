"""The history of a plan, and what is left to settle of it, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django_stubs_ext import StrOrPromise

from workplan.document.elements import MODELS, Element, elements_of
from workplan.document.kinds import ACTIVITY, INDICATOR, KINDS
from workplan.models import Plan, PlanChange


@dataclass(frozen=True)
class FieldChange:
    label: StrOrPromise
    before: str
    after: str


@dataclass(frozen=True)
class ShownChange:
    """One act on one element, field by field. `is_here`: the element can still be opened."""

    change: PlanChange
    kind: StrOrPromise
    fields: list[FieldChange]
    is_here: bool


@dataclass(frozen=True)
class ToSettle:
    """Something that the source left open. `what`: "doubt", or the field that was deduced; `says`: the doubt, or what
    was deduced.
    """

    element: Element
    what: str
    says: str

    @property
    def code(self) -> str:
        """What a form sends back."""
        return f"{self.element.kind}:{self.pk}:{self.what}"

    @property
    def kind(self) -> str:
        return self.element.kind

    @property
    def pk(self) -> int:
        assert self.element.key is not None  # noqa: S101  it is read from the database
        return self.element.key[1]


@dataclass(frozen=True)
class Inference:
    """One field, deduced for several elements."""

    label: StrOrPromise
    rows: list[ToSettle]


def shown_changes(changes: Iterable[PlanChange]) -> list[ShownChange]:
    """Changes in words."""
    rows = list(changes)
    here = {
        kind: set(
            model._default_manager.filter(pk__in=[row.element for row in rows if row.kind == kind]).values_list(
                "pk", flat=True
            )
        )
        for kind, model in MODELS.items()
        if any(row.kind == kind for row in rows)
    }
    return [
        ShownChange(
            row,
            KINDS[row.kind].label,
            fields_changed(row.kind, row.before, row.after),
            row.element in here[row.kind],
        )
        for row in rows
    ]


def to_settle(plan: Plan) -> tuple[list[ToSettle], list[Inference]]:
    """The doubts, one by one in the order of the plan; then what was deduced, field by field."""
    doubts: list[ToSettle] = []
    deduced: dict[tuple[str, str], list[ToSettle]] = {}
    elements = [each for each in elements_of(plan).values() if each.kind in (ACTIVITY, INDICATOR)]
    for element in sorted(elements, key=lambda each: each.number):
        if element.values["doubt"]:
            doubts.append(ToSettle(element, "doubt", element.values["doubt"]))
        for name in element.values["inferred"]:
            field = KINDS[element.kind].field(name)
            says = field.shown(element.values[name]) if field else ""
            deduced.setdefault((element.kind, name), []).append(ToSettle(element, name, says))
    return doubts, [Inference(_label(*key), rows) for key, rows in deduced.items()]


def fields_changed(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """What changed of an element, in words; of a new one, what it says."""
    found = [
        FieldChange(field.label, field.shown(before.get(field.name, field.empty)), field.shown(after[field.name]))
        for field in KINDS[kind].fields
        if field.name in after
    ]
    return [one for one in found if one.before or one.after]


def _label(kind: str, name: str) -> StrOrPromise:
    field = KINDS[kind].field(name)
    return field.label if field else name
