"""Sets of values that cells can have, as the bits of one number, and how sums of periods narrow them.

A value has two sides (referred, not referred); where only one is unknown the other is 0. Sets are added by shifting,
so that all sums of two sets of a thousand values take a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

STRIDE = 1024
# No cell is thought to hold more.
MOST = 60


class Cell(NamedTuple):
    """One value: its two sides."""

    one: int
    other: int


@dataclass
class Node:
    """A period: the quarters in it, and the values it can have (None: nothing is known of it yet)."""

    name: str
    quarters: tuple[int, ...]
    possible: int | None


def exactly(values: Iterable[Cell]) -> int:
    """The set of these values."""
    found = 0
    for value in values:
        found |= 1 << (value.one * STRIDE + value.other)
    return found


def at_most(one: int | None, other: int | None) -> int:
    """Every value whose sides are no greater; None: no bound but MOST."""
    row = (1 << ((MOST if other is None else other) + 1)) - 1
    found = 0
    for number in range((MOST if one is None else one) + 1):
        found |= row << (number * STRIDE)
    return found


def values_of(bits: int) -> list[int]:
    """The places of a set's bits."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


@lru_cache(maxsize=4096)
def added(one: int, other: int, limit: int) -> int:
    """All sums of a value of each that are within a limit."""
    few, many = sorted((one, other), key=int.bit_count)
    found = 0
    for place in values_of(few):
        found |= many << place
    return found & limit


def box_of(bits: int) -> int:
    """Every value neither of whose sides is greater than the greatest of a set."""
    sides = [divmod(place, STRIDE) for place in values_of(bits)]
    return at_most(max(one for one, _other in sides), max(other for _one, other in sides))


def only_one(bits: int | None, axis: int) -> int | None:
    """The number that one side of every value of a set is; None if there are several, or no value at all."""
    sides = {divmod(place, STRIDE)[axis] for place in values_of(bits or 0)}
    return sides.pop() if len(sides) == 1 else None


def narrowed(nodes: Sequence[Node]) -> list[Node]:
    """In: periods from the narrowest to the widest, each within one wider or apart from it. Out: those of which
    something is published, and all within them, with the values they can still have when every sum must come out."""
    told = [node for node in nodes if len(node.quarters) > 1 and node.possible is not None]
    every = [node for node in nodes if any(set(node.quarters) <= set(one.quarters) for one in told)]
    children: dict[int, list[Node]] = {id(node): [] for node in every}
    limits: dict[str, int] = {}
    for place, node in enumerate(every):
        parent = next((one for one in every[place + 1 :] if set(node.quarters) <= set(one.quarters)), None)
        if parent is not None:
            children[id(parent)].append(node)
    for node in every:
        widest = next(one for one in reversed(told) if set(node.quarters) <= set(one.quarters))
        limit = limits.setdefault(widest.name, box_of(widest.possible or 0) if widest.possible else 0)
        known = _sums([child.possible or 0 for child in children[id(node)]], limit) if children[id(node)] else limit
        node.possible = known if node.possible is None else node.possible & known
    for node in reversed(every):
        _share(node, children[id(node)])
    return every


def _sums(sets: Sequence[int], limit: int) -> int:
    found = 1
    for one in sets:
        found = added(found, one, limit)
    return found


def _share(node: Node, children: Sequence[Node]) -> None:
    """What each child can have, given what all of them together must come to; alike for children that are alike."""
    target, sets = node.possible or 0, [child.possible or 0 for child in children]
    limit = box_of(target) if target else 0
    shares: dict[int, int] = {}
    for place, own in enumerate(sets):
        if own not in shares:
            others = _sums([*sets[:place], *sets[place + 1 :]], limit)
            shares[own] = sum(1 << value for value in values_of(own) if (others << value) & target)
        children[place].possible = shares[own]
