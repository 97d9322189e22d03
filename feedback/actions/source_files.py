"""Another organisation's file: uploaded, its columns confirmed, checked, its words decided, taken in by a worker."""

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
from directory.models import Organisation, User
from feedback.actions.source_words import decide_words
from feedback.enums import DepositKind
from feedback.ingest_columns import guessed, missing
from feedback.models import Category, SourceFile
from feedback.querysets import kinds_taken_in_by
from feedback.source_words import hash_of

LIMITS = Limits(bytes=5_000_000, rows=5_000)


@transaction.atomic
def upload_source_file(
    content: bytes,
    *,
    source: Organisation,
    kind: str,
    channel: str = "",
    safe_contact: str = "none",
    once: uuid.UUID,
    by: User,
    at: datetime | None = None,
) -> SourceFile:
    """Reads the file and keeps its table sealed. `channel`, `safe_contact`: where no column says. Raises Refused."""
    known = SourceFile.objects.visible_to(by).filter(pk=once).first()
    if known is not None:
        return known
    if kind not in kinds_taken_in_by(by):
        raise Refused(_("Seule l’équipe d’écoute reprend ce que des personnes ont dit."))
    table = read_table(content, LIMITS)
    file = SourceFile(pk=once, owner=by, source=source, kind=kind, uploaded_at=at or timezone.now())
    file.columns, file.row_count = guessed(kind, table.headers), len(table.rows)
    file.channel, file.safe_contact = channel, safe_contact
    file.seal(content=table.to_json())
    file.save(force_insert=True)
    audit.record(f"{file.journal}.upload", by=by, target=file, at=at, source=source.pk, rows=file.row_count)
    return file


def table_of(file: SourceFile) -> Table:
    """What it holds, until it is taken in."""
    return Table.from_json(file.unsealed("content"))


def undecided_of(file: SourceFile) -> list[tuple[str, int]]:
    """The words for categories that the last check met and nobody decided, and on how many lines; most first."""
    text = file.unsealed("unknown")
    return [(str(word), int(count)) for word, count in json.loads(text)] if text else []


@transaction.atomic
def check_source_file(file_id: Any, columns: Mapping[str, int], *, by: User) -> SourceFile:
    """Notes which column says what and has every line checked; nothing is taken in. Raises Refused."""
    file = _unconfirmed(file_id, by)
    lacking = missing(file.kind, dict(columns))
    if lacking:
        raise Refused(_("Dites quelle colonne contient : %(columns)s.") % {"columns": ", ".join(lacking)})
    file.columns = dict(columns)
    check_again(file)
    return file


@transaction.atomic
def decide_for_file(file_id: Any, decisions: Mapping[str, Category | None], *, by: User) -> SourceFile:
    """Remembers for this source what some of the file's words mean, and has the file checked again. Raises Refused."""
    file = _unconfirmed(file_id, by)
    listed = {hash_of(file.source, word) for word, _count in undecided_of(file)}
    known = {word: found for word, found in decisions.items() if hash_of(file.source, word) in listed}
    decide_words(file.source, known, by=by)
    check_again(file)
    return file


@transaction.atomic
def confirm_source_file(file_id: Any, *, by: User, at: datetime | None = None) -> SourceFile:
    """Has its lines taken in. Raises Refused before it was checked, and while a word waits for a decision."""
    file = _unconfirmed(file_id, by)
    if file.counts.get("undecided"):
        raise Refused(_("Décidez d’abord ce que disent les mots que personne n’a encore rapprochés."))
    file.noted = []
    confirm(file, by=by, at=at)
    return file


def is_of_cases(file: SourceFile) -> bool:
    return file.kind == DepositKind.CASES


def _unconfirmed(file_id: Any, by: User) -> SourceFile:
    return unconfirmed(SourceFile.objects.visible_to(by).select_related("source"), file_id)
