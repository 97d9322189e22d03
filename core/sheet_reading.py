"""A CSV or XLSX file as lines of texts, in memory: whatever the tool that wrote it and the encoding it chose."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _

from core.transitions import Refused

ZIP = b"PK\x03\x04"
# What spreadsheets and survey tools really write; the last one reads anything.
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# So many empty lines end a page: some tools format a million of them.
BLANK_LINES_END = 10_000

# The number that a spreadsheet shows beside a line, and its cells.
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Limits:
    """What a file may hold. `unpacked`: bytes of a workbook once unzipped, for a small file may hold a huge one."""

    bytes: int
    rows: int
    columns: int = 200
    unpacked: int = 200_000_000


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


def read_table(content: bytes, limits: Limits) -> Table:
    """In: the bytes of a file. Out: its first page that holds anything. Raises Refused when it is no table."""
    lines: list[list[str]] = []
    for page in pages_of(content, limits):
        lines = [cells for _number, cells in page]
        if lines:
            break
    if len(lines) < 2:
        raise Refused(_("Ce fichier n’a pas de lignes : la première nomme les colonnes, les autres disent."))
    width = max(len(line) for line in lines) if content.startswith(ZIP) else len(lines[0])
    return Table(*_even(lines, width))


def pages_of(content: bytes, limits: Limits) -> Iterator[Iterator[Line]]:
    """The pages of a file, each read as it is asked for, without its empty lines; a CSV has one.

    Raises Refused with what to do, here or while a page is read, when it is no table or a larger one than `limits`.
    """
    if len(content) > limits.bytes:
        raise Refused(_("Ce fichier est trop lourd : partagez-le en plusieurs."))
    if content.startswith(ZIP):
        yield from _workbook(content, limits)
    else:
        yield _counted(_csv(content), limits)


def _even(lines: list[list[str]], width: int) -> tuple[list[str], list[list[str]]]:
    evened = [(line + [""] * width)[:width] for line in lines]
    return evened[0], evened[1:]


def _counted(lines: Iterator[Line], limits: Limits) -> Iterator[Line]:
    """Those that say anything; too many are refused."""
    count, last = 0, 0
    for number, cells in lines:
        if not any(cells):
            if number - last > BLANK_LINES_END:
                return
            continue
        count, last = count + 1, number
        if count > limits.rows + 1 or len(cells) > limits.columns:
            raise Refused(
                _("Ce fichier a plus de %(rows)s lignes ou de %(columns)s colonnes : partagez-le.")
                % {"rows": limits.rows, "columns": limits.columns}
            )
        yield number, cells


def _csv(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    if "\x00" in text:
        raise Refused(_("Ce fichier n’est ni un CSV ni un classeur XLSX."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for number, line in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in line]
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
    first = text.lstrip().split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _workbook(content: bytes, limits: Limits) -> Iterator[Iterator[Line]]:
    """`openpyxl` is heavy: loaded where a workbook comes in, and only there."""
    import openpyxl  # noqa: PLC0415  lazily, see above

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > limits.unpacked:
            raise Refused(_("Ce fichier est trop lourd : partagez-le en plusieurs."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Refused:
        raise
    except Exception as error:
        raise _unreadable() from error
    for sheet in book.worksheets:
        yield _counted(_page(sheet), limits)


def _page(sheet: Any) -> Iterator[Line]:
    """What a page says of its own size is not believed: some tools write it wrong, and lines would be left out."""
    try:
        sheet.reset_dimensions()
        for number, line in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, _without_empty_end([_text(cell) for cell in line])
    except Exception as error:
        raise _unreadable() from error


def _unreadable() -> Refused:
    return Refused(_("Ce classeur ne s’ouvre pas : enregistrez-le de nouveau en XLSX, ou en CSV."))


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()
