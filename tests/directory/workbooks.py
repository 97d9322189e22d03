"""A workbook of texts as Excel writes it: each text once, in a table of its own, and nothing for an empty cell.

`openpyxl` writes every text into its cell, and takes twice as long to read that.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils import get_column_letter

OFFICE = "http://schemas.openxmlformats.org"
SHEETS, LINKS = f"{OFFICE}/spreadsheetml/2006/main", f"{OFFICE}/officeDocument/2006/relationships"
PACKAGE = f"{OFFICE}/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Rows = Sequence[Sequence[Any]]


def workbook(*pages: Rows) -> bytes:
    """The bytes of a file with these pages."""
    texts: dict[str, int] = {}
    numbers = range(1, len(pages) + 1)
    parts = {
        f"xl/worksheets/sheet{number}.xml": _sheet(page, texts) for number, page in zip(numbers, pages, strict=True)
    }
    said = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{SHEETS}">{said}</sst>'
    sheets = "".join(f'<sheet name="P{number}" sheetId="{number}" r:id="r{number}"/>' for number in numbers)
    parts["xl/workbook.xml"] = f'<workbook xmlns="{SHEETS}" xmlns:r="{LINKS}"><sheets>{sheets}</sheets></workbook>'
    targets = [(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    parts["xl/_rels/workbook.xml.rels"] = _links(*targets, ("texts", "sharedStrings", "sharedStrings.xml"))
    parts["_rels/.rels"] = _links(("book", "officeDocument", "xl/workbook.xml"))
    parts["[Content_Types].xml"] = _kinds(parts)
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return kept.getvalue()


def _sheet(rows: Rows, texts: dict[str, int]) -> str:
    letters = [get_column_letter(number) for number in range(1, max(len(row) for row in rows) + 1)]
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [
            f'<c r="{letter}{number}" t="s"><v>{texts.setdefault(str(cell), len(texts))}</v></c>'
            for letter, cell in zip(letters, row, strict=False)
            if cell != ""
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    size = f'<dimension ref="A1:{letters[-1]}{len(rows)}"/>'
    return f'<worksheet xmlns="{SHEETS}">{size}<sheetData>{"".join(lines)}</sheetData></worksheet>'


def _links(*links: tuple[str, str, str]) -> str:
    said = "".join(f'<Relationship Id="{pk}" Type="{LINKS}/{kind}" Target="{target}"/>' for pk, kind, target in links)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{said}</Relationships>'


def _kinds(parts: dict[str, str]) -> str:
    kind_of = {
        "worksheets": "worksheet+xml",
        "sharedStrings.xml": "sharedStrings+xml",
        "workbook.xml": "sheet.main+xml",
    }
    said = "".join(
        f'<Override PartName="/{name}" ContentType="{KIND}.{kind_of[name.split("/")[1]]}"/>'
        for name in parts
        if name.startswith("xl/") and not name.endswith(".rels")
    )
    links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{links}{said}</Types>'
