"""A plan as a Word file: the table that people know, axis by axis, then what it has no room for. Reads back whole."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import override

from core.formats import format_date
from workplan.document.columns import COLUMNS, heading
from workplan.document.elements import Element
from workplan.document.kinds import ACTIVITY, INDICATOR, OBJECTIVE
from workplan.document.paper import Paper, PaperAxis
from workplan.document.tables import FACTS, quoted
from workplan.document.tree import walked
from workplan.document.writing import cell, fact_rows

# The columns of the table of each axis; the quarters of each year follow.
SHOWN = (
    "activity_number", "activity_title", "activity_leads", "activity_others", "activity_expertise",
    "indicator_number", "indicator_title", "indicator_target",
)  # fmt: skip
WIDTHS = (1.3, 5.0, 3.4, 3.4, 2.2, 1.5, 5.0, 1.4)
ANNEXES = (
    (OBJECTIVE, "Objectifs", ("description", "focus")),
    (ACTIVITY, "Activités", ("reporter", "windows", "focus", "doubt", "inferred")),
    (
        INDICATOR,
        "Indicateurs : ce qu’ils comptent",
        ("kind", "share", "numerator_unit", "unit", "disaggregations", "baseline", "baseline_note", "in_need",
         "direction", "means_of_verification"),
    ),
    (
        INDICATOR,
        "Indicateurs : comment ils se rapportent",
        ("recurrence", "aggregate", "windows", "focus", "verifier", "consolidation", "measure", "register", "doubt",
         "inferred"),
    ),
)  # fmt: skip


def as_word(paper: Paper) -> bytes:
    """`python-docx` is loaded where a Word file is asked for, and only there."""
    import docx  # noqa: PLC0415  lazily, see above
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415  the same
    from docx.shared import Cm, Pt  # noqa: PLC0415  the same

    with override("fr"):
        made = docx.Document()
        page = made.sections[0]
        page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.2)
        made.styles["Normal"].font.size = Pt(8)
        made.core_properties.title = paper.plan.values["title"]
        made.core_properties.author = made.core_properties.comments = ""
        made.add_heading(paper.plan.values["title"], 0)
        if paper.day is not None:
            made.add_paragraph(f"Tel qu’il était le {format_date(paper.day)}.")
        for axis in paper.axes:
            _axis(made, axis, paper)
        _table(made, "Le plan", [FACTS.capitalize(), ""], [list(row) for row in fact_rows(paper.plan)])
        for kind, title, names in ANNEXES:
            columns = [f"{kind}_number", *(f"{kind}_{name}" for name in names)]
            rows = [_cells(element, columns) for element in walked(paper.plan) if element.kind == kind]
            rows = [row for row in rows if any(row[1:])]
            if rows:
                _table(made, title, [heading(COLUMNS[name][1]) for name in columns], rows)
        kept = io.BytesIO()
        made.save(kept)
        return kept.getvalue()


def _axis(made: Any, axis: PaperAxis, paper: Paper) -> None:
    from docx.shared import Cm  # noqa: PLC0415  lazily, see above

    headings = [*(heading(COLUMNS[name][1]) for name in SHOWN), *map(str, paper.years)]
    table = _begun(made, headings)
    _across(table, f"Axe {axis.element.number} : {axis.element.values['title']}")
    for objective in axis.objectives:
        _across(table, f"Objectif {objective.element.number} : {objective.element.values['title']}")
        for activity in objective.activities:
            for place, row in enumerate(activity.rows):
                said = _cells(activity.element, SHOWN if place == 0 else SHOWN[:1])
                if row.indicator is not None:
                    said = [
                        one or other for one, other in zip(_padded(said), _cells(row.indicator, SHOWN), strict=True)
                    ]
                _fill(table.add_row(), [*_padded(said), *row.quarters])
    for place, width in enumerate(WIDTHS):
        for one in table.columns[place].cells:
            one.width = Cm(width)


def _padded(cells: list[str]) -> list[str]:
    return cells + [""] * (len(SHOWN) - len(cells))


def _cells(element: Element, columns: Any) -> list[str]:
    return [cell(element, COLUMNS[name][1].name) if COLUMNS[name][0] == element.kind else "" for name in columns]


def _table(made: Any, title: str, headings: list[str], rows: list[list[str]]) -> None:
    made.add_heading(title, 1)
    table = _begun(made, headings)
    for row in rows:
        _fill(table.add_row(), row)


def _begun(made: Any, headings: list[str]) -> Any:
    """A table whose headings stand again on every page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  lazily, see above

    table = made.add_table(rows=1, cols=len(headings), style="Table Grid")
    _fill(table.rows[0], [quoted(one) for one in headings], bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _across(table: Any, text: str) -> None:
    cells = table.add_row().cells
    _write(cells[0].merge(cells[-1]), text, bold=True)


def _fill(row: Any, texts: list[str], *, bold: bool = False) -> None:
    for one, text in zip(row.cells, texts, strict=True):
        _write(one, text, bold=bold)


def _write(one: Any, text: str, *, bold: bool = False) -> None:
    run = one.paragraphs[0].add_run(text)
    run.bold = bold or None
