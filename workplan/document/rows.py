"""The lines of a plan's table as the tree of its elements, or what is wrong with them, line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from workplan.document import guesses
from workplan.document.columns import COLUMNS
from workplan.document.elements import Element, Elements
from workplan.document.fields import Field, tidy
from workplan.document.kinds import ACTIVITY, AXIS, INDICATOR, KINDS, OBJECTIVE, ORDER, PLAN
from workplan.document.tables import AXIS as AXIS_HEADING
from workplan.document.tables import OBJECTIVE as OBJECTIVE_HEADING
from workplan.document.tables import PlanTable, is_heading
from workplan.document.tree import default_verifier, incoherences, walked
from workplan.document.windows import spans_of, spans_text
from workplan.enums import Kind

Problem = tuple[str, str]


def tree_of(
    table: PlanTable, columns: Mapping[str, int], facts: Mapping[str, Any], here: Elements
) -> tuple[Element, list[Problem]]:
    """In: which column says what, the values of the plan itself, and the elements of the plan with that code, if it is
    here: a number that is theirs needs no more. Out: the tree, and where and why it cannot be.
    """
    reader = _Reader(table, columns, here)
    for index in range(len(table.rows)):
        reader.row(index)
    root = reader.finished(facts)
    return root, [*reader.problems, *incoherences(root)]


class _Reader:
    def __init__(self, table: PlanTable, columns: Mapping[str, int], here: Elements) -> None:
        self.table, self.columns = table, {name: place for name, place in columns.items() if place >= 0}
        self.here, self.by_key = {(each.kind, each.number): each for each in here.values()}, here
        self.root = Element(PLAN, {})
        self.current: dict[str, Element] = {PLAN: self.root}
        self.known: dict[tuple[str, str], Element] = {}
        self.above: dict[int, Element] = {}
        self.places: dict[int, str] = {}
        self.problems: list[Problem] = []
        self.place = ""
        self.has_years = any(name.startswith("year_") for name in self.columns)

    def row(self, index: int) -> None:
        cells, self.place = self.table.rows[index], self.table.places[index]
        if is_heading(cells):
            self._heading(next(cell for cell in cells if cell))
            return
        said = {name: tidy(cells[place]) for name, place in self.columns.items()}
        for kind in (AXIS, OBJECTIVE, ACTIVITY):
            self._enter(kind, said, said.get(f"{kind}_title", ""))
        self._indicators(said)

    def finished(self, facts: Mapping[str, Any]) -> Element:
        """Every element with every field, what was not said being empty."""
        self.root.values = dict(facts)
        mapped = {
            kind: {field.name for name, (of, field) in COLUMNS.items() if of == kind and name in self.columns}
            for kind in ORDER
        }
        for element in walked(self.root):
            if element.kind == PLAN:
                continue
            guessed = set(element.values)
            self.place = self.places[id(element)]
            there = self.here.get((element.kind, element.number))
            for field in KINDS[element.kind].fields:
                if field.name not in element.values:
                    stays = there is not None and (field.required or field.name not in mapped[element.kind])
                    element.values[field.name] = there.values[field.name] if there and stays else field.empty
                    if field.required and there is None:
                        self._wrong(field, _("il manque"))
            element.said = frozenset(mapped[element.kind] | guessed)
            if element.kind == INDICATOR and not element.values["verifier"]:
                element.values["verifier"] = default_verifier(element.number)
        return self.root

    # -- one element --------------------------------------------------------------------------------------------------

    def _heading(self, text: str) -> None:
        axis = AXIS_HEADING.fullmatch(text)
        if axis:
            self._enter(AXIS, {"axis_number": axis[1]}, axis[2].strip())
            return
        objective = OBJECTIVE_HEADING.fullmatch(text)
        if objective:
            if AXIS not in self.current or not objective[1].startswith(f"{self.current[AXIS].number}."):
                self._enter(AXIS, {"axis_number": objective[1].partition(".")[0]}, "")
            self._enter(OBJECTIVE, {"objective_number": objective[1]}, objective[2].strip())

    def _enter(self, kind: str, said: Mapping[str, str], title: str) -> None:
        """Makes the element that the row speaks of the current one: a known one, or a new one in the current above."""
        number = said.get(f"{kind}_number", "")
        if not number and f"{kind}_number" not in self.columns:
            number, title = guesses.numbered(title)
        if not number and not title:
            return
        here = self.current.get(kind)
        if not number and here is not None and title == here.values.get("title"):
            return
        element = self._found(kind, number, title)
        if element is None:
            return
        self._take(element, kind, {**said, f"{kind}_title": title})

    def _found(self, kind: str, number: str, title: str) -> Element | None:
        known = self._known(kind, number) if number else None
        if known is None:
            above = self.current.get({AXIS: PLAN, OBJECTIVE: AXIS, ACTIVITY: OBJECTIVE, INDICATOR: ACTIVITY}[kind])
            if above is None:
                over = {OBJECTIVE: AXIS, ACTIVITY: OBJECTIVE, INDICATOR: ACTIVITY}[kind]
                self.problems.append((self.place, _("on ne sait pas de quel %(what)s") % {"what": KINDS[over].label}))
                return None
            if not title:
                self.problems.append((self.place, _("%(number)s n’est décrit nulle part") % {"number": number}))
                return None
            known = self._made(kind, number or self._next_number(kind, above), above)
            if not number:
                known.values["inferred"] = ["number"] if KINDS[kind].field("inferred") else []
        self._make_current(known)
        return known

    def _known(self, kind: str, number: str) -> Element | None:
        """The element that a row above named, or that the plan here has, in its place."""
        there = self.here.get((kind, number))
        if (kind, number) in self.known or there is None or there.parent is None:
            return self.known.get((kind, number))
        over = self.by_key[there.parent]
        above = self.root if over.kind == PLAN else self._known(over.kind, over.number)
        return self._made(kind, number, above) if above is not None else None

    def _made(self, kind: str, number: str, above: Element) -> Element:
        element = Element(kind, {})
        above.parts.append(element)
        self.above[id(element)], self.places[id(element)] = above, self.place
        self.known[kind, number] = element
        self._note(element, KINDS[kind].field("number"), number)
        return element

    def _next_number(self, kind: str, above: Element) -> str:
        count = len(above.parts) + 1
        if kind == INDICATOR:
            return f"{above.number}.{chr(96 + min(count, 26))}"
        return f"{above.number}.{count}" if kind != AXIS else str(count)

    def _make_current(self, element: Element) -> None:
        for kind in ORDER[ORDER.index(element.kind) :]:
            self.current.pop(kind, None)
        while element.kind != PLAN:
            self.current[element.kind] = element
            element = self.above[id(element)]

    # -- what a row says of it ----------------------------------------------------------------------------------------

    def _take(self, element: Element, kind: str, said: Mapping[str, str]) -> None:
        for field in KINDS[kind].fields:
            text = said.get(f"{kind}_{field.name}", "")
            if text and field.name != "number":
                self._note(element, field, text)
        if kind == ACTIVITY:
            self._activity(element, said)

    def _activity(self, element: Element, said: Mapping[str, str]) -> None:
        if "activity_expertise" not in self.columns and "others" in element.values:
            others, expertise = guesses.expertise_in(element.values["others"])
            if expertise:
                element.values["others"] = others
                element.values["expertise"] = [*element.values.get("expertise", []), *expertise]
        if self.has_years and "activity_windows" not in self.columns and "windows" not in element.values:
            windows = self._of_years(said)
            if windows is not None:
                element.values["windows"] = windows

    def _indicators(self, said: Mapping[str, str]) -> None:
        title, number = said.get("indicator_title", ""), said.get("indicator_number", "")
        if not title and not number:
            return
        one_each = [title] if "indicator_number" in self.columns else guesses.bullets(title)
        for words in one_each:
            found, text = (number, words) if "indicator_number" in self.columns else guesses.numbered(words)
            element = self._found(INDICATOR, found, text)
            if element is None:
                continue
            self._take(element, INDICATOR, {**said, "indicator_title": text})
            self._guess(element, said, alone=len(one_each) == 1)

    def _guess(self, element: Element, said: Mapping[str, str], *, alone: bool) -> None:
        values = element.values
        is_new = (INDICATOR, element.number) not in self.here
        if is_new and "indicator_kind" not in self.columns and "title" in values:
            values["kind"] = guesses.kind_of_value(values["title"])
            if values["kind"] == Kind.COUNT_WITH_SHARE and "indicator_share" not in self.columns:
                values["share"] = guesses.share_of(values["title"])[:200]
            values["inferred"] = list(dict.fromkeys([*values.get("inferred", []), "kind"]))
        if self.has_years and "indicator_windows" not in self.columns and alone and "windows" not in values:
            own = self._of_years(said)
            if own is not None and own != self.current[ACTIVITY].values.get("windows"):
                values["windows"] = own

    def _of_years(self, said: Mapping[str, str]) -> dict[str, str] | None:
        """The quarters that the columns of the years say; None where the row leaves them blank."""
        texts = {name[-4:]: said.get(name, "") for name in self.columns if name.startswith("year_")}
        if not any(texts.values()):
            return None
        found = {}
        for year, text in sorted(texts.items()):
            try:
                spans = spans_text(spans_of(re.sub(r"\s*\n\s*", ",", text)))
            except ValueError:
                self.problems.append((self.place, _("%(year)s : des trimestres s’écrivent « T1-T4 »") % {"year": year}))
                continue
            if spans:
                found[year] = spans
        return found

    def _note(self, element: Element, field: Field | None, text: str) -> None:
        assert field is not None  # noqa: S101  every kind has the fields it is asked of
        try:
            value = field.read(text)
        except ValueError as error:
            self._wrong(field, str(error))
            element.values.setdefault(field.name, field.empty)
            return
        if element.values.get(field.name, value) != value:
            self._wrong(field, _("deux lignes disent deux choses"))
            return
        element.values[field.name] = value

    def _wrong(self, field: Field, why: str) -> None:
        self.problems.append((self.place, f"{field.column} : {why}"))
