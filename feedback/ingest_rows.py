"""A line of another organisation's file, case by case: what somebody said, as that organisation hands it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.sheet_reading import Table
from core.spelling import plain
from directory.models import Organisation
from directory.organisation_names import KnownNames
from feedback.enums import Channel
from feedback.handing_over import LONGEST_ID, Handed, HandingOver, SaysSomethingElse
from feedback.ingest_columns import CaseColumn
from feedback.sheet_rows import BadRow, Rows, Wrong
from feedback.source_words import LONGEST

# What registers and survey forms write for our channels, evened out; our own labels are known too.
CHANNELS: dict[str, Channel] = {
    "appel": Channel.VOICE, "ligne verte": Channel.VOICE, "hotline": Channel.VOICE, "numero vert": Channel.VOICE,
    "face a face": Channel.HELP_DESK, "help desk": Channel.HELP_DESK, "bureau d ecoute": Channel.HELP_DESK,
    "comite de plaintes": Channel.RELAY, "comite": Channel.RELAY, "relais": Channel.RELAY, "boite": Channel.PAPER,
    "boite a suggestions": Channel.PAPER, "boite a plaintes": Channel.PAPER, "web": Channel.WEB, "site": Channel.WEB,
} | {plain(text): one for one in Channel for text in (one.value, str(one.label))}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What a worker makes of one line: what is handed over, or why not."""

    number: int
    thing: Handed | None = None
    fault: Wrong | None = None


class SourceRows(Rows):
    """Reads the lines of one file, in their order."""

    def __init__(self, table: Table, columns: Mapping[str, int], usual: Mapping[str, Any], over: HandingOver) -> None:
        super().__init__(table, columns, usual)
        self.over = over
        self.names, self.organisations = KnownNames(), Organisation.objects.in_bulk()

    def line(self, index: int) -> Line:
        """Numbers are those that a spreadsheet shows beside its lines: the first names the columns."""
        row, number = self.table.rows[index], index + 2
        try:
            thing = self._thing(row)
        except BadRow as error:
            return Line(number, fault=error.code)
        except SaysSomethingElse:
            return Line(number, fault=Wrong.TWICE)
        return Line(number, thing)

    def _thing(self, row: list[str]) -> Handed:
        word, their_id = self.cell(row, CaseColumn.CATEGORY), self.cell(row, CaseColumn.ROW_ID)
        if len(word) > LONGEST:
            raise BadRow(Wrong.CATEGORY)
        if len(their_id) > LONGEST_ID:
            raise BadRow(Wrong.ROW_ID)
        concerned = self.names.found(self.cell(row, CaseColumn.CONCERNED), "")
        channel = CHANNELS.get(plain(self.cell(row, CaseColumn.CHANNEL)))
        spoken = replace(
            self.said(row, ""),
            concerned=self.organisations.get(next(iter(concerned), 0)),
            channel=channel.value if channel is not None else self.usual["channel"],
        )
        return self.over.hand(spoken, word=word, their_id=their_id)
