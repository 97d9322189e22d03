"""The lines of another organisation's counts: read together, for a total beside its parts would count twice.

A period is taken whole or not at all: with a line missing, its figure would lie. Sealed and restricted matters are no
figures of this kind: their lines are left out, and hold nothing up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.sheet_reading import Table
from core.spelling import plain
from directory.enums import NOT_SAID, AgeGroup, Sex
from directory.models import Organisation, Place
from feedback.actions.collected import Cell
from feedback.ingest_columns import FigureColumn
from feedback.ingest_periods import Span, span_of
from feedback.ingest_rows import CHANNELS
from feedback.sheet_rows import age_of, code_of
from feedback.source_words import LONGEST, KnownWords, Meaning

COUNT = re.compile(r"\d{1,7}|\d{1,3}(?: \d{3}){1,2}")
TOTALS = {"total", "ensemble", "total general", "sous total", "grand total", "tous", "toutes"}
NOT_SAID_WORDS = {plain(NOT_SAID), "non communique", "inconnu", "inconnue", "nc", "nsp"}


class FigureWrong(TextChoices):
    """Why a line of counts is not taken; those of LEFT_OUT hold no period up."""

    PERIOD = "period", _("La période ne se lit pas : écrivez un mois (2022-03) ou un trimestre (2022-T1).")
    FUTURE = "period_future", _("Cette période n’a pas commencé.")
    PLACE = "place", _("Ce lieu n’est pas connu : écrivez un P-code, ou le nom d’une région ou d’un cercle.")
    CATEGORY = "no_category", _("Pas de catégorie, ou un texte trop long pour en être une.")
    SEX = "sex", _("Ce sexe ne se lit pas : femme, homme, ou non communiqué.")
    AGE = "age_group", _("Cet âge ne se lit pas : enfant, adulte, aîné, ou non communiqué.")
    CHANNEL = "channel", _("Ce canal n’est pas connu.")
    COUNT = "count", _("Ce nombre ne se lit pas.")
    TWICE = "figure_twice", _("Une ligne plus haut compte la même chose.")
    TOTAL = "total", _("C’est un total : seules ses parties comptent.")
    MIXED = (
        "mixed",
        _(
            "D’autres lignes détaillent ce que celle-ci laisse vide. Si c’est leur total, enlevez-la ; sinon, écrivez "
            "« non communiqué »."
        ),
    )
    NOT_HERE = "not_here", _("Ces matières ne se comptent pas ici.")
    OVERLAP = "overlap", _("Cette période en recoupe une autre : les mêmes retours compteraient deux fois.")
    HELD = "held", _("Une autre ligne de cette période est à corriger : la période est reprise entière, ou pas.")


LEFT_OUT = frozenset({FigureWrong.TOTAL, FigureWrong.NOT_HERE})


class BadFigure(Exception):
    def __init__(self, code: FigureWrong) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True)
class Figure:
    """One line that can be read: its number, and what it counts under the source's word. `given`: what it details."""

    line: int
    span: Span
    place: Place | None
    word: str
    sex: str
    age_group: str
    channel: str
    count: int
    given: frozenset[str]

    def cell(self, meaning: Meaning) -> Cell:
        """What it counts, under our category."""
        return Cell(
            place_id=self.place.pk if self.place is not None else None,
            category_id=meaning.category.code if meaning.category is not None else None,
            sex=self.sex,
            age_group=self.age_group,
            channel=self.channel,
        )


@dataclass
class Figures:
    """What a table says, by period; what is wrong, by line; the words that nobody decided yet."""

    periods: dict[Span, Counter[Cell]] = field(default_factory=dict)
    lines: dict[Span, list[int]] = field(default_factory=dict)
    faults: dict[int, FigureWrong] = field(default_factory=dict)
    undecided: Counter[str] = field(default_factory=Counter)


