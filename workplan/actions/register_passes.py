"""A worker's way through a table of a register: what is read, what is written, and what is told of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from core import audit
from core.sheet_passes import SheetPass, take_up
from core.transitions import Refused
from workplan.actions.register_files import table_of
from workplan.actions.registers import keep_entry
from workplan.enums import Came
from workplan.models import RegisterEntry, RegisterFile
from workplan.public_words import check_public
from workplan.registers.rows import Row, Rows, in_words


def take_table(file_id: Any) -> None:
    """Does what waits for this table: checks it, or takes it in."""
    take_up(_Pass, file_id)


class _Pass(SheetPass[RegisterFile, Row]):
    model = RegisterFile
    batch = 100

    def __init__(self, file: RegisterFile) -> None:
        super().__init__(file)
        with override(file.owner.language):
            self.rows = Rows(file.register, table_of(file), file.columns)
        self.problems: list[tuple[int, str]] = []

    def reads(self) -> Iterator[Row]:
        for index in range(self.file.row_count):
            yield self.rows.row(index)

    def step(self, file: RegisterFile, reads: list[Row]) -> None:
        counts = Counter(file.counts) if file.done_count else Counter()
        with override(self.file.owner.language):
            counts.update(self._taken(row).value for row in reads)
        file.counts = dict(counts)

    def end(self, file: RegisterFile) -> dict[str, audit.Fact]:
        file.seal(problems=json.dumps(self.problems, ensure_ascii=False) if self.problems else "")
        if not self.writes:
            return {}
        file.forget("content")
        return {came.value: file.counts.get(came.value, 0) for came in Came}

    def _taken(self, row: Row) -> Came:
        if row.given is None:
            self.problems.append((row.number, in_words(row)))
            return Came.REFUSED
        owner = self.file.owner
        try:
            if not self.writes:
                check_public(*row.given.texts)
                return Came.SAME if self._is_known(row) else Came.NEW
            kept = keep_entry(self.file.plan, self.file.register, row.given, keeper=owner.organisation, by=owner)
        except Refused as refused:
            self.problems.append((row.number, str(refused.reason)))
            return Came.REFUSED
        return kept.came

    def _is_known(self, row: Row) -> bool:
        """Whether it is there; what it may change is told once it is taken in."""
        assert row.given is not None  # noqa: S101  the caller looked
        mine = RegisterEntry.objects.living().filter(plan=self.file.plan, kind=self.file.kind)
        return mine.filter(keeper=self.file.owner.organisation_id, key=row.given.key).exists()
