"""What a page shows of a file before it is taken in: enough to see whether each column is the right one.

Nobody knows yet which line tells of what, and a wrong column may hold anything: so a cell is shown only where we
understand it (a date, a place, a code), and of any other its length. No line looks otherwise than its neighbours.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import ngettext

from core.sheet_cells import day_of
from core.spelling import plain
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, Sex
from directory.languages import Language
from directory.models import Place
from feedback.enums import SafeContact
from feedback.ingest_columns import CaseColumn, FigureColumn
from feedback.ingest_periods import span_of
from feedback.ingest_rows import CHANNELS
from feedback.sheet_rows import age_of, code_of

CHOICES: dict[CaseColumn, type[TextChoices]] = {
    CaseColumn.SEX: Sex,
    CaseColumn.DISABILITY: Disability,
    CaseColumn.STATUS: PopulationStatus,
    CaseColumn.LANGUAGE: Language,
    CaseColumn.CONSENT: Disability,  # yes or no
    CaseColumn.SAFE_CONTACT: SafeContact,
}
ANSWERS = {column.value: choices for column, choices in CHOICES.items()}


class Glimpse:
    """Shows cells of one table."""

    def __init__(self) -> None:
        self.places = {plain(text) for names in Place.objects.values_list("name", "pcode") for text in names}

    def of(self, column: str, cell: str) -> str:
        """The cell, or how long it is."""
        if not cell or self._is_understood(column, cell):
            return cell
        return ngettext("(%(n)s caractère)", "(%(n)s caractères)", len(cell)) % {"n": len(cell)}

    def _is_understood(self, column: str, cell: str) -> bool:
        if column in ANSWERS:
            return code_of(ANSWERS[column], cell) != NOT_SAID
        if column == CaseColumn.AGE:
            return age_of(cell) != AgeGroup.NOT_SAID
        if column == CaseColumn.SAID_ON:
            return day_of(cell.split("T", maxsplit=1)[0]) is not None
        if column == CaseColumn.CHANNEL:
            return plain(cell) in CHANNELS
        if column == FigureColumn.PERIOD:
            return span_of(cell) is not None
        if column == FigureColumn.COUNT:
            return cell.isdigit()
        return column == CaseColumn.PLACE and plain(cell) in self.places
