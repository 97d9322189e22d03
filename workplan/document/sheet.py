"""A short document said once, of titled parts, that is shown on a page, in a PDF and in Word."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """The first cell of a row names it; `numbers`: places of columns that are set to the right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()

    @property
    def head(self) -> list[tuple[str, bool]]:
        """Each heading, and whether its column is of numbers."""
        return [(heading, place in self.numbers) for place, heading in enumerate(self.headings)]

    @property
    def body(self) -> list[list[tuple[str, bool, str]]]:
        """Each cell likewise, with its heading."""
        heads = self.head
        return [[(cell, heads[place][1], heads[place][0]) for place, cell in enumerate(row)] for row in self.rows]


@dataclass(frozen=True)
class Part:
    """`figure`: what stands out, in words; `lines`: a list; `more`: what is said below it."""

    title: str
    figure: str = ""
    lines: Sequence[str] = ()
    table: Table | None = None
    more: str = ""


@dataclass(frozen=True)
class Sheet:
    """`name`: of the file, of plain letters."""

    name: str
    title: str
    lead: str
    parts: Sequence[Part]
    foot: str = ""


def as_word(sheet: Sheet, *, is_landscape: bool = False, size: int = 10) -> bytes:
    """`python-docx` is loaded where a Word file is asked for, and only there. `size`: of the letters, in points."""
    import docx  # noqa: PLC0415  lazily, see above
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415  the same
    from docx.shared import Cm, Pt  # noqa: PLC0415  the same

    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = (Cm(29.7), Cm(21)) if is_landscape else (Cm(21), Cm(29.7))
    page.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.5)
    made.styles["Normal"].font.size = Pt(size)
    made.styles["Normal"].paragraph_format.space_after = Pt(3)
    made.core_properties.title = sheet.title
    made.core_properties.author = made.core_properties.comments = ""
    made.add_heading(sheet.title, 1)
    made.add_paragraph(sheet.lead)
    for part in sheet.parts:
        _part(made, part)
    if sheet.foot:
        made.add_paragraph(sheet.foot)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _part(made: Any, part: Part) -> None:
    made.add_heading(part.title, 2)
    if part.figure:
        made.add_paragraph().add_run(part.figure).bold = True
    for line in part.lines:
        made.add_paragraph(line, style="List Bullet")
    if part.table is not None:
        _table(made, part.table)
    if part.more:
        made.add_paragraph(part.more)


def _table(made: Any, table: Table) -> None:
    """Its headings stand again on every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  lazily, see above
    from docx.oxml import OxmlElement  # noqa: PLC0415  the same

    shown = made.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    shown.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, texts in [(shown.rows[0], table.headings), *((shown.add_row(), row) for row in table.rows)]:
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            run = cell.paragraphs[0].add_run(text)
            run.bold = row is shown.rows[0] or None
            if place in table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
