"""A register as a table that this platform reads back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import override

from core.sheet_writing import Cell
from directory.models import Place
from workplan.models import RegisterEntry
from workplan.registers.columns import DAY, FOCUS, LINE, LINK, ORGANISATION, PLACE, SOURCE_ID, UNTIL, columns_of
from workplan.registers.kinds import Register

YES_OR_NO = {True: "oui", False: "non", None: ""}


def exported(register: Register, entries: Iterable[RegisterEntry]) -> tuple[list[str], Iterator[list[Cell]]]:
    """Headings, in French whatever the reader's language, and a line for each entry."""
    with override("fr"):
        headings = [str(label) for _name, label in columns_of(register)]
    return headings, (_line(register, entry) for entry in entries)


def template(register: Register) -> tuple[list[str], list[list[Cell]]]:
    """The same headings, and one line that could be right."""
    headings, _rows = exported(register, [])
    place = Place.objects.regions().values_list("pcode", flat=True).last()
    example = {DAY: "12/03/2021", LINE: "…", PLACE: place or ""}
    return headings, [[example.get(name, "") for name, _label in columns_of(register)]]


def _line(register: Register, entry: RegisterEntry) -> list[Cell]:
    told = entry.told
    known: dict[str, Any] = {
        DAY: entry.day,
        LINE: entry.line,
        UNTIL: entry.until,
        PLACE: entry.place.pcode if entry.place else "",
        FOCUS: YES_OR_NO[entry.about_focus],
        ORGANISATION: str(entry.organisation or ""),
        LINK: entry.link,
        SOURCE_ID: "",
    }
    with override("fr"):
        for field in register.fields:
            value = entry.facts.get(field.name)
            known[field.name] = told.get(field.name, "") if field.is_text else _cell(field, value)
    return [known[name] for name, _label in columns_of(register)]


def _cell(field: Any, value: Any) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return str(field.shown(value))
