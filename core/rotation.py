"""The platform's online ring (`SEALING_KEYS`): moving live wraps to its newest key, so that the oldest can leave
(DESIGN §4, "Sealing")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import BinaryField
from django.db.models.functions import Substr

from core import spool
from core.keyring import LABEL_BYTES, is_newest, labels, unwrap_online, wrap_online
from core.rings import BATCH, Round, Tried
from core.sealed_models import OnlineSealed
from core.sealing import SealBroken

__all__ = ["MAY_BE_EMPTY", "SETTING", "labels", "places_under", "rotate", "rotate_all", "sealed_models", "tried"]

SETTING = "SEALING_KEYS"
MAY_BE_EMPTY = False
COMPARED, OPENED = 5_000, 100


def sealed_models() -> list[type[OnlineSealed]]:
    """Every model whose records the platform's online key opens, by table name."""
    found = [model for model in apps.get_models() if issubclass(model, OnlineSealed)]
    return sorted(found, key=lambda model: model._meta.db_table)


def places_under(label: str) -> list[str]:
    """The tables, and the spool of this machine, where something still stands under that key of the ring.

    Reads each table once where there is nothing: some minutes where there are millions of rows.
    """
    name = Substr("data_key", 1, LABEL_BYTES, output_field=BinaryField())
    found = [
        model._meta.db_table
        for model in sealed_models()
        if model._default_manager.alias(under=name).filter(under=bytes.fromhex(label)).exists()
    ]
    found += [name for name in settings.SEALED_BESIDE if label in import_module(name).labels_in_use()]
    return [*found, *(["spool"] if label in spool.labels() else [])]


def rotate_all(batch: int = BATCH) -> Iterator[tuple[str, Round]]:
    """Every model, then what is sealed beside them."""
    for model in sealed_models():
        for one in rotate(model, batch):
            yield model._meta.db_table, one
    for name in settings.SEALED_BESIDE:
        yield name, import_module(name).rotate()


def rotate(model: type[OnlineSealed], batch: int = BATCH) -> Iterator[Round]:
    """Rewraps a model's data keys, one transaction per batch, and yields after each.

    Texts are left as they are: only the wrap changes. Stopped half-way, or run again, it moves what remains.
    """
    last: Any = None
    while True:
        with transaction.atomic():
            rows = _batch(model, last, batch)
            old = [row for row in rows if not is_newest(bytes(row.data_key or b""))]
            moved = [row for row in old if _rewrap(row)]
            model._default_manager.bulk_update(moved, ["data_key"])
        if not rows:
            return
        last = rows[-1].pk
        yield Round(len(rows), len(moved), len(old) - len(moved))


def tried(restored: Mapping[str, str]) -> Tried:
    """Opens records of each table: some of those that live, and of those that live no longer here."""
    return sum((_tried(model, restored["default"]) for model in sealed_models()), Tried())


def _tried(model: type[OnlineSealed], using: str) -> Tried:
    rows = model._default_manager.using(using).filter(data_key__isnull=False).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:COMPARED])
    living = set(_living(model, ids))
    kept, gone = [pk for pk in ids if pk in living], [pk for pk in ids if pk not in living]
    opened = [_opens(row) for row in rows.filter(pk__in=kept[:OPENED])]
    still = [_opens(row) for row in rows.filter(pk__in=gone[:OPENED])]
    return Tried(sum(opened), len(opened) - sum(opened), len(gone), sum(still))


def _living(model: type[OnlineSealed], ids: list[Any]) -> Iterable[Any]:
    return model._default_manager.filter(pk__in=ids, data_key__isnull=False).values_list("pk", flat=True)


def _opens(row: OnlineSealed) -> bool:
    try:
        for field in row.sealed_fields():
            row.unsealed(field)
    except SealBroken:
        return False
    return True


def _batch(model: type[OnlineSealed], last: Any, size: int) -> list[OnlineSealed]:
    """The next rows with a wrap, in the order of their ids, locked so that nothing seals them anew meanwhile."""
    rows = model._default_manager.filter(data_key__isnull=False).order_by("pk").only("pk", "data_key")
    after = rows.filter(pk__gt=last) if last is not None else rows
    return list(after.select_for_update()[:size])


def _rewrap(row: OnlineSealed) -> bool:
    """Whether it could be opened, and now stands under the newest key."""
    context = row.sealing_context("data_key")
    try:
        row.data_key = wrap_online(unwrap_online(bytes(row.data_key or b""), context), context)
    except SealBroken:
        return False
    return True
