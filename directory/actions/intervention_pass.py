"""A worker's way through a 5W file: what is read, what is written, and what is told of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Any

from django.utils import timezone

from core import audit
from core.attached import from_text
from core.sheet_passes import SheetPass, take_up
from directory.fivew_faults import NOTICES, Fault
from directory.fivew_reading import lines_of
from directory.fivew_rows import VALUES, Read, Rows, same
from directory.models import Intervention, InterventionContent, InterventionFile
from directory.organisation_names import key_of
from directory.querysets import may_import_for_all

MOST_FAULTS_KEPT, MOST_UNKNOWN = 30_000, 500
CREATED, CHANGED, SAME, REFUSED, ABSENT = "created", "changed", "same", "refused", "absent"


def take_file(file_id: Any) -> None:
    """Does what waits for this file: checks it, or takes it in."""
    take_up(_Pass, file_id)


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


class _Pass(SheetPass[InterventionFile, Read]):
    """One way through one file."""

    model = InterventionFile

    def __init__(self, file: InterventionFile) -> None:
        super().__init__(file)
        only = None if may_import_for_all(file.owner) else file.owner.organisation_id
        self.rows = Rows(file.columns, only=only)
        self.faults: list[Fault] = []
        self.refused: set[int] = set()
        self.codes: Counter[str] = Counter()
        self.unknown: dict[str, dict[str, Any]] = {}
        self.keys: set[str] = set()

    def reads(self) -> Iterator[Read]:
        _kind, content = from_text(self.file.kept.unsealed("content"), {"5w"})
        lines = lines_of(content, self.file.page_index, self.file.header_line)
        return (self._read(number, cells) for number, cells in lines)

    def step(self, file: InterventionFile, reads: list[Read]) -> None:
        right = [one for one in reads if one.values is not None]
        sorted_out = _sorted_out(right)
        if self.writes:
            self._write(right, sorted_out)
        counted = Counter(file.counts) if file.done_count else Counter()
        counted.update({name: len(found) for name, found in sorted_out.items()})
        file.counts = dict(counted)

    def end(self, file: InterventionFile) -> dict[str, audit.Fact]:
        file.counts |= {REFUSED: len(self.refused), ABSENT: self._absent_count(), "codes": dict(self.codes)}
        file.unknown = sorted(self.unknown.values(), key=lambda one: -one["count"])
        file.seal(problems=pack(astuple(fault) for fault in self.faults))
        if self.writes:
            InterventionContent.objects.filter(file=file).delete()
        return {name: file.counts.get(name, 0) for name in (CREATED, CHANGED, SAME, REFUSED)}

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
