"""The vault's ring as `core.rings.Ring`: what stands under it moves to its newest key, without anybody's own key.

Wraps of cases, decoys alike; what a person is asked in writing, which their number and code open; what somebody was
typing. The rest of what is sealed here stands under a key that a wrap holds (decision 18).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr

from core.rings import BATCH, COMPARED, Round, Tried, rotated, tried_of
from core.sealing import SUITE, SealBroken
from psea.databases import OWNER, VAULT
from psea.models import Wrap
from psea.models.ringed import Ringed
from psea.ring import LAYER, NAMED, named, names

SETTING = "VAULT_SEALING_KEYS"
MAY_BE_EMPTY = True


def labels() -> list[str]:
    return [name.hex() for name in names()]


def places_under(label: str) -> list[str]:
    """The tables where something stands under that key of the ring."""
    return [table for table, rows in _named() if rows.filter(begins=named(bytes.fromhex(label))).exists()]


def places_without() -> list[str]:
    """The tables where something stands under no key at all: it is from before there was a ring."""
    return [table for table, rows in _named() if rows.filter(begins__gte=SUITE, begins__lt=LAYER).exists()]


def places_unknown() -> list[str]:
    """The tables where something stands under a key that is not in the ring: nobody opens it."""
    known = [named(name) for name in names()]
    others = ((table, rows.exclude(begins__gte=SUITE, begins__lt=LAYER)) for table, rows in _named())
    return [table for table, rows in others if rows.exclude(begins__in=known).exists()]


def rotate_all(batch: int = BATCH) -> Iterator[tuple[str, Round]]:
    for model in ringed_models():
        for one in rotate(model, batch):
            yield model._meta.db_table, one


def rotate(model: type[Ringed], batch: int = BATCH) -> Iterator[Round]:
    """Seals the outer layer of what is under no key or an older one anew, one transaction per batch.

    It never waits for a row: one that somebody changes meanwhile is passed over, written under the newest key by them,
    or done the next time. So it can be in nobody's way but for a moment, nor they and it in each other's.
    """
    older = dict(_named())[model._meta.db_table].exclude(begins=named(names()[0]))
    return rotated(older.select_for_update(skip_locked=True), model.RINGED, _moved, batch)


def tried(restored: Mapping[str, str]) -> Tried:
    """Parts of sealed cases whose wraps a key of the ring opens: a reader would need no more than their own.

    Without one nothing of them can be read here. A part was destroyed where the living vault has no wrap of it left.
    """
    rows = Wrap.objects.using(restored[OWNER])
    parts = list(rows.order_by("case_id", "part").values_list("case_id", "part").distinct()[:COMPARED])
    living = set(_parts_of({case_id for case_id, _part in parts}))

    def opened(one: tuple[UUID, str]) -> list[bool]:
        return [_opens(row) for row in rows.filter(case_id=one[0], part=one[1])]

    return tried_of(parts, living, lambda one: all(opened(one)), lambda one: any(opened(one)))


def _parts_of(case_ids: Collection[UUID]) -> Iterable[tuple[UUID, str]]:
    return Wrap.objects.using(VAULT).filter(case_id__in=case_ids).values_list("case_id", "part").distinct()


def ringed_models() -> list[type[Ringed]]:
    """Every model with a field under the ring, by table name."""
    found = [model for model in apps.get_models() if issubclass(model, Ringed)]
    return sorted(found, key=lambda model: model._meta.db_table)


def _named() -> Iterator[tuple[str, QuerySet[Any]]]:
    """Each table, and its rows with how what is under the ring begins."""
    for model in ringed_models():
        begins = Substr(model.RINGED, 1, NAMED, output_field=BinaryField())
        rows = model._base_manager.using(VAULT).filter(**{f"{model.RINGED}__isnull": False})
        yield model._meta.db_table, rows.alias(begins=begins)


def _moved(row: Ringed) -> bool:
    """Whether it could be opened, and now stands under the newest key."""
    try:
        row.put_under_ring(row.out_of_ring())
    except SealBroken:
        return False
    return True


def _opens(row: Wrap) -> bool:
    try:
        return bool(row.out_of_ring())
    except SealBroken:
        return False
