"""A plan as a file that this platform reads back: YAML, and a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.sheet_writing import Cell, Page, as_csv, as_pages
from core.transitions import Refused
from workplan.document.columns import COLUMNS, heading, name_of
from workplan.document.elements import Element
from workplan.document.kinds import INDICATOR, KINDS, PLAN
from workplan.document.tables import FACTS, quoted
from workplan.document.tree import as_entry

LARGEST = 1_000_000
WIDE = {"title": 50, "description": 40, "leads": 25, "others": 25}


def as_yaml(root: Element, *, is_invented: bool = False) -> bytes:
    entry = as_entry(root) | ({"is_invented": True} if is_invented else {})
    return yaml.safe_dump({"plan": entry}, sort_keys=False, allow_unicode=True, width=120).encode()


def yaml_entry(content: bytes) -> dict[str, Any]:
    """What a YAML file says under `plan`. Raises Refused with what to do when it is no such file."""
    if len(content) > LARGEST:
        raise Refused(_("Ce fichier est trop lourd."))
    try:
        text = content.decode("utf-8-sig")
        # A name for a part, used again and again, would unfold without end.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise Refused(_("Ce fichier YAML a des renvois : écrivez chaque partie en entier."))
        said = yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        line = _(" (ligne %(n)s)") % {"n": where.line + 1} if where is not None else ""
        raise Refused(_("Ce fichier YAML ne se lit pas%(line)s.") % {"line": line}) from error
    if not isinstance(said, dict) or not isinstance(said.get("plan"), dict):
        raise Refused(_("Ce fichier YAML n’a pas de « plan: » en tête."))
    entry: dict[str, Any] = said["plan"]
    return entry


def as_spreadsheet(root: Element) -> bytes:
    """A line for each indicator; what an element says beside its number stands on its first line."""
    with override("fr"):
        headings = [heading(field) for _kind, field in COLUMNS.values()]
        widths = [WIDE.get(field.name, 14) for _kind, field in COLUMNS.values()]
        facts: list[list[Cell]] = [list(pair) for pair in fact_rows(root)]
        pages = [
            Page("Plan", headings, _lines(root), widths, wraps=True),
            Page("Fiche", [FACTS.capitalize(), ""], facts, (25, 80), wraps=True),
        ]
        return as_pages(pages)


def as_table(root: Element) -> bytes:
    """The same lines as CSV, without what is said of the plan itself."""
    with override("fr"):
        return as_csv([heading(field) for _kind, field in COLUMNS.values()], list(_lines(root)))


def fact_rows(root: Element) -> list[tuple[str, str]]:
    """What is said of the plan itself, heading by heading."""
    return [(heading(field), quoted(field.shown(root.values[field.name]))) for field in KINDS[PLAN].fields]


def cell(element: Element, name: str) -> str:
    """What one field says, as `Field.read` reads it again."""
    field = KINDS[element.kind].field(name)
    return quoted(field.shown(element.values[name])) if field else ""


def _lines(root: Element) -> Iterator[list[Cell]]:
    told: set[int] = set()
    for line in _branches(root):
        said: dict[str, str] = {}
        for element in line:
            names = {field.name for field in KINDS[element.kind].fields} if id(element) not in told else {"number"}
            told.add(id(element))
            said |= _said(element, names)
        yield [said.get(name, "") for name in COLUMNS]


def _said(element: Element, names: Collection[str]) -> dict[str, str]:
    return {
        name_of(element.kind, field): cell(element, field.name)
        for field in KINDS[element.kind].fields
        if field.name in names
    }


def _branches(element: Element) -> Iterator[list[Element]]:
    """From the axis down to each indicator, or to what has nothing below it."""
    for part in element.parts:
        if part.kind == INDICATOR or not part.parts:
            yield [part]
        else:
            for below in _branches(part):
                yield [part, *below]
