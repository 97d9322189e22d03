"""Marks go over to a key that was added to their ring, while everything works (decision 19, `manage.py rotate_marks`).

What is left to do is seen in the rows, so it needs no memory: stopped at any point and run again, it does what remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, router, transaction
from django.db.models import Q, Value

from core.index import SIGNS, ring
from core.long_changes import BATCH, Progress
from core.marks import MarkField


def marked_models(*, vault: bool = False) -> list[type[models.Model]]:
    """Every model with marks of one side; those from which other rows are found come last, so that what they lead to
    is found meanwhile."""
    found = [model for model in apps.get_models() if any(field.vault == vault for field in marks_of(model))]
    return sorted(found, key=lambda model: (any(field.leads for field in marks_of(model)), model._meta.db_table))


def marks_of(model: type[models.Model]) -> list[MarkField[Any, Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, MarkField)]


def remaining(model: type[models.Model]) -> int:
    """How many rows hold a mark that lacks the newest key."""
    return _older(model).count()


def places_of_older_keys(*, vault: bool = False) -> list[str]:
    """The tables where one does. Reads each once where there is none."""
    return [model._meta.db_table for model in marked_models(vault=vault) if _older(model).exists()]


def remark(model: type[models.Model], batch: int = BATCH) -> Iterator[Progress]:
    """Puts every mark of a model under the newest key too, one transaction a batch, and yields after each."""
    total, done, last = remaining(model), 0, None
    while True:
        with transaction.atomic(using=router.db_for_write(model)):
            rows = list(_after(model, last).select_for_update()[:batch])
            for row in rows:
                _lift(row)
        if not rows:
            return
        last, done = rows[-1].pk, done + len(rows)
        yield Progress(done, max(total, done))


def _lift(row: Any) -> None:
    """A row may say what else is bound to its marks, and how it reads then (`bound_to_marks`)."""
    fields = marks_of(type(row))
    anew = {field.attname: field.get_prep_value(getattr(row, field.attname)) for field in fields}
    if isinstance(row._meta.pk, MarkField) and _rows(type(row)).filter(pk=anew[row._meta.pk.attname]).exists():
        return  # made anew by a process that did not know of this one: it stays, and the command says so
    if hasattr(row, "bound_to_marks"):
        anew |= row.bound_to_marks()
    _rows(type(row)).filter(pk=row.pk).update(**anew)


def _older(model: type[models.Model]) -> models.QuerySet[Any]:
    older = Q()
    for field in marks_of(model):
        newest = len(ring(vault=field.vault).keys)
        is_newest = Q(**{f"{field.name}__startswith": SIGNS[newest - 2]}) if newest > 1 else Q()
        older |= Q(**{f"{field.name}__gt": ""}) & ~is_newest
    return _rows(model).filter(older)


def _after(model: type[models.Model], last: Any) -> models.QuerySet[Any]:
    """A key that is a mark is compared as it stands: as a value of its column it would be put under the newest key."""
    rows = _older(model).order_by("pk")
    if last is None:
        return rows
    return rows.filter(pk__gt=Value(last) if isinstance(model._meta.pk, MarkField) else last)


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return models.QuerySet(model, using=router.db_for_write(model))
