"""The lines of a table as entries of a register, or what is wrong with them; nothing of a line is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from core.sheet_cells import day_of
from core.sheet_reading import Table
from core.spelling import plain
from directory.models import Organisation, Place
from directory.organisation_names import KnownNames
from workplan.registers.columns import DAY, FOCUS, LINE, LINK, ORGANISATION, PLACE, SOURCE_ID, UNTIL, columns_of
from workplan.registers.fields import YesNo
from workplan.registers.given import Given, sorted_out
from workplan.registers.kinds import Register

_FOCUS = YesNo(FOCUS, "")
_is_address = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True)
class Row:
    """One line: its number in the spreadsheet, the entry it gives, or the labels of what is wrong."""

    number: int
    given: Given | None
    wrong: tuple[str, ...] = ()


class Rows:
    """Everything that reading a table needs, read once."""

    def __init__(self, register: Register, table: Table, columns: Mapping[str, int]) -> None:
        self.register, self.table, self.columns = register, table, columns
        self.labels = {name: str(label) for name, label in columns_of(register)}
        self.names = KnownNames()
        self.organisations = Organisation.objects.in_bulk()
        # A region and its first cercle often share a name: the name alone means the region.
        every = Place.objects.select_related("parent").order_by("-level")
        self.places = {plain(text): place for place in every for text in (place.pcode, place.name, place.name_cod)}

    def row(self, index: int) -> Row:
        said = {name: self.table.rows[index][column] for name, column in self.columns.items() if column >= 0}
        reader = _Line(self, said)
        given = reader.given()
        wrong = tuple(self.labels.get(name, name) for name in dict.fromkeys(reader.wrong))
        return Row(index + 2, None if wrong else given, wrong)


class _Line:
    def __init__(self, rows: Rows, said: dict[str, str]) -> None:
        self.rows, self.said = rows, said
        self.wrong: list[str] = []

    def given(self) -> Given | None:
        facts, words, wrong = sorted_out(self.rows.register, dict(self.said))
        self.wrong += wrong
        day = self._day(DAY)
        line = self.said.get(LINE, "")
        if day is None:
            self.wrong.append(DAY)
        if not line or len(line) > 300:
            self.wrong.append(LINE)
        made: dict[str, Any] = {
            "until": self._day(UNTIL),
            "place": self._place(),
            "about_focus": self._focus(),
            "organisation": self._organisation(),
            "link": self._link(),
            "source_id": self.said.get(SOURCE_ID, "")[:200],
        }
        return Given(day=day, line=line, facts=facts, words=words, **made) if day is not None else None

    def _day(self, name: str) -> date | None:
        text = self.said.get(name, "")
        found = day_of(text.split("T")[0]) if text else None
        if text and found is None:
            self.wrong.append(name)
        return found

    def _place(self) -> Place | None:
        text = plain(self.said.get(PLACE, ""))
        found = self.rows.places.get(text) if text else None
        if text and found is None:
            self.wrong.append(PLACE)
        return found

    def _focus(self) -> bool | None:
        try:
            return _FOCUS.read(self.said.get(FOCUS))
        except ValueError:
            self.wrong.append(FOCUS)
            return None

    def _organisation(self) -> Organisation | None:
        text = self.said.get(ORGANISATION, "")
        found = self.rows.names.found(text, text) if text else set()
        if text and len(found) != 1:
            self.wrong.append(ORGANISATION)
            return None
        return self.rows.organisations.get(next(iter(found))) if found else None

    def _link(self) -> str:
        text = self.said.get(LINK, "")
        try:
            if text:
                _is_address(text)
        except ValidationError:
            self.wrong.append(LINK)
        return text[:500]


def in_words(row: Row) -> str:
    """What is wrong with a line, by the names of its columns."""
    return _("À corriger : %(columns)s.") % {"columns": ", ".join(row.wrong)}
