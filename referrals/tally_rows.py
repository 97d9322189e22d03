"""The sums that facts make, as rows of the tables of sums: one statement for each moment, whatever they are cut by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Q, QuerySet, SmallIntegerField, When
from django.db.models.functions import Greatest, TruncDate

from feedback import statistics as voices
from feedback.models import CaseFacts, CohortTally, VoiceTally, WaitTally
from feedback.models.tally import Tally
from feedback.tallied import DAYS, EVERYWHERE, FACETS, ON_FACTS, PAIRS, month_of
from referrals import statistics as cohorts

# When each count happened.
VOICES = {"received_at": ("said", "triaged", "referred", "answered", "told"), "settled_at": ("settled", "spoke")}
COHORTS = {
    "first_sent": ("referred",),
    "first_answer": ("answered", "on_time"),
    "settled_at": ("confirmed",),
    "first_response": ("responses",),
    "first_adjustment": ("adjustments",),
    "first_service": ("services",),
}


@dataclass(frozen=True)
class Cut:
    """By the parts of a facet, for each place or for the whole country."""

    facet: str
    parts: Sequence[str]
    of_place: bool

    @property
    def keys(self) -> str:
        """SQL: place, facet, and what is said."""
        said = [*self.parts, *["''"] * (2 - len(self.parts))]
        return ", ".join(["pcode" if self.of_place else f"'{EVERYWHERE}'", f"'{self.facet}'", *said])

    @property
    def groups(self) -> str:
        return ", ".join([*(["pcode"] if self.of_place else []), *self.parts])


BY_DAY = (Cut("", (), True), *(Cut(facet, parts, False) for facet, parts in FACETS.items()))
AS_OF_NOW = tuple(Cut(facet, parts, True) for facet, parts in FACETS.items())
# Of sums that only an installation keeps that has them all.
PAIRED = tuple(Cut(facet, parts, True) for facet, parts in PAIRS.items())
WAITED = tuple(Cut(facet, parts, False) for facet, parts in FACETS.items())


@dataclass(frozen=True)
class Rows:
    """Rows of keys, then counts, as SQL."""

    model: type[Tally]
    keys: Sequence[str]
    counts: Sequence[str]
    sql: str
    params: Sequence[Any]


def key_names(model: type[Tally]) -> tuple[str, ...]:
    return ("month", "day", "pcode", "facet", "value", "other", *(["days"] if model is WaitTally else []))


def rows_of(facts: QuerySet[CaseFacts], sign: int = 1, *, first: bool = True, paired: bool) -> Iterator[Rows]:
    """Every sum that these facts make. `first`: those that every installation keeps; `paired`: the others."""
    said = facts.filter(is_ordinary=True)
    sent = facts.filter(first_sent__isnull=False)
    waited = sent.filter(days__isnull=False)
    of_voices, of_cohorts = voices.facts_that(Q()), cohorts.facts_that(None)
    if first:
        yield from _by_day(VoiceTally, said, "received_at", VOICES, of_voices, sign)
        yield from _by_day(CohortTally, sent, "first_sent", COHORTS, of_cohorts, sign)
        yield _made(WaitTally, waited, ("first_sent", "first_answer"), ANSWERED, [Cut(DAYS, (), False)], sign)
        yield _made(WaitTally, waited, ("first_sent", ""), ANSWERED, [Cut(DAYS, (), True)], sign)
    cuts = [*(AS_OF_NOW if first else ()), *(PAIRED if paired else ())]
    yield _made(VoiceTally, said, ("received_at", ""), of_voices, cuts, sign)
    yield _made(CohortTally, sent, ("first_sent", ""), of_cohorts, cuts, sign)
    if paired:
        yield _made(WaitTally, waited, ("first_sent", ""), ANSWERED, WAITED, sign)


ANSWERED = {"answered": Q(pk__isnull=False)}


def _by_day(
    model: type[Tally],
    facts: QuerySet[CaseFacts],
    entered: str,
    happened: Mapping[str, Sequence[str]],
    counts: Mapping[str, Q],
    sign: int,
) -> Iterator[Rows]:
    for moment, names in happened.items():
        which = {name: counts[name] for name in names}
        yield _made(model, facts.filter(reduce(or_, which.values())), (entered, moment), which, BY_DAY, sign)


def _made(
    model: type[Tally],
    facts: QuerySet[CaseFacts],
    moments: tuple[str, str],
    which: Mapping[str, Q],
    cuts: Sequence[Cut],
    sign: int,
) -> Rows:
    """`moments`: when a case entered its month, and when what is counted happened; "" for as of now, which stands on
    the first day of the month. Dates are told once for every case, then counted cut by cut.
    """
    parts = list(dict.fromkeys(part for cut in cuts for part in cut.parts))
    keys = key_names(model)
    days = [*keys[6:]]
    flags = [Case(When(each, then=1), default=0, output_field=SmallIntegerField()) for each in which.values()]
    one = facts.order_by().values_list(*_dates(*moments), "pcode", *(ON_FACTS[part] for part in parts), *days, *flags)
    told, params = one.query.sql_with_params()
    columns = ", ".join(["month", "day", "pcode", *parts, *days, *(f"n_{name}" for name in which)])
    counts = ", ".join(f"{sign} * SUM(n_{name})" for name in which)
    more = "".join(f", {name}" for name in days)
    union = " UNION ALL ".join(
        f"SELECT month, day, {cut.keys}{more}, {counts} FROM one "  # noqa: S608  our own names
        f"GROUP BY {', '.join(filter(None, ['month, day', cut.groups]))}{more}"
        for cut in cuts
    )
    return Rows(model, keys, list(which), f"WITH one ({columns}) AS ({told}) {union}", params)


def _dates(entered: str, happened: str) -> tuple[Any, Any]:
    month, entry = month_of(entered), TruncDate(entered)
    return month, month if not happened else entry if happened == entered else Greatest(TruncDate(happened), entry)
