"""The platform's online ring (`SEALING_KEYS`): moving live wraps to its newest key, so that the oldest can leave
(DESIGN §4, "Sealing")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr

from core import spool
from core.keyring import LABEL_BYTES, labels, unwrap_online, wrap_online
from core.rings import BATCH, COMPARED, Round, Tried, rotated, tried_of
from core.sealed_models import OnlineSealed
from core.sealing import SealBroken

__all__ = ["MAY_BE_EMPTY", "SETTING", "labels", "places_under", "rotate", "rotate_all", "sealed_models", "tried"]

SETTING = "SEALING_KEYS"
MAY_BE_EMPTY = False


def sealed_models() -> list[type[OnlineSealed]]:
    """Every model whose records the platform's online key opens, by table name."""
    found = [model for model in apps.get_models() if issubclass(model, OnlineSealed)]
    return sorted(found, key=lambda model: model._meta.db_table)


def places_under(label: str) -> list[str]:
    """The tables, and the spool of this machine, where something still stands under that key of the ring.

    Reads each table once where there is nothing: some minutes where there are millions of rows.
    """
    found = [
        model._meta.db_table for model in sealed_models() if _under(model).filter(under=bytes.fromhex(label)).exists()
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
    """Rewraps a model's data keys that stand under an older key, locked so that nothing seals them anew meanwhile.

    Texts are left as they are: only the wrap changes. Stopped half-way, or run again, it moves what remains.
    """
    older = _under(model).exclude(under=bytes.fromhex(labels()[0])).only("pk", "data_key")
    return rotated(older.select_for_update(), "data_key", _rewrap, batch)


def tried(restored: Mapping[str, str]) -> Tried:
    """Opens records of each table: some of those that live, and of those that live no longer here."""
    return sum((_tried(model, restored["default"]) for model in sealed_models()), Tried())


def _tried(model: type[OnlineSealed], using: str) -> Tried:
    rows = model._default_manager.using(using).filter(data_key__isnull=False).order_by("pk")
    restored = list(rows.values_list("pk", flat=True)[:COMPARED])
    living = model._default_manager.filter(pk__in=restored, data_key__isnull=False).values_list("pk", flat=True)

    def opens(pk: Any) -> bool:
        return _opens(rows.get(pk=pk))

    return tried_of(restored, set(living), opens, opens)


def _opens(row: OnlineSealed) -> bool:
    try:
        for field in row.sealed_fields():
            row.unsealed(field)
    except SealBroken:
        return False
    return True


def _under(model: type[OnlineSealed]) -> QuerySet[Any]:
    """Its rows with a wrap, and the name of the key that it stands under."""
    name = Substr("data_key", 1, LABEL_BYTES, output_field=BinaryField())
    return model._default_manager.filter(data_key__isnull=False).alias(under=name)


def _rewrap(row: OnlineSealed) -> bool:
    """Whether it could be opened, and now stands under the newest key."""
    context = row.sealing_context("data_key")
    try:
        row.data_key = wrap_online(unwrap_online(bytes(row.data_key or b""), context), context)
    except SealBroken:
        return False
    return True
