"""A table on its way into a register: uploaded or pasted, its columns confirmed, checked, taken in by a worker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.sheet_acts import check_again, confirm, unconfirmed
from core.sheet_reading import Limits, Table, read_table
from core.transitions import Refused
from directory.models import User
from workplan.models import Plan, RegisterFile
from workplan.registers.columns import guessed, missing
from workplan.registers.keepers import keeps
from workplan.registers.kinds import Register

LIMITS = Limits(bytes=5_000_000, rows=5_000)


@transaction.atomic
def upload_table(
    content: bytes, *, plan: Plan, register: Register, once: uuid.UUID, by: User, at: datetime | None = None
) -> RegisterFile:
    """Reads the table and keeps it sealed until it is taken in. Raises Refused: not theirs to keep, or no table."""
    known = RegisterFile.objects.visible_to(by).filter(pk=once).first()
    if known is not None:
        return known
    if not keeps(plan, register, by.organisation, by):
        raise Refused(_("Ce registre est tenu par les responsables des activités qu’il sert."))
    table = read_table(content, LIMITS)
    file = RegisterFile(pk=once, owner=by, plan=plan, kind=register.code, uploaded_at=at or timezone.now())
    file.columns, file.row_count = guessed(register, table.headers), len(table.rows)
    file.seal(content=table.to_json())
    file.save(force_insert=True)
    audit.record(f"{file.journal}.upload", by=by, target=file, at=at, kind=file.kind, rows=file.row_count)
    return file


@transaction.atomic
def check_table(file_id: Any, columns: Mapping[str, int], *, by: User) -> RegisterFile:
    """Notes which column says what and has every line checked; nothing is taken in. Raises Refused."""
    file = unconfirmed(RegisterFile.objects.visible_to(by), file_id)
    lacking = missing(dict(columns))
    if lacking:
        raise Refused(_("Dites quelle colonne contient : %(columns)s.") % {"columns": ", ".join(lacking)})
    file.columns = dict(columns)
    check_again(file)
    return file


@transaction.atomic
def confirm_table(file_id: Any, *, by: User, at: datetime | None = None) -> RegisterFile:
    """Has the lines that are right taken in. Raises Refused before they were checked."""
    file = unconfirmed(RegisterFile.objects.visible_to(by), file_id)
    confirm(file, by=by, at=at)
    return file


def table_of(file: RegisterFile) -> Table:
    """What it holds, until it is taken in."""
    return Table.from_json(file.unsealed("content"))


def problems_of(file: RegisterFile) -> list[tuple[int, str]]:
    """What the last way through it found wrong: the number of the line, and why; nothing of what it says."""
    text = file.unsealed("problems")
    return [(int(number), str(why)) for number, why in json.loads(text)] if text else []
