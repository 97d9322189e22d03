"""The library of ready answers: written, said in another language, archived and taken out again; never deleted."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from core import audit
from core.actors import Actor
from feedback.models import ReadyAnswer


@transaction.atomic
def keep_ready_answer(row: ReadyAnswer, *, by: Actor) -> ReadyAnswer:
    """Saves one that was added or changed. A variant is offered where its original is."""
    act = "add" if row._state.adding else "change"
    if row.original is not None:
        row.category, row.place, row.is_active = row.original.category, row.original.place, row.original.is_active
    row.save()
    row.variants.update(category=row.category, place=row.place)
    audit.record(f"feedback.readyanswer.{act}", by=by, target=row, language=row.language)
    return row


def archive_answer(pk: Any, *, by: Actor) -> None:
    """It is offered no more, nor are its variants; what was said with it stays known."""
    _offer(pk, offered=False, act="archive", by=by)


def restore_answer(pk: Any, *, by: Actor) -> None:
    """It is offered again, and its variants."""
    _offer(pk, offered=True, act="restore", by=by)


@transaction.atomic
def _offer(pk: Any, *, offered: bool, act: str, by: Actor) -> None:
    row = ReadyAnswer.objects.select_for_update().get(pk=pk)
    ReadyAnswer.objects.filter(Q(pk=row.pk) | Q(original=row)).update(is_active=offered)
    audit.record(f"feedback.readyanswer.{act}", by=by, target=row)
