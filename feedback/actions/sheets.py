"""Taking in an uploaded table: read once, kept sealed while its rows are entered one by one, then destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.sheet_acts import confirm
from core.sheet_passes import SheetPass, take_up
from core.sheet_reading import Limits, Table, read_table
from core.transitions import Refused
from directory.models import User
from feedback.actions.entry import enter
from feedback.models import Sheet
from feedback.sheet_columns import Column, guessed
from feedback.sheet_rows import BadRow, OwnRows, Wrong

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
    sheet.save()
    if starts:
        confirm(sheet, by=by, at=at)
    return sheet


def take_sheet(sheet_id: Any) -> None:
    """Enters the rows that remain, each in its own transaction with the count, and destroys the table at the end."""
    take_up(_Pass, sheet_id)


def rows_of(sheet: Sheet) -> OwnRows:
    """The rows of a sheet that is not finished, under its columns."""
    return OwnRows(table_of(sheet), sheet.columns, sheet.usual, collected_by=sheet.owner.organisation_id)


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


class _Pass(SheetPass[Sheet, int]):
    """Row by row, by their places: what one of them opens elsewhere is not undone with the next."""

    model = Sheet
    batch = 1

    def __init__(self, file: Sheet) -> None:
        super().__init__(file)
        self.rows = rows_of(file)

    def reads(self) -> Iterator[int]:
        return iter(range(self.file.row_count))

    def step(self, file: Sheet, reads: list[int]) -> None:
        """One that is there already counts as kept: which ones is not told."""
        for index in reads:
            try:
                enter(self.rows.spoken(index), by=self.file.owner)
            except BadRow as error:
                file.refused = [*file.refused, [line_of(index), error.code.value]]
            except Refused:
                file.refused = [*file.refused, [line_of(index), Wrong.BOOKLET.value]]
            else:
                file.saved_count += 1

    def end(self, file: Sheet) -> dict[str, audit.Fact]:
        file.forget_all()
        return {"saved": file.saved_count}
