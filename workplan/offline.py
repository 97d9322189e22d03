"""The reporting sheet as a workbook that a lead fills without a network, a line for each thing to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.periods import Quarter
from core.sheet_cells import day_of
from core.sheet_reading import Limits, pages_of
from core.sheet_writing import Cell, Page, as_pages
from core.spelling import plain
from core.transitions import Refused
from workplan.document.tables import quoted, unquoted
from workplan.models import Plan
from workplan.sheets import NO, YES, Line, LineForm

LIMITS = Limits(bytes=2_000_000, rows=2_000, columns=30, unpacked=50_000_000)
HEADINGS = ("Indicateur", "Intitulé", "À remplir", "Valeur", "Commentaire", "Lien vers la preuve", "Champ", "Repère")
NUMBER, _TITLE, _ASKED, VALUE, NARRATIVE, EVIDENCE, FIELD, SEEN = range(len(HEADINGS))
WIDTHS = (11, 55, 35, 14, 40, 30)
FACTS, PLAN, QUARTER = "Fiche du rapport", "Plan", "Trimestre"
WORDS = {"oui": YES, "o": YES, "yes": YES, "x": YES, "non": NO, "n": NO, "no": NO}


@dataclass
class FilledLine:
    """What a workbook says of one indicator: by field of `LineForm`, and when what was seen of it had been saved."""

    number: str
    typed: dict[str, str] = field(default_factory=dict)
    seen: datetime | None = None

    def data(self, prefix: str) -> dict[str, str]:
        """As the page's own form would send it."""
        return {f"{prefix}-{name}": text for name, text in self.typed.items()}


@dataclass(frozen=True)
class Filled:
    """A workbook that came back: of which plan and quarter, and its lines."""

    plan: str
    quarter: str
    lines: list[FilledLine]


def workbook(plan: Plan, quarter: Quarter, lines: Iterable[Line]) -> bytes:
    """The lines that can still be written, as an XLSX. French, whatever the reader's language."""
    with override("fr"):
        rows = [row for line in lines if line.is_editable and line.counted is None for row in _rows(line)]
        facts: list[list[Cell]] = [[PLAN, plan.code], [QUARTER, quarter.code]]
        page = Page("Rapport", HEADINGS, rows, WIDTHS, wraps=True, hidden=(FIELD, SEEN))
        return as_pages([page, Page("Fiche", [FACTS, ""], facts, (20, 40))])


def filled(content: bytes) -> Filled:
    """In: the bytes of a workbook that `workbook` made. Raises Refused when it is none."""
    facts: dict[str, str] = {}
    lines: dict[str, FilledLine] = {}
    for page in pages_of(content, LIMITS):
        rows = [cells for _number, cells in page]
        if rows and rows[0][0] == FACTS:
            facts |= {row[0]: row[1] for row in rows if len(row) > 1}
        elif rows and [plain(cell) for cell in rows[0]] == [plain(heading) for heading in HEADINGS]:
            _take(rows[1:], lines)
    if PLAN not in facts or QUARTER not in facts or not lines:
        raise Refused(_("Ce n’est pas le classeur de cette page : téléchargez-le, remplissez-le, et rendez le même."))
    return Filled(facts[PLAN], facts[QUARTER], list(lines.values()))


def _rows(line: Line) -> Iterator[list[Cell]]:
    form, number = line.form, line.indicator.number
    seen = line.reading.updated_at.isoformat() if line.reading else ""
    for place, bound in enumerate(form.value_fields):
        first = place == 0
        yield [
            number,
            line.indicator.title if first else "",
            str(bound.label) + (_(" (oui ou non)") if bound.name == "yes" else ""),
            _cell(form, bound.name),
            quoted(str(form["narrative"].value() or "")) if first else "",
            quoted(str(form["evidence"].value() or "")) if first else "",
            bound.name,
            seen,
        ]


def _cell(form: LineForm, name: str) -> Cell:
    value: Any = form[name].value()
    if name == "yes":
        return {YES: "oui", NO: "non"}.get(value, "")
    return value if isinstance(value, int | date) else ""


def _take(rows: Iterable[list[str]], lines: dict[str, FilledLine]) -> None:
    for cells in rows:
        said = [unquoted(cell) for cell in cells] + [""] * (len(HEADINGS) - len(cells))
        if not said[NUMBER] or not said[FIELD]:
            continue
        line = lines.setdefault(said[NUMBER], FilledLine(said[NUMBER]))
        line.typed[said[FIELD]] = _typed(said[FIELD], said[VALUE])
        for name, place in (("narrative", NARRATIVE), ("evidence", EVIDENCE)):
            line.typed[name] = line.typed.get(name) or said[place]
        line.seen = line.seen or _moment(said[SEEN])


def _typed(name: str, text: str) -> str:
    """As the page's field reads it; what it cannot read stays, for the field to say so."""
    if name == "yes":
        return WORDS.get(plain(text), text)
    if name == "on":
        day = day_of(text.partition("T")[0])
        return day.isoformat() if day else text
    return "".join(text.split())


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
