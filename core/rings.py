"""The rings of keys under which sealed things stand (`settings.RINGS`): a module for each, that says what it holds.

What was destroyed stays so in every copy of a backup once the key that it stood under there has left its ring
(decision 18).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

BATCH = 500
COMPARED, OPENED = 5_000, 100  # a drill: records parted into living and destroyed, and of each how many are opened

Record = TypeVar("Record")


@dataclass(frozen=True)
class Round:
    """One batch: wraps under an older key; of them those moved, and those destroyed: no key of the ring opens them."""

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


def rotated(rows: QuerySet[Any], field: str, move: Callable[[Any], bool], batch: int) -> Iterator[Round]:
    """Moves what `field` holds to the newest key, one transaction per batch in the order of ids; yields after each.

    In: the rows that are not there yet, with how they are locked; `move` says whether it could be opened, and now
    stands under the newest key.
    """
    last: Any = None
    while True:
        with transaction.atomic(using=rows.db):
            after = rows.filter(pk__gt=last) if last is not None else rows
            found = list(after.order_by("pk")[:batch])
            moved = [row for row in found if move(row)]
            rows.model._base_manager.using(rows.db).bulk_update(moved, [field])
        if not found:
            return
        last = found[-1].pk
        yield Round(len(found), len(moved), len(found) - len(moved))


def tried_of(
    restored: Sequence[Record],
    living: Collection[Record],
    opens: Callable[[Record], bool],
    opens_still: Callable[[Record], bool],
) -> Tried:
    """Opens some of the restored records that live, and of those destroyed since, which must not open any more."""
    kept, gone = [one for one in restored if one in living], [one for one in restored if one not in living]
    opened, still = [opens(one) for one in kept[:OPENED]], [opens_still(one) for one in gone[:OPENED]]
    return Tried(sum(opened), len(opened) - sum(opened), len(gone), sum(still))


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
