"""Taking in an uploaded table: read once, kept sealed while its rows are entered one by one, then destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.locks import lease
from core.publishing import publish
from core.sheet_reading import Limits, Table, read_table
from core.transitions import Refused
from directory.models import User
from feedback.actions.entry import enter
from feedback.models import Sheet
from feedback.sheet_columns import Column, guessed
from feedback.sheet_rows import BadRow, Rows, Wrong
from psea.actions.receive import NobodyCanRead

TASK = "feedback.tasks.take_sheet"
LIMITS = Limits(bytes=5_000_000, rows=5_000)


@transaction.atomic
def upload_sheet(
    content: bytes, usual: Mapping[str, str], *, once: uuid.UUID, by: User, at: datetime | None = None
) -> Sheet:
    """Reads the file, and keeps its table sealed until it is confirmed. Raises Refused when it is no table."""
    known = Sheet.objects.visible_to(by).filter(pk=once).first()
    if known is not None:
        return known
    table = read_table(content, LIMITS)
    sheet = Sheet(pk=once, owner=by, row_count=len(table.rows), uploaded_at=at or timezone.now())
    sheet.columns, sheet.usual = guessed(table.headers), dict(usual)
    sheet.seal(content=table.to_json())
    sheet.save(force_insert=True)
    audit.record("feedback.sheet.upload", by=by, target=sheet, at=at, rows=sheet.row_count)
    return sheet


@transaction.atomic
def confirm_sheet(
    sheet_id: Any, columns: Mapping[str, int], *, starts: bool, by: User, at: datetime | None = None
) -> Sheet:
    """Notes which column says what; `starts`: and has the rows taken in, one by one, by a worker. Raises Refused."""
    sheet = Sheet.objects.visible_to(by).select_for_update().get(pk=sheet_id)
    if sheet.confirmed_at is not None:
        return sheet
    if starts and Column.WORDS not in columns:
        raise Refused(_("Dites quelle colonne contient les mots de la personne."))
    sheet.columns = dict(columns)
    if starts:
        sheet.confirmed_at = at or timezone.now()
        audit.record("feedback.sheet.confirm", by=by, target=sheet, at=at, rows=sheet.row_count)
        publish(TASK, str(sheet.pk))
    sheet.save()
    return sheet


@transaction.atomic
def discard_sheet(sheet_id: Any, *, by: User) -> None:
    """Before it starts: nothing of the file stays. Raises Refused once it has started."""
    sheet = Sheet.objects.visible_to(by).select_for_update().get(pk=sheet_id)
    if sheet.confirmed_at is not None and sheet.finished_at is None:
        raise Refused(_("L’import a commencé : attendez qu’il finisse."))
    audit.record("feedback.sheet.discard", by=by, target=sheet)
    sheet.delete()


def take_sheet(sheet_id: Any) -> None:
    """Enters the rows that remain, each in its own transaction with the count, and destroys the table at the end."""
    with lease(f"sheet-{sheet_id}", seconds=600) as held:
        sheet = Sheet.objects.filter(pk=sheet_id, confirmed_at__isnull=False, finished_at=None).first()
        if not held or sheet is None:
            return
        rows = rows_of(sheet)
        for index in range(sheet.done_count, sheet.row_count):
            try:
                was_ours = _take_row(sheet.pk, rows, index)
            except NobodyCanRead:
                return  # the table stays sealed, and the sweep tries again
            if not was_ours:
                return
        _finish(sheet.pk)


def rows_of(sheet: Sheet) -> Rows:
    """The rows of a sheet that is not finished, under its columns."""
    return Rows(table_of(sheet), sheet.columns, sheet.usual, collected_by=sheet.owner.organisation_id)


def table_of(sheet: Sheet) -> Table:
    return Table.from_json(sheet.unsealed("content"))


def problems_of(sheet: Sheet) -> list[tuple[int, Wrong]]:
    """What is wrong before anything is taken in: number of the row, as a spreadsheet shows it, and why."""
    rows, found = rows_of(sheet), []
    for index in range(sheet.row_count):
        try:
            rows.spoken(index)
        except BadRow as error:
            found.append((line_of(index), error.code))
    return found


def line_of(index: int) -> int:
    """The number that a spreadsheet shows beside this row: the first line names the columns."""
    return index + 2


def waiting_ids() -> list[Any]:
    """Confirmed, and not finished: published again by the sweep."""
    return list(Sheet.objects.filter(confirmed_at__isnull=False, finished_at=None).values_list("pk", flat=True))


@transaction.atomic
def forget_sheets(before: datetime, *, by: Actor) -> int:
    """Drops what nobody confirmed since then, and the reports of what was finished. Out: how many."""
    started = Sheet.objects.filter(confirmed_at__isnull=False, finished_at=None)
    count, _each = Sheet.objects.filter(uploaded_at__lt=before).exclude(pk__in=started.values("pk")).delete()
    if count:
        audit.record("feedback.sheet.forget", by=by, count=count)
    return count


@transaction.atomic
def _take_row(sheet_id: Any, rows: Rows, index: int) -> bool:
    """False when another worker has this row. One that is there already counts as kept: which ones is not told."""
    sheet = Sheet.objects.defer("content").select_for_update(of=("self",)).select_related("owner").get(pk=sheet_id)
    if sheet.done_count != index or sheet.finished_at is not None:
        return False
    try:
        enter(rows.spoken(index), by=sheet.owner)
    except BadRow as error:
        sheet.refused = [*sheet.refused, [line_of(index), error.code.value]]
    except Refused:
        sheet.refused = [*sheet.refused, [line_of(index), Wrong.BOOKLET.value]]
    else:
        sheet.saved_count += 1
    sheet.done_count = index + 1
    sheet.save(update_fields=["refused", "saved_count", "done_count"])
    return True


@transaction.atomic
def _finish(sheet_id: Any) -> None:
    sheet = Sheet.objects.select_for_update().get(pk=sheet_id)
    if sheet.finished_at is not None:
        return
    sheet.forget_all()
    sheet.finished_at = timezone.now()
    sheet.save()
    audit.record("feedback.sheet.finish", by=sheet.owner, target=sheet, saved=sheet.saved_count)
