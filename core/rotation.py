"""Moving live wraps to the newest online key, so that the oldest can leave the ring (DESIGN §4, "Sealing")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import BinaryField
from django.db.models.functions import Substr

from core import spool
from core.keyring import LABEL_BYTES, is_newest, labels, unwrap_online, wrap_online
from core.sealed_models import OnlineSealed
from core.sealing import SealBroken

BATCH = 500


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


def keys_in_use() -> list[str]:
    """The newest key of the ring, and the older ones that something still stands under."""
    newest, *older = labels()
    return [newest, *(label for label in older if places_under(label))]


@dataclass(frozen=True)
class Round:
    """One batch: wraps looked at, wraps moved, and wraps that no key of the ring opens (those were destroyed)."""

    looked: int = 0
    moved: int = 0
    lost: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(self.looked + other.looked, self.moved + other.moved, self.lost + other.lost)


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
