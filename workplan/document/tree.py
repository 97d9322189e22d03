"""The elements as a tree, as a plan's file has them; and back, each with every field said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.formats import alphabetical
from workplan.document.elements import Element, Elements
from workplan.document.kinds import ACTIVITY, AXIS, INDICATOR, KINDS, OBJECTIVE, PLAN
from workplan.enums import Verifier

PARTS = {PLAN: "axes", AXIS: "objectives", OBJECTIVE: "activities", ACTIVITY: "indicators"}
# What a file may say beside its fields: `source` follows from `measure`.
BESIDE = {PLAN: ("is_invented",), INDICATOR: ("source",)}
BELOW = {PLAN: AXIS, AXIS: OBJECTIVE, OBJECTIVE: ACTIVITY, ACTIVITY: INDICATOR}


class Unreadable(Exception):
    """A file that is no plan. `problems`: where, and why."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


def rooted(elements: Elements) -> Element:
    """The plan with its parts in order, as the reader's tree."""
    plan = next(element for element in elements.values() if element.kind == PLAN)
    for element in elements.values():
        element.parts = []
    for element in elements.values():
        if element.parent is not None and element.parent in elements:
            elements[element.parent].parts.append(element)
    for element in elements.values():
        element.parts.sort(key=lambda part: _in_order(part.number))
    return plan


def walked(root: Element) -> Iterator[Element]:
    """The element and everything below it, from the whole to its parts."""
    yield root
    for part in root.parts:
        yield from walked(part)


def as_entry(element: Element) -> dict[str, Any]:
    """As the file writes it, without what says nothing."""
    said = {}
    for field in KINDS[element.kind].fields:
        value = element.values.get(field.name, field.empty)
        if value != field.empty or field.required:
            said[field.name] = value
    if element.kind in PARTS:
        said[PARTS[element.kind]] = [as_entry(part) for part in element.parts]
    return said


def from_entry(entry: Any, kind: str = PLAN) -> Element:
    """In: what a file says of a plan. Out: the tree, every field checked. Raises Unreadable."""
    problems: list[tuple[str, str]] = []
    root = _element(entry, kind, problems)
    problems += incoherences(root)
    if problems:
        raise Unreadable(*problems)
    return root


def incoherences(root: Element) -> list[tuple[str, str]]:
    """Numbers that stand twice, for a number is what an element is known by; quarters outside the plan's years."""
    seen: set[tuple[str, str]] = set()
    years = {str(year) for year in root.values.get("years", [])}
    found = []
    for element in walked(root):
        if (element.kind, element.number) in seen:
            found.append((name_of(element), _("ce numéro y est déjà")))
        seen.add((element.kind, element.number))
        outside = sorted(set(element.values.get("windows") or {}) - years)
        if outside:
            found.append((name_of(element), _("%(years)s n’est pas du plan") % {"years": ", ".join(outside)}))
    return found


def checked_values(kind: str, said: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Every field of an element, and the labels of what is wrong, each with a sentence."""
    values: dict[str, Any] = {}
    problems = []
    for field in KINDS[kind].fields:
        try:
            values[field.name] = field.checked(said.get(field.name))
        except ValueError as error:
            problems.append((str(field.column), str(error)))
            values[field.name] = field.empty
    if kind == INDICATOR and not values["verifier"]:
        values["verifier"] = default_verifier(values["number"])
    return values, problems


def default_verifier(number: str) -> str:
    """Who verifies an indicator of which nothing is said: the secretariat for axes 1 and 2, else the working group."""
    if number == "3.2.2.b":
        return Verifier.PSEA_COORDINATOR.value
    return (Verifier.WORKING_GROUP if number.startswith("3.") else Verifier.SECRETARIAT).value


def _element(entry: Any, kind: str, problems: list[tuple[str, str]]) -> Element:
    if not isinstance(entry, Mapping):
        raise Unreadable((str(KINDS[kind].label), _("ce n’est pas ce que le fichier d’un plan dit ici")))
    values, wrong = checked_values(kind, entry)
    element = Element(kind, values)
    problems += [(name_of(element), f"{label} : {why}") for label, why in wrong]
    known = {*values, PARTS.get(kind), *BESIDE.get(kind, ())}
    problems += [
        (name_of(element), _("mot inconnu : %(word)s") % {"word": word}) for word in entry if word not in known
    ]
    parts = entry.get(PARTS.get(kind, ""), [])
    if not isinstance(parts, Iterable) or isinstance(parts, str | Mapping):
        problems.append((name_of(element), _("ce n’est pas une liste")))
        return element
    element.parts = [_element(part, BELOW[kind], problems) for part in parts]
    return element


def name_of(element: Element) -> str:
    """What a person calls it."""
    return f"{KINDS[element.kind].label} {element.number}".strip()


def _in_order(number: str) -> tuple[Any, ...]:
    """1.10 after 1.9, and 1.1.1.b after 1.1.1.a."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, alphabetical(part)) for part in number.split("."))