class FigureRows:
    """Reads the counts of one source."""

    def __init__(self, table: Table, columns: Mapping[str, int], source: Organisation) -> None:
        self.table, self.columns = table, columns
        self.words = KnownWords(source)
        places = Place.objects.select_related("parent")
        self.places = {plain(text): place for place in places for text in (place.name, place.pcode)}

    def all(self) -> Figures:
        """Everything, held against everything else."""
        found = Figures()
        read: list[Figure] = []
        broken: set[Span] = set()
        for line, row in enumerate(self.table.rows, start=2):
            try:
                read.append(self._figure(line, row))
            except BadFigure as error:
                found.faults[line] = error.code
                span = span_of(self._cell(row, FigureColumn.PERIOD))
                if span is not None and error.code not in LEFT_OUT:
                    broken.add(span)
        self._hold_together(read, found, broken)
        return found

    def _figure(self, line: int, row: list[str]) -> Figure:
        word = self._word(row)
        span = span_of(self._cell(row, FigureColumn.PERIOD))
        if span is None:
            raise BadFigure(FigureWrong.PERIOD)
        if span.first_day > timezone.localdate():
            raise BadFigure(FigureWrong.FUTURE)
        said = self._cell(row, FigureColumn.COUNT).replace("\u00a0", " ").replace("\u202f", " ")
        if not COUNT.fullmatch(said):
            raise BadFigure(FigureWrong.COUNT)
        dimensions = (FigureColumn.PLACE, FigureColumn.SEX, FigureColumn.AGE, FigureColumn.CHANNEL)
        return Figure(
            line=line,
            span=span,
            place=self._place(row),
            word=word,
            sex=_code(Sex, self._cell(row, FigureColumn.SEX), FigureWrong.SEX),
            age_group=_code(AgeGroup, self._cell(row, FigureColumn.AGE), FigureWrong.AGE),
            channel=self._channel(row),
            count=int(said.replace(" ", "")),
            given=frozenset(one.value for one in dimensions if self._cell(row, one)),
        )

    def _word(self, row: list[str]) -> str:
        word = self._cell(row, FigureColumn.CATEGORY)
        if not word or len(word) > LONGEST:
            raise BadFigure(FigureWrong.CATEGORY)
        if plain(word) in TOTALS or plain(self._cell(row, FigureColumn.PLACE)) in TOTALS:
            raise BadFigure(FigureWrong.TOTAL)
        if is_not_counted_here(self.words.meaning(word)):
            raise BadFigure(FigureWrong.NOT_HERE)
        return word

    def _place(self, row: list[str]) -> Place | None:
        said = self._cell(row, FigureColumn.PLACE)
        if not said or plain(said) in NOT_SAID_WORDS:
            return None
        if (found := self.places.get(plain(said))) is None:
            raise BadFigure(FigureWrong.PLACE)
        return found

    def _channel(self, row: list[str]) -> str:
        said = plain(self._cell(row, FigureColumn.CHANNEL))
        if not said or said in NOT_SAID_WORDS:
            return ""
        if (found := CHANNELS.get(said)) is None:
            raise BadFigure(FigureWrong.CHANNEL)
        return found.value

    def _cell(self, row: list[str], column: FigureColumn) -> str:
        place = self.columns.get(column.value)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _hold_together(self, read: list[Figure], found: Figures, broken: set[Span]) -> None:
        for figure, code in repeats(read):
            found.faults[figure.line] = code
            broken.add(figure.span)
        spans = sorted({one.span for one in read} | broken)
        crossing = {one for one in spans for other in spans if one != other and one.overlaps(other)}
        for figure in read:
            if figure.line in found.faults:
                continue
            if figure.span in crossing or figure.span in broken:
                found.faults[figure.line] = FigureWrong.OVERLAP if figure.span in crossing else FigureWrong.HELD
                continue
            self._count(figure, found)

    def _count(self, figure: Figure, found: Figures) -> None:
        meaning = self.words.meaning(figure.word)
        if meaning.is_undecided:
            found.undecided[figure.word] += 1
        found.periods.setdefault(figure.span, Counter())[figure.cell(meaning)] += figure.count
        found.lines.setdefault(figure.span, []).append(figure.line)


def is_not_counted_here(meaning: Meaning) -> bool:
    """Sealed and restricted matters have their own figures, and their own thresholds."""
    return meaning.is_delicate or (meaning.category is not None and bool(meaning.category.restricted_kind))


def _code(choices: type[TextChoices], said: str, wrong: FigureWrong) -> str:
    found = age_of(said) if choices is AgeGroup else code_of(choices, said)
    if found == NOT_SAID and said and plain(said) not in NOT_SAID_WORDS:
        raise BadFigure(wrong)
    return found


def repeats(read: list[Figure]) -> list[tuple[Figure, FigureWrong]]:
    """Those that count again what other lines count: the same, or a whole beside its parts."""
    found: list[tuple[Figure, FigureWrong]] = []
    seen: set[tuple[object, ...]] = set()
    details: dict[tuple[Span, str], set[str]] = defaultdict(set)
    regions: set[tuple[Span, str, int]] = set()
    for one in read:
        matter = (one.span, plain(one.word))
        details[matter] |= one.given
        if one.place is not None and one.place.parent_id is not None:
            regions.add((*matter, one.place.parent_id))
    for one in read:
        matter = (one.span, plain(one.word))
        name = (*matter, one.place, one.sex, one.age_group, one.channel)
        is_whole = one.given != details[matter] or (one.place is not None and (*matter, one.place.pk) in regions)
        if is_whole:
            found.append((one, FigureWrong.MIXED))
        elif name in seen:
            found.append((one, FigureWrong.TWICE))
        seen.add(name)
    return found
