"""The rings of keys under which sealed things stand (`settings.RINGS`): a module for each, that says what it holds.

What was destroyed stays so in every copy of a backup once the key that it stood under there has left its ring
(decision 18).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

BATCH = 500


@dataclass(frozen=True)
class Round:
    """One batch: wraps looked at, wraps moved, and wraps that no key of the ring opens (those were destroyed)."""

    looked: int = 0
    moved: int = 0
    lost: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(self.looked + other.looked, self.moved + other.moved, self.lost + other.lost)


@dataclass(frozen=True)
class Tried:
    """Of a restored place: records that still live, and open or do not; and those destroyed since, that open or not."""

    opened: int = 0
    closed: int = 0
    destroyed: int = 0
    destroyed_open: int = 0

    def __add__(self, other: Tried) -> Tried:
        return Tried(
            self.opened + other.opened,
            self.closed + other.closed,
            self.destroyed + other.destroyed,
            self.destroyed_open + other.destroyed_open,
        )


class Ring(Protocol):
    """`SETTING` names its keys, `MAY_BE_EMPTY` says whether an installation may have nothing under it."""

    SETTING: str
    MAY_BE_EMPTY: bool

    def labels(self) -> list[str]:
        """Its keys, newest first, by names that tell nothing of them."""

    def places_under(self, label: str) -> list[str]:
        """The tables, and what else, where something still stands under that key."""

    def rotate_all(self, batch: int) -> Iterator[tuple[str, Round]]:
        """Moves what lives to the newest key; yields each place after each batch. It may be stopped and run again."""

    def tried(self, restored: Mapping[str, str]) -> Tried:
        """Opens what a restored place holds. In: alias → that of the restored database."""


def rings() -> list[Ring]:
    """The platform's own first."""
    return [cast(Ring, import_module(name)) for name in settings.RINGS]


def keys_in_use() -> dict[str, tuple[str, ...]]:
    """By setting: the newest key of the ring, and the older ones that something still stands under."""
    found = {}
    for ring in rings():
        newest, *older = ring.labels()
        found[ring.SETTING] = (newest, *(label for label in older if ring.places_under(label)))
    return found
