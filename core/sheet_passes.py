"""A worker's way through an uploaded table, line by line and batch by batch: to check it, then to take it in.

Each batch is one transaction with the count of lines done, so that a worker that dies is taken over where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from django.utils import timezone

from core import audit
from core.locks import lease
from core.sheet_files import SheetFile
from core.transitions import Refused

File = TypeVar("File", bound=SheetFile)
Read = TypeVar("Read")
# Somebody may change a column, and ask again, while it is at work.
TRIES = 5


class Later(Exception):
    """What a line needs is not there: the file waits as it is, and the sweep tries again."""


class SheetPass(Generic[File, Read]):
    """One way through one file. A kind says how a line is read, what is done with a batch, and what stays at the end.

    `writes`: whether lines are taken in, or only checked.
    """

    model: ClassVar[Any]
    batch = 1_000

    def __init__(self, file: File) -> None:
        self.file, self.writes = file, file.confirmed_at is not None
        self.started_for = file.started_for
        self.total = 0

    def reads(self) -> Iterator[Read]:
        """Every line, from the first, whatever was done before. May raise Refused, which ends it with a fault."""
        raise NotImplementedError

    def step(self, file: File, reads: list[Read]) -> None:
        """One batch, in the transaction that counts it; what it changes of `file` is saved. May raise Later."""
        raise NotImplementedError

    def end(self, file: File) -> dict[str, audit.Fact]:
        """After the last line; what it changes of `file` is saved. Out: what the journal tells of a file taken in."""
        raise NotImplementedError

    def go(self) -> None:
        """To the end, or to where somebody asked for something else, or another worker is further."""
        reads = self.reads()
        while batch := list(islice(reads, self.batch)):
            self.total += len(batch)
            if self.total > self.file.done_count and not self._step(batch):
                return
        self._finish()

    @transaction.atomic
    def _step(self, reads: list[Read]) -> bool:
        file = self._locked()
        if file is None or file.done_count >= self.total:
            return False
        self.step(file, reads)
        file.done_count, file.row_count = self.total, max(file.row_count, self.total)
        file.save()
        return True

    @transaction.atomic
    def _finish(self) -> None:
        file: Any = self._locked()
        if file is None:
            return
        file.row_count = file.done_count = self.total
        facts: Any = self.end(file)
        if self.writes:
            file.finished_at = timezone.now()
            audit.record(f"{file.journal}.finish", by=self.file.owner, target=file, **facts)
        else:
            file.checked_at = timezone.now()
        file.save()

    def _locked(self) -> File | None:
        """The row without what it keeps sealed, which would be read and written at every step."""
        rows = self.model.objects.select_for_update().defer(*self.model.sealed_fields())
        file: File | None = rows.filter(pk=self.file.pk).first()
        return file if file is not None and file.is_at_work and file.started_for == self.started_for else None


def take_up(way: type[SheetPass[Any, Any]], pk: Any) -> None:
    """Does what waits for this file: checks it, or takes it in. Another worker's file is left to that worker."""
    files = way.model.objects
    with lease(f"sheet-{pk}", seconds=1800) as held:
        if not held:
            return
        for _again in range(TRIES):
            file = files.at_work().filter(pk=pk).select_related("owner").first()
            if file is None:
                return
            try:
                way(file).go()
            except Later:
                return
            except Refused as refusal:
                files.filter(pk=pk).update(fault=str(refusal.reason)[:200])
