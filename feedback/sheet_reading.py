"""A CSV or XLSX file as a table of texts, in memory: whatever the tool that wrote it and the encoding it chose."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.transitions import Refused

MOST_ROWS, MOST_COLUMNS = 5_000, 200
MOST_BYTES = 5_000_000
ZIP = b"PK\x03\x04"
# What spreadsheets and survey tools really write; the last one reads anything.
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Table:
    """The first line names the columns; every row has as many cells."""

    headers: list[str]
    rows: list[list[str]]

    def to_json(self) -> str:
        return json.dumps([self.headers, self.rows], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Table:
        headers, rows = json.loads(text)
        return cls(headers, rows)


def read_table(content: bytes) -> Table:
    """In: the bytes of a file. Raises Refused with what to do when it is no table that we can read."""
    if len(content) > MOST_BYTES:
        raise Refused(_("Ce fichier est trop lourd : partagez-le en plusieurs."))
    lines = _workbook(content) if content.startswith(ZIP) else _csv(content)
    lines = [line for line in lines if any(line)]
    if len(lines) < 2:
        raise Refused(_("Ce fichier n’a pas de lignes : la première nomme les colonnes, les autres disent."))
    width = len(lines[0])
    if len(lines) > MOST_ROWS + 1 or width > MOST_COLUMNS:
        raise Refused(
            _("Ce fichier a plus de %(rows)s lignes ou de %(columns)s colonnes : partagez-le.")
            % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        )
    return Table(lines[0], [(line + [""] * width)[:width] for line in lines[1:]])


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Refused(_("Ce fichier n’est ni un CSV ni un classeur XLSX."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return [[cell.strip() for cell in line] for line in reader]
    except csv.Error as error:
        raise Refused(_("Ce fichier n’est ni un CSV ni un classeur XLSX.")) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("Ce fichier n’est ni un CSV ni un classeur XLSX."))


def _delimiter(text: str) -> str:
    """The sign that cuts the first line into the most columns: a semicolon where Excel speaks French."""
    first = text.splitlines()[0] if text.strip() else ""
    return max(",;\t|", key=first.count)


def _workbook(content: bytes) -> list[list[str]]:
    """The first sheet that holds anything. `openpyxl` is heavy: loaded where a workbook comes in, and only there."""
    import openpyxl  # noqa: PLC0415  lazily, see above

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            limits = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS + 1}
            lines = [[_text(cell) for cell in line] for line in sheet.iter_rows(**limits, values_only=True)]
            if any(any(line) for line in lines):
                return _without_empty_columns(lines)
    except Exception as error:
        raise Refused(_("Ce classeur ne s’ouvre pas : enregistrez-le de nouveau en XLSX, ou en CSV.")) from error
    return []


def _without_empty_columns(lines: list[list[str]]) -> list[list[str]]:
    width = max((place + 1 for line in lines for place, cell in enumerate(line) if cell), default=0)
    return [line[:width] for line in lines]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()
