"""The top line: each figure against the quarter before, with its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core.reading_once import read_once
from workplan.dashboard.asked import Asked
from workplan.dashboard.slices import Slices, cohorts, is_withheld, totals_of, voices, with_rest
from workplan.measures import DAYS_MEDIAN, MEASURES, REFERRED, REFUSALS, SAID, SATISFACTION, SILENT_GROUPS, Measure
from workplan.suppression import is_small
from workplan.values import Value

Pair = tuple[int, int]
Totals = Mapping[str, Sequence[int]]


# The measure behind each figure, and what it is called where room is short.
TOP_LINE: Mapping[str, tuple[str, StrOrPromise]] = {
    "said": (SAID, _("Ce qui a été dit")),
    "referred": (REFERRED, _("Cas référés")),
    "answered": (REFERRED, _("Avec réponse ou ajustement")),
    "confirmed": (SATISFACTION, _("Confirmé par les personnes")),
    "days": (DAYS_MEDIAN, _("Jours pour répondre (médiane)")),
    "silent": (SILENT_GROUPS, _("Groupes silencieux")),
}

# What a panel shows, and the top line does not.
BELOW: Mapping[str, tuple[str, StrOrPromise]] = {"refused": (REFUSALS, _("Refus"))}
FIGURES = {**TOP_LINE, **BELOW}


@dataclass(frozen=True)
class Figure:
    """One figure; `value` None with a `fraction` shows the percentage. `withheld`: too small to be published."""

    key: str
    value: int | str | None = None
    fraction: Pair | None = None
    before: int | Pair | None = None
    withheld: bool = False

    @property
    def measure(self) -> Measure:
        return MEASURES[FIGURES[self.key][0]]

    @property
    def title(self) -> StrOrPromise:
        return FIGURES[self.key][1]


@dataclass(frozen=True)
class Counts:
    """What the top line is made of, for one quarter."""

    said: int
    referred: int
    answered: int
    confirmed: Pair
    days: int | None
    silent: int | None


def top_line(asked: Asked) -> list[Figure]:
    """The six figures, each against `asked.before`; a constant number of queries."""
    now, before = _counts(asked), _counts(asked.before)
    kept, kept_before = withheld(asked), withheld(asked.before)

    def shown(key: str, value: int | Pair, earlier: int | Pair) -> Figure:
        if key in kept:
            return Figure(key, withheld=True)
        known = None if key in kept_before else earlier
        if isinstance(value, tuple):
            return Figure(key, fraction=value, before=known)
        return Figure(key, value, before=known)

    return [
        shown("said", now.said, before.said),
        shown("referred", now.referred, before.referred),
        shown("answered", (now.answered, now.referred), (before.answered, before.referred)),
        shown("confirmed", now.confirmed, before.confirmed),
        Figure("days", now.days, before=before.days, withheld=asked.is_narrow and is_small(now.answered)),
        Figure("silent", now.silent, before=before.silent),
    ]


def figure_of(key: str, asked: Asked) -> Figure:
    """One figure. Raises KeyError for what is none."""
    if key in TOP_LINE:
        return next(figure for figure in top_line(asked) if figure.key == key)
    now, before = (_value(BELOW[key][0], of) for of in (asked, asked.before))
    pairs = [(value.numerator or 0, value.denominator or 0) for value in (now, before)]
    if _tells(pairs[0]):
        return Figure(key, withheld=True)
    return Figure(key, fraction=pairs[0], before=None if _tells(pairs[1]) else pairs[1])


def _counts(asked: Asked) -> Counts:
    found = {name: _value(name, asked) for name, _title in TOP_LINE.values()}
    cohort, people = found[REFERRED], found[SATISFACTION]
    return Counts(
        said=found[SAID].number or 0,
        referred=cohort.number or 0,
        answered=cohort.numerator or 0,
        confirmed=(people.numerator or 0, people.denominator or 0),
        days=found[DAYS_MEDIAN].number,
        silent=found[SILENT_GROUPS].number,
    )


def _value(name: str, asked: Asked) -> Value:
    measured = MEASURES[name].compute(asked.period, asked.over, asked.cutoff)
    return measured.value if measured else Value()


@read_once
def withheld(asked: Asked) -> frozenset[str]:
    """Which figures a filter makes too small to publish, or that those of its other choices would give back."""
    if not asked.is_narrow:
        return frozenset()
    sent = [with_rest(asked, each, asked.period) for each in cohorts(asked, asked.period)]
    told: dict[str, list[Totals]] = {
        "said": [_totals(each, 1) for each in voices(asked, asked.period, ["said"])],
        "referred": [{name: [sum(n)] for name, n in _totals(each, 2).items()} for each in sent],
        "answered": [{name: [*n, sum(n)] for name, n in _totals(each, 2).items()} for each in sent],
        "confirmed": [
            {name: [*n, n[1] - n[0]] for name, n in _totals(each, 2).items()}
            for each in voices(asked, asked.period, ["settled", "spoke"])
        ],
    }
    owns = [each.own for each in sent]
    return frozenset(key for key, found in told.items() if any(map(is_withheld, owns, found)))


def _totals(found: Slices, width: int) -> Totals:
    return dict(totals_of(found, width))


def _tells(pair: Pair) -> bool:
    """Whether a numerator, a denominator or what is between them is a small number."""
    return any(is_small(count) for count in (*pair, pair[1] - pair[0]))
