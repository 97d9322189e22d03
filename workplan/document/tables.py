"""A plan's table in memory, whatever file it came in: the pages of a workbook, or the tables of a Word file, as one.

Tables that share headings continue each other; a table that adds columns to numbers already met completes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _

from core.sheet_reading import ZIP, Limits, pages_of
from core.spelling import plain
from core.transitions import Refused
from workplan.document.columns import facts_in, guessed
from workplan.document.word_reading import is_word, word_pages

LIMITS = Limits(bytes=5_000_000, rows=3_000, columns=120, unpacked=60_000_000)
FACTS = "fiche du plan"
# Rows that name an axis or an objective across the whole table, as the document has them.
AXIS = re.compile(r"axe(?:\s+[^\W\d]+){0,2}\s+(\d{1,2})\s*[:.–—-]\s*(.+)", re.IGNORECASE | re.DOTALL)
OBJECTIVE = re.compile(
    r"(?:objectif(?:\s+[^\W\d]+)?\s+)?(\d{1,2}\.\d{1,2})\s*[·:.–—-]?\s+(.+)", re.IGNORECASE | re.DOTALL
)
# A spreadsheet shows an apostrophe before what it would compute; the text has none.
QUOTED = re.compile(r"'+[=+\-@]")


@dataclass
class PlanTable:
    """`places`: where each row stands in the file, for people. `facts`: what the file says of the plan itself."""

    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> PlanTable:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class _Page:
    name: str
    lines: list[tuple[int, list[str]]]

    @property
    def header(self) -> list[str]:
        """The first line that names columns rather than an axis or an objective."""
        return next((cells for _number, cells in self.lines if not is_heading(cells)), [])


def read_plan_table(content: bytes) -> PlanTable:
    """In: the bytes of a DOCX, XLSX or CSV. Raises Refused when it holds no table of a plan."""
    pages = [page for page in _pages(content) if page.lines]
    made, told = PlanTable(), []
    for page in pages:
        if page.header and plain(page.header[0]) == FACTS:
            made.facts |= facts_in(cells for _number, cells in page.lines)
        else:
            told.append(page)
    # A Word file has other tables too: those whose columns we know are the plan's, where any is.
    known = [page for page in told if len(guessed(page.header)) > 1] or told
    for page in known:
        _add(made, page, many=len(known) > 1)
    if not made.rows:
        raise Refused(_("Ce fichier n’a pas de tableau : la première ligne nomme les colonnes, les autres disent."))
    return made


def is_heading(cells: Iterable[str]) -> bool:
    """Whether a row only names an axis or an objective."""
    said = [cell for cell in cells if cell]
    return len(said) == 1 and bool(AXIS.fullmatch(said[0]) or OBJECTIVE.fullmatch(said[0]))


def _pages(content: bytes) -> Iterator[_Page]:
    if len(content) > LIMITS.bytes:
        raise Refused(_("Ce fichier est trop lourd : partagez-le en plusieurs."))
    if content.startswith(ZIP) and is_word(content):
        for number, lines in enumerate(word_pages(content, LIMITS), start=1):
            kept = [(line, cells) for line, cells in lines if line or is_heading(cells)]
            yield _Page(_("Tableau %(n)s") % {"n": number}, kept)
        return
    for number, page in enumerate(pages_of(content, LIMITS), start=1):
        yield _Page(_("Feuille %(n)s") % {"n": number}, list(page))


def _add(made: PlanTable, page: _Page, *, many: bool) -> None:
    header, at = page.header, {}
    for place, name in enumerate(header):
        if name:
            if name not in made.headers:
                made.headers.append(name)
            at[place] = made.headers.index(name)
    for number, cells in page.lines:
        if cells == header:
            continue
        row = [""] * len(made.headers)
        if is_heading(cells):
            row[0] = next(cell for cell in cells if cell)
        else:
            for place, column in at.items():
                row[column] = unquoted(cells[place]) if place < len(cells) else ""
        if any(row):
            made.rows.append(row)
            where = _("ligne %(n)s") % {"n": number}
            made.places.append(f"{page.name}, {where}" if many else where.capitalize())
    for row in made.rows:
        row.extend([""] * (len(made.headers) - len(row)))


def quoted(text: str) -> str:
    """As a cell has it, so that `unquoted` gives the text back."""
    return f"'{text}" if re.match(r"'*[=+\-@]", text) else text


def unquoted(text: str) -> str:
    return text[1:] if QUOTED.match(text) else text
