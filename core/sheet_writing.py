"""A table as a file that a spreadsheet opens, in which no cell acts: a text that begins a formula stays a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language


@dataclass(frozen=True)
class Formula:
    """What a spreadsheet computes: ours, of cells alone and never of a text that somebody wrote. `value`: what it comes
    to, for a reader that computes nothing, and in a CSV.
    """

    text: str
    value: int | Decimal | None = None
    is_percent: bool = False


Cell = str | int | Decimal | date | Formula | None
RISKY = ("=", "+", "-", "@", "\t", "\r")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(RISKY) else text


def as_csv(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ";",
    is_marked: bool = True,
    tags: Sequence[str] = (),
) -> bytes:
    """With a mark, semicolons, and a comma in decimals, as a French Excel opens it by itself, unless another program
    asked otherwise.

    `tags`: a second line of headings for programs, ours, one for each column.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in headings])
    if tags:
        writer.writerow(tags)
    point = "," if delimiter == ";" else "."
    writer.writerows([_text(cell, point) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if is_marked else "utf-8")


@dataclass(frozen=True)
class Page:
    """One page of a workbook. `name` of at most 31 plain letters; `widths`: of its first columns, in characters;
    `hidden`: columns that are there for us; `groups_digits`: numbers are for people, with their thousands apart.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    wraps: bool = False
    hidden: Sequence[int] = ()
    groups_digits: bool = False


def as_workbook(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One page."""
    return as_pages([Page("", headings, rows)])


def as_pages(pages: Iterable[Page]) -> bytes:
    """Line by line: their size is not held in memory. `xlsxwriter` is loaded where a workbook is asked for."""
    import xlsxwriter  # noqa: PLC0415  lazily, see above

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for page in pages:
        _write(book, page)
    book.close()
    return made.getvalue()


def _write(book: Any, page: Page) -> None:
    written = "dd/mm/yyyy" if get_language() == "fr" else "yyyy-mm-dd"
    sheet, day = book.add_worksheet(page.name or None), book.add_format({"num_format": written})
    # Excel writes the thousands and decimals of these as its own language does: "1 234" in French.
    whole, share = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0%"})
    bold, text = book.add_format({"bold": True}), book.add_format({"text_wrap": page.wraps, "valign": "top"})
    for place, width in enumerate(page.widths):
        sheet.set_column(place, place, width)
    for place in page.hidden:
        sheet.set_column(place, place, None, None, {"hidden": True})
    for place, heading in enumerate(page.headings):
        sheet.write_string(0, place, harmless(heading), bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(page.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, Formula):
                form = share if cell.is_percent else whole
                sheet.write_formula(number, place, cell.text, form, "" if cell.value is None else cell.value)
            elif isinstance(cell, int | Decimal):
                sheet.write_number(number, place, cell, *([whole] if page.groups_digits else []))
            elif cell:
                sheet.write_string(number, place, harmless(cell), text)


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """The answer that saves a file; `name` is ours, of plain letters."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(cell: Cell, point: str) -> str:
    if isinstance(cell, Formula):
        cell = cell.value
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", point)
    return harmless(cell) if isinstance(cell, str) else str(cell)
