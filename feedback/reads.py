"""A page asks for the same counts many times, each time by something else: what it read once answers the rest.

Counts add up: those of a quarter are the months' of a year that was read by month, those of women are in what was read
by sex, and a zone's in what was read by place. It holds within `core.reading_once`, and nothing is kept beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.periods import Period
from core.reading_once import read_once
from feedback.models import Category
from feedback.tallied import Span

Key = tuple[Any, ...]
Rows = Mapping[Key, list[int]]


@dataclass(frozen=True)
class Counts:
    """What is counted: `of` what, by which keys ("month", "place" and what cases say), over what. `scope`: P-codes."""

    of: str
    keys: Sequence[str]
    names: Sequence[str]
    period: Period
    scope: Collection[str] | None
    asked: Mapping[str, str]
    cutoff: datetime | None

    def from_others(self, other: Counts, rows: Rows, parents: Mapping[str, str]) -> Rows | None:
        """The same out of what was read for another; None where that does not hold it."""
        within = self._within(other, parents)
        if within is None:
            return None
        at = [other.keys.index(name) for name in self.keys]
        counts = [other.names.index(name) for name in self.names]
        found: dict[Key, list[int]] = {}
        for key, known in rows.items():
            if all(is_within(key[place]) for place, is_within in within):
                short, more = tuple(key[place] for place in at), [known[place] for place in counts]
                before = found.get(short)
                found[short] = more if before is None else [a + b for a, b in zip(before, more, strict=True)]
        return {key: each for key, each in found.items() if any(each)}

    def _within(self, other: Counts, parents: Mapping[str, str]) -> list[tuple[int, Callable[[Any], bool]]] | None:
        """Which keys of the other's rows are of this: where they stand, and what they must be."""
        if (self.of, self.cutoff) != (other.of, other.cutoff):
            return None
        if not set(self.keys) <= set(other.keys) or not set(self.names) <= set(other.names):
            return None
        found: list[tuple[int, Callable[[Any], bool]]] = []
        if self.period != other.period:
            mine, span = Span.of(self.period, self.cutoff), Span.of(other.period, self.cutoff)
            if "month" not in other.keys or not mine or not span or mine.first < span.first or mine.last > span.last:
                return None
            found.append((other.keys.index("month"), lambda month: mine.first <= month < mine.last))
        if self.scope != other.scope:
            if other.scope is not None or "place" not in other.keys:
                return None
            found.append((other.keys.index("place"), frozenset(self.scope or ()).__contains__))
        for name in {*self.asked, *other.asked}:
            if self.asked.get(name) == other.asked.get(name):
                continue
            if name in other.asked or name not in other.keys:
                return None
            found.append((other.keys.index(name), _is(name, self.asked[name], parents)))
        return found


def _is(name: str, code: str, parents: Mapping[str, str]) -> Callable[[Any], bool]:
    if name == "category":
        return lambda value: code in (value, parents.get(value))
    return lambda value: str(value) == code


@read_once
def _made() -> list[tuple[Counts, Rows]]:
    """What was read so far, within the block; outside any, nothing is kept."""
    return []


def once(counts: Counts, read: Callable[[], Rows]) -> Rows:
    """What is counted: out of what the page has read, or read now. Nobody changes what it gives."""
    made = _made()
    parents = parents_of_categories() if made and "category" in counts.asked else {}
    for other, rows in made:
        found = counts.from_others(other, rows, parents)
        if found is not None:
            return found
    found = read()
    made.append((counts, found))
    return found


@read_once
def parents_of_categories() -> dict[str, str]:
    """Of categories that have one: which."""
    rows = Category.objects.exclude(parent=None).order_by()
    return {pk: str(parent) for pk, parent in rows.values_list("pk", "parent")}
