"""Finding the table in a 5W spreadsheet: it may have a page of explanations first, and titles above its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from core.sheet_reading import Limits, Line, pages_of
from core.transitions import Refused
from directory.fivew_columns import Column, guessed

# The real file has 24,000 rows of some 40 columns (facts.md §3.4).
LIMITS = Limits(bytes=10_000_000, rows=60_000)
TITLES, SHOWN = 10, 5
FEWEST_COLUMNS = 3
# The second row of an HXL file (facts.md §5.3): "#adm2+code".
HXL_TAG = re.compile(r"#[a-z][a-z0-9_]+(\s*\+\s*[a-z0-9_]+)*")


@dataclass(frozen=True)
class Found:
    """Where the table is, and how it begins."""

    page_index: int
    header_line: int
    headers: list[str]
    sample: list[list[str]]
    columns: dict[str, int]


def find_table(content: bytes) -> Found:
    """The page and line whose headings say the most. Raises Refused when nothing looks like a 5W table."""
    best: Found | None = None
    for index, page in enumerate(pages_of(content, LIMITS)):
        head = list(islice(page, TITLES + SHOWN))
        for place, (number, cells) in enumerate(head[:TITLES]):
            columns = guessed(cells)
            if best is None or len(columns) > len(best.columns):
                sample = [cells for _number, cells in head[place + 1 :] if not is_hxl(cells)][:SHOWN]
                best = Found(index, number, cells, sample, columns)
    if best is None or len(best.columns) < FEWEST_COLUMNS or not best.sample:
        raise Refused(
            _("Aucune page de ce fichier n’a les colonnes d’un tableau 5W : organisation, P-code du cercle, cluster…")
        )
    return best


def lines_of(content: bytes, page_index: int, header_line: int) -> Iterator[Line]:
    """The lines under the headings, with the numbers that a spreadsheet shows. Raises Refused."""
    page = next(islice(pages_of(content, LIMITS), page_index, None))
    return ((number, cells) for number, cells in page if number > header_line and not is_hxl(cells))


def is_hxl(cells: list[str]) -> bool:
    """Whether a line holds tags, and nothing else."""
    said = [cell.lower() for cell in cells if cell]
    return len(said) > 1 and all(HXL_TAG.fullmatch(cell) for cell in said)


def missing_columns(columns: dict[str, int]) -> list[str]:
    """What nothing can be read without, and no column says."""
    needs = (
        (Column.ACRONYM, Column.NAME),
        (Column.CERCLE_CODE, Column.COMMUNE_CODE),
        (Column.SECTOR,),
        (Column.ACTIVITY,),
    )
    return [str(one[0].label) for one in needs if not any(column in columns for column in one)]
