"""A table as a file that a spreadsheet opens, in which no cell acts: a text that begins a formula stays a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse

Cell = str | int | Decimal | date | None
RISKY = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(RISKY) else text


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """With a mark and semicolons, as a French Excel opens it by itself."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One page, line by line: its size is not held in memory. `xlsxwriter` is loaded where a workbook is asked for."""
    import xlsxwriter  # noqa: PLC0415  lazily, see above

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, heading in enumerate(headings):
        page.write_string(0, place, harmless(heading), book.add_format({"bold": True}))
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, place, cell, day)
            elif isinstance(cell, int | Decimal):
                page.write_number(number, place, cell)
            elif cell:
                page.write_string(number, place, harmless(cell))
    book.close()
    return made.getvalue()


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """The answer that saves a file; `name` is ours, of plain letters."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)
