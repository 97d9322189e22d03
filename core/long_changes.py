"""Changes of many rows between two versions: in batches, each with how far it came, so that it can be stopped.

The version that expands adds the column and writes it; this fills the rows that were there before; the version that
contracts asks `require_finished` in its migration. An app names its own in `long_changes.py`, with `register`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from core.models import LongChange

BATCH = 1000


@dataclass(frozen=True)
class Change:
    """`apply` changes and saves the rows it is given, in a transaction of ours. A row may come to it again."""

    name: str
    model: type[models.Model]
    apply: Callable[[Sequence[Any]], None]
    using: str = "default"


@dataclass(frozen=True)
class Progress:
    """`total` is what there was to do when this run began, rows of earlier runs included."""

    done: int
    total: int


_known: dict[str, Change] = {}


def register(change: Change) -> None:
    _known[change.name] = change


def known() -> dict[str, Change]:
    """Every change that the installed apps name."""
    autodiscover_modules("long_changes")
    return dict(_known)


def run(change: Change, *, batch: int = BATCH) -> Iterator[Progress]:
    """Goes on where it was stopped, one transaction a batch, and yields after each."""
    rows: models.QuerySet[Any] = models.QuerySet(change.model, using=change.using).order_by("pk")
    kept = LongChange.objects.using(change.using)
    state, _is_new = kept.get_or_create(name=change.name, defaults={"started_at": timezone.now()})
    if state.finished_at is not None:
        return
    total = state.done + _after(rows, state).count()
    while True:
        with transaction.atomic(using=change.using):
            state = kept.select_for_update().get(name=change.name)
            found = list(_after(rows, state).select_for_update()[:batch])
            if found:
                change.apply(found)
                state.cursor, state.done = str(found[-1].pk), state.done + len(found)
            else:
                state.finished_at = timezone.now()
            state.save(using=change.using)
        if not found:
            return
        yield Progress(state.done, max(total, state.done))


def require_finished(name: str, using: str = "default") -> None:
    """For a migration that takes away what a change replaced. Raises RuntimeError until it has come to its end."""
    if not LongChange.objects.using(using).filter(name=name, finished_at__isnull=False).exists():
        raise RuntimeError(f"« manage.py change_rows {name} » n'est pas allé à son terme : rien n'est retiré avant.")


def _after(rows: models.QuerySet[Any], state: LongChange) -> models.QuerySet[Any]:
    return rows.filter(pk__gt=state.cursor) if state.cursor else rows
