"""What may be done with an uploaded table, of any kind: checked, confirmed, thrown away, forgotten, taken up again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.publishing import publish
from core.sheet_files import CheckedFile, SheetFile
from core.transitions import Refused

File = TypeVar("File", bound=SheetFile)


def unconfirmed(files: models.QuerySet[File], pk: Any) -> File:
    """One of these files, locked, that can still be changed. Raises Refused once its import has begun."""
    file = files.select_for_update(of=("self",)).get(pk=pk)
    if file.confirmed_at is not None:
        raise Refused(_("L’import a commencé : attendez qu’il finisse."))
    return file


def check_again(file: CheckedFile) -> None:
    """Has a worker check every line; nothing is taken in. The caller holds the row."""
    file.asked_at, file.checked_at, file.done_count, file.fault = timezone.now(), None, 0, ""
    file.save()
    publish(file.task, str(file.pk))


def confirm(file: SheetFile, *, by: Actor, at: datetime | None = None) -> None:
    """Has a worker take its lines in. The caller holds the row. Raises Refused before a check that is due."""
    if isinstance(file, CheckedFile):
        if file.checked_at is None or file.fault:
            raise Refused(_("Faites d’abord vérifier ce fichier."))
        file.counts = {}
    file.confirmed_at, file.done_count = at or timezone.now(), 0
    file.save()
    audit.record(f"{file.journal}.confirm", by=by, target=file, at=at, rows=file.row_count)
    publish(file.task, str(file.pk))


@transaction.atomic
def discard(files: models.QuerySet[File], pk: Any, *, by: Actor) -> None:
    """Nothing of the file stays; what it brought does. Raises Refused while its lines are taken in."""
    file = files.select_for_update(of=("self",)).get(pk=pk)
    if file.is_being_taken_in:
        raise Refused(_("L’import a commencé : attendez qu’il finisse."))
    audit.record(f"{file.journal}.discard", by=by, target=file)
    file.delete()


@transaction.atomic
def forget(kind: type[SheetFile], before: datetime, *, by: Actor) -> int:
    """Drops files uploaded before then, whether anybody confirmed them or not; but none at work. Out: how many."""
    files: Any = kind._default_manager
    over = files.filter(uploaded_at__lt=before).exclude(pk__in=files.at_work().values("pk"))
    count = int(over.delete()[1].get(kind._meta.label, 0))
    if count:
        audit.record(f"{kind.journal}.forget", by=by, count=count)
    return count


def waiting_ids(kind: type[SheetFile]) -> list[Any]:
    """Those that a worker has something to do with, whatever became of the message that said so."""
    files: Any = kind._default_manager
    return list(files.at_work().values_list("pk", flat=True))


def sweep(kind: type[SheetFile]) -> None:
    """Tells a worker again of what waits."""
    for pk in waiting_ids(kind):
        publish(kind.task, str(pk))
