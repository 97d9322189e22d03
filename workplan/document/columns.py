"""The columns of a plan's table: what they say, and the headings under which people have them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import override
from django_stubs_ext import StrOrPromise

from core.sheet_columns import guessed_columns
from core.spelling import plain
from workplan.document.fields import Field
from workplan.document.kinds import KINDS, ORDER, PLAN

YEAR = re.compile(r"(?:19|20)\d\d")


def name_of(kind: str, field: Field) -> str:
    return f"{kind}_{field.name}"


# Every column by name: of which element it is, and which field.
COLUMNS: dict[str, tuple[str, Field]] = {
    name_of(kind, field): (kind, field) for kind in ORDER for field in KINDS[kind].fields
}


def heading(field: Field) -> str:
    """The heading that we write: French, whatever the reader's language."""
    with override("fr"):
        return str(field.column)


def labels() -> list[tuple[str, StrOrPromise]]:
    """Every column, by name, with what people call it."""
    return [(name, field.column) for name, (_kind, field) in COLUMNS.items()]


def guessed(headers: list[str]) -> dict[str, int]:
    """The likely column of each field, and of the quarters of each year (`year_2021`)."""
    names = {name: (plain(heading(field)), *field.names) for name, (_kind, field) in COLUMNS.items()}
    found = guessed_columns(headers, names)
    for place, header in enumerate(headers):
        year = header.strip()
        if YEAR.fullmatch(year):
            found.setdefault(f"year_{year}", place)
    return found


def facts_in(rows: Iterable[list[str]]) -> dict[str, str]:
    """What a table of two columns says of the plan itself, by field."""
    by_heading = {plain(heading(field)): field.name for field in KINDS[PLAN].fields}
    found = {}
    for row in rows:
        name = by_heading.get(plain(row[0])) if len(row) > 1 else None
        if name:
            found[name] = row[1]
    return found
