"""A worker's way through another organisation's file: what people said, one by one; or its counts, all together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core import audit
from core.sheet_passes import Later, SheetPass, take_up
from core.transitions import Refused
from feedback.actions.collected import keep_reading, would_be
from feedback.actions.ingest import note_deposit, seen_before, take_in
from feedback.actions.source_files import LIMITS, is_of_cases, table_of
from feedback.enums import Came, Channel, DepositWay
from feedback.handing_over import HandingOver
from feedback.ingest_figures import FigureRows, Figures, FigureWrong
from feedback.ingest_rows import Line, SourceRows
from feedback.models import SourceFile
from psea.actions.receive import NobodyCanRead

MOST_WORDS = 100
CHECKED_AT_ONCE = 500
UNDECIDED = "undecided"


def take_source_file(file_id: Any) -> None:
    """Does what waits for this file: checks it, or takes it in."""
    file = SourceFile.objects.filter(pk=file_id).only("kind").first()
    if file is not None:
        take_up(_CasesPass if is_of_cases(file) else _FiguresPass, file_id)


class _SourcePass(SheetPass[SourceFile, Any]):
    """What both have in common: what is told of a file, line by line and by outcome, and what stays of it."""

    model = SourceFile

    def __init__(self, file: SourceFile) -> None:
        super().__init__(file)
        self.undecided: Counter[str] = Counter()

    def begin(self, file: SourceFile) -> None:
        """A new way through the file: what the one before found is over."""
        if not file.done_count:
            file.noted, file.counts = [], {}

    def note(self, file: SourceFile, came: Came, *lines: tuple[int, str]) -> None:
        """Counts an outcome once for each line, and keeps the code of those that somebody must look at."""
        file.counts = dict(Counter(file.counts) + Counter({came.value: len(lines)}))
        file.noted = [*file.noted, *(list(line) for line in lines if line[1])]

    def end(self, file: SourceFile) -> dict[str, audit.Fact]:
        file.noted = sorted(file.noted)
        if not self.writes:
            file.counts |= {UNDECIDED: len(self.undecided)}
            file.seal(unknown=json.dumps(self.undecided.most_common(), ensure_ascii=False) if self.undecided else "")
            return {}
        file.forget_all()
        counts = {one.value: file.counts.get(one.value, 0) for one in Came}
        note_deposit(file.pk, self.file.source, file.kind, DepositWay.FILE, counts)
        return dict(counts)


class _CasesPass(_SourcePass):
    """Taken in line by line: what one of them opens elsewhere is not undone with the next."""

    def __init__(self, file: SourceFile) -> None:
        super().__init__(file)
        self.batch = 1 if self.writes else CHECKED_AT_ONCE
        usual = {"channel": file.channel or Channel.API.value, "safe_contact": file.safe_contact}
        over = HandingOver(file.source, file.uploaded_at)
        self.rows, self.undecided = SourceRows(table_of(file), file.columns, usual, over), over.undecided
        self.met: set[str] = set()

    def reads(self) -> Iterator[Line]:
        for index in range(len(self.rows.table.rows)):
            yield self.rows.line(index)
            if len(self.undecided) > MOST_WORDS:
                raise Refused(
                    _("La colonne des catégories dit plus de %(most)s choses différentes : ce n’est pas la bonne.")
                    % {"most": MOST_WORDS}
                )

    def step(self, file: SourceFile, reads: list[Line]) -> None:
        self.begin(file)
        good = [line.thing for line in reads if line.thing is not None]
        expected = [] if self.writes else seen_before(good)
        outcomes = iter(expected)
        for line in reads:
            if line.thing is None:
                self.note(file, Came.REFUSED, (line.number, line.fault.value if line.fault is not None else ""))
                continue
            came = self._taken(line) if self.writes else next(outcomes)
            if not self.writes and came is Came.NEW and line.thing.key in self.met:
                came = Came.KNOWN
            self.met.add(line.thing.key)
            self.note(file, came, (line.number, Came.CHANGED.value if came is Came.CHANGED else ""))

    def _taken(self, line: Line) -> Came:
        assert line.thing is not None  # noqa: S101  the caller looked
        try:
            return take_in(line.thing, by=self.file.owner)
        except (NobodyCanRead, Refused) as error:
            raise Later from error


class _FiguresPass(_SourcePass):
    """All lines at once, for they are held against each other."""

    batch = LIMITS.rows + 1

    def reads(self) -> Iterator[int]:
        return iter(range(self.file.row_count))

    def step(self, file: SourceFile, reads: list[int]) -> None:
        self.begin(file)
        found = FigureRows(table_of(self.file), self.file.columns, self.file.source).all()
        self.undecided = found.undecided
        for number, fault in found.faults.items():
            self.note(file, Came.REFUSED, (number, fault.value))
        for span in found.periods:
            came = self._kept(found, span)
            code = FigureWrong.OVERLAP.value if came is Came.REFUSED else Came.CHANGED.value
            is_said = came in (Came.REFUSED, Came.CHANGED)
            self.note(file, came, *((number, code if is_said else "") for number in found.lines[span]))

    def _kept(self, found: Figures, span: Any) -> Came:
        source, counts = self.file.source, found.periods[span]
        if not self.writes:
            return would_be(source, span, counts)
        try:
            return keep_reading(source, span, counts, by=self.file.owner)[1]
        except Refused:
            return Came.REFUSED
