"""Which column of a table says what, by the names that people give to columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from core.spelling import plain


def guessed_columns(headers: list[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """In: for each field, the names of its column, evened out (`plain`) and surest first. Out: its likely column.

    Each column is taken once. Of a name with groups, as survey tools write them, the last part counts too.
    """
    known = [{plain(header), plain(last_part(header))} for header in headers]
    found: dict[str, int] = {}
    for field, wanted in names.items():
        place = _first_of(known, wanted, taken=found.values())
        if place is not None:
            found[field] = place
    return found


def last_part(header: str) -> str:
    """The name of a question without the groups before it."""
    return re.split(r"[/:]", header)[-1]


def _first_of(names: list[set[str]], wanted: tuple[str, ...], *, taken: Iterable[int]) -> int | None:
    used = set(taken)
    for one in wanted:
        for place, known in enumerate(names):
            if one in known and place not in used:
                return place
    return None
