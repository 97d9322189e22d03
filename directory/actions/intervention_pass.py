"""A worker's way through a 5W file, line by line and batch by batch: to check it, then to take it in.

Each batch is one transaction with the count of lines done, so that a worker that dies is taken over where it stopped.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.attached import from_text
from core.locks import lease
from core.transitions import Refused
from directory.fivew_faults import NOTICES, Fault
from directory.fivew_reading import lines_of
from directory.fivew_rows import VALUES, Read, Rows, same
from directory.models import Intervention, InterventionContent, InterventionFile
from directory.organisation_names import key_of
from directory.querysets import may_import_for_all

BATCH = 1_000
# Somebody may change a column, and ask again, while it is at work.
TRIES = 5
MOST_FAULTS_KEPT, MOST_UNKNOWN = 30_000, 500
CREATED, CHANGED, SAME, REFUSED, ABSENT = "created", "changed", "same", "refused", "absent"


def take_file(file_id: Any) -> None:
    """Does what waits for this file: checks it, or takes it in. Another worker's file is left to that worker."""
    with lease(f"interventions-{file_id}", seconds=1800) as held:
        if not held:
            return
        for _again in range(TRIES):
            file = InterventionFile.objects.at_work().filter(pk=file_id).select_related("owner").first()
            if file is None:
                return
            try:
                _Pass(file).go()
            except Refused as refusal:
                InterventionFile.objects.filter(pk=file_id).update(fault=str(refusal.reason)[:200])


def faults_of(file: InterventionFile) -> list[Fault]:
    """What was wrong, line by line, as the last way through the file found it."""
    text = file.unsealed("problems")
    return [Fault(*one) for one in json.loads(text)] if text else []


def head_of(file: InterventionFile) -> tuple[list[str], list[list[str]]]:
    """The headings and first rows of a file that is not taken in yet."""
    headers, *sample = json.loads(file.kept.unsealed("head"))
    return headers, sample


def pack(parts: Iterable[Any]) -> str:
    return json.dumps(list(parts), ensure_ascii=False)


class _Pass:
    """One way through one file."""

    def __init__(self, file: InterventionFile) -> None:
        self.file, self.writes = file, file.confirmed_at is not None
        self.started_for = file.confirmed_at or file.asked_at
        only = None if may_import_for_all(file.owner) else file.owner.organisation_id
        self.rows = Rows(file.columns, only=only)
        self.faults: list[Fault] = []
        self.refused: set[int] = set()
        self.codes: Counter[str] = Counter()
        self.unknown: dict[str, dict[str, Any]] = {}
        self.keys: set[str] = set()
        self.total = 0

    def go(self) -> None:
        _kind, content = from_text(self.file.kept.unsealed("content"), {"5w"})
        lines = lines_of(content, self.file.page_index, self.file.header_line)
        reads = (self._read(number, cells) for number, cells in lines)
        while batch := list(islice(reads, BATCH)):
            self.total += len(batch)
            if self.total > self.file.done_count and not self._step([one for one in batch if one.values is not None]):
                return
        self._finish()

    def _read(self, number: int, cells: list[str]) -> Read:
        read = self.rows.read(number, cells)
        self.faults += read.faults[: max(0, MOST_FAULTS_KEPT - len(self.faults))]
        self.codes.update(fault.code for fault in read.faults)
        if read.values is None:
            self.refused.add(number)
        else:
            self.keys.add(read.key)
        if read.unknown is not None:
            self._note_unknown(read.unknown)
        return read

    def _note_unknown(self, unknown: dict[str, str]) -> None:
        key = key_of(unknown["acronym"], unknown["name"])
        if key in self.unknown or len(self.unknown) < MOST_UNKNOWN:
            one = self.unknown.setdefault(key, unknown | {"count": 0})
            one["count"] += 1

    @transaction.atomic
    def _step(self, reads: list[Read]) -> bool:
        """One batch. False when somebody asked for something else meanwhile, or another worker is further."""
        file = self._locked()
        if file is None or file.done_count >= self.total:
            return False
        sorted_out = _sorted_out(reads)
        if self.writes:
            self._write(reads, sorted_out)
        counted = Counter(file.counts) if file.done_count else Counter()
        counted.update({name: len(found) for name, found in sorted_out.items()})
        file.done_count, file.counts = self.total, dict(counted)
        file.row_count = max(file.row_count, self.total)
        file.save(update_fields=["done_count", "row_count", "counts"])
        return True

    def _locked(self) -> InterventionFile | None:
        file = InterventionFile.objects.select_for_update().defer("problems").filter(pk=self.file.pk).first()
        return file if file is not None and (file.confirmed_at or file.asked_at) == self.started_for else None

    def _write(self, reads: list[Read], sorted_out: dict[str, list[Read]]) -> None:
        source = {"source_id": self.file.owner.organisation_id, "source_name": self.file.source_name}
        now = timezone.now()
        rows = [
            Intervention(key=one.key, seen_in=self.file, changed_at=now, **source, **(one.values or {}))
            for name in (CREATED, CHANGED)
            for one in sorted_out[name]
        ]
        updated = [*(name.removesuffix("_id") for name in VALUES), "source", "source_name", "seen_in", "changed_at"]
        Intervention.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=updated)
        unchanged = [one.key for one in sorted_out[SAME]]
        Intervention.objects.filter(key__in=unchanged).update(seen_in=self.file, **source)

    @transaction.atomic
    def _finish(self) -> None:
        file = self._locked()
        if file is None:
            return
        file.row_count = file.done_count = self.total
        file.counts |= {REFUSED: len(self.refused), ABSENT: self._absent_count(), "codes": dict(self.codes)}
        file.unknown = sorted(self.unknown.values(), key=lambda one: -one["count"])
        file.seal(problems=pack(astuple(fault) for fault in self.faults))
        if self.writes:
            InterventionContent.objects.filter(file=file).delete()
            file.finished_at = timezone.now()
            self._note(file)
        else:
            file.checked_at = timezone.now()
        file.save()

    def _note(self, file: InterventionFile) -> None:
        counted = {name: file.counts.get(name, 0) for name in (CREATED, CHANGED, SAME, REFUSED)}
        audit.record("directory.intervention_file.finish", by=self.file.owner, target=file, at=None, **counted)

    def _absent_count(self) -> int:
        rows = Intervention.objects.of_source_of(self.file)
        return sum(key not in self.keys for key in rows.values_list("key", flat=True).iterator())


def _sorted_out(reads: list[Read]) -> dict[str, list[Read]]:
    known = Intervention.objects.in_bulk([one.key for one in reads], field_name="key")
    found: dict[str, list[Read]] = {CREATED: [], CHANGED: [], SAME: []}
    for one in reads:
        row = known.get(one.key)
        name = CREATED if row is None else SAME if same(row, one.values or {}) else CHANGED
        found[name].append(one)
    return found


def by_code(counts: dict[str, Any]) -> Iterator[tuple[str, int, bool]]:
    """Each code with its count, and whether it only is a notice; those that refuse a line first."""
    codes = counts.get("codes", {})
    yield from sorted(((code, n, code in NOTICES) for code, n in codes.items()), key=lambda one: (one[2], -one[1]))
