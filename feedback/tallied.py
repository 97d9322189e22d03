"""How figures are read: the sums of what is counted already, and the cases that are open to be counted again.

A figure is one statement over three parts of the same shape: the sums (or, for a question that they do not answer, the
facts of each case); plus the open cases as they stand; minus what the sums hold of those. So it is exact at any moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, F, Func, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, TruncDate, TruncMonth
from django.utils import timezone

from core.actors import Actor
from core.periods import Period
from core.reading_once import read_once
from feedback.models import Answer, Case, CaseFacts, Category, KeptSums
from feedback.models.tally import Tally

# What cases say of themselves that sums are kept of; the first part of a facet stands in `value`, the other in `other`.
FACETS: dict[str, tuple[str, ...]] = {
    "channel": ("channel",),
    "category": ("category",),
    "person": ("sex", "age_group"),
    "status": ("population_status",),
    "language": ("language",),
}
DAYS = "days"
# Two parts at once, for each place as of now: what a table by one of them, narrowed to one of the other, is read from.
PAIRS: dict[str, tuple[str, ...]] = {
    "ch_cat": ("channel", "category"),
    "ch_sex": ("channel", "sex"),
    "ch_age": ("channel", "age_group"),
    "ch_status": ("channel", "population_status"),
    "cat_sex": ("category", "sex"),
    "cat_age": ("category", "age_group"),
    "cat_status": ("category", "population_status"),
    "sex_status": ("sex", "population_status"),
    "age_status": ("age_group", "population_status"),
}
# The facet with the fewest values: summed over them, it answers what asks for none.
FEWEST = "status"
EVERYWHERE = "*"
# What happens when a case enters its month: of these alone do the sums know the day of entry.
ON_ENTRY = {"said", "referred"}
WHEN = ("month", "day")
# The same, on `CaseFacts`.
ON_FACTS = {
    "channel": "channel",
    "category": "category_code",
    "place": "pcode",
    "sex": "sex",
    "age_group": "age_group",
    "population_status": "population_status",
    "language": "language",
    "days": "days",
}


class WholeDays(Func):
    """Whole days from a moment to a later one; null without both."""

    arity = 2
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(django_timestamp_diff(%(expressions)s) / 86400000000)"
        return WholeDays(*reversed(self.get_source_expressions())).as_sql(
            compiler, connection, template=template, **more
        )

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "floor(extract(epoch from (%(expressions)s)) / 86400)::integer"
        return WholeDays(*reversed(self.get_source_expressions())).as_sql(
            compiler, connection, template=template, arg_joiner=" - ", **more
        )


@dataclass(frozen=True)
class Span:
    """Whole months, as the sums know them; `before`: only what happened before that day."""

    first: date
    last: date
    before: date | None

    @classmethod
    def of(cls, period: Period, cutoff: datetime | None) -> Span | None:
        """None for what is not made of whole months, or ends within one otherwise than at its cut-off."""
        start, end = _midnight(period.start), _midnight(period.end)
        known_by = _midnight(cutoff) if cutoff else None
        if start is None or end is None or start.day != 1 or (cutoff and known_by is None):
            return None
        if end.day != 1 and known_by != end:
            return None
        return cls(start, end, known_by)

    @classmethod
    def whole_months(cls, period: Period) -> tuple[Span, Period] | None:
        """Those that it begins with, and what is left of it; None where there are none."""
        start, last = _midnight(period.start), timezone.localtime(period.end).date().replace(day=1)
        if start is None or start.day != 1 or last <= start:
            return None
        return cls(start, last, None), Period(Period.between(last, last).start, period.end)

    @property
    def condition(self) -> Q:
        """On a `Tally`."""
        months = Q(month__gte=self.first, month__lt=self.last)
        return months & Q(day__lt=self.before) if self.before else months


@dataclass(frozen=True)
class Question:
    """What is asked of the sums: keys among "month", "day" (of entry), "place" and the parts of a facet; P-codes; and
    what was said."""

    span: Span | None
    keys: Sequence[str]
    scope: Collection[str] | None
    asked: Mapping[str, str]

    @property
    def facet(self) -> str | None:
        """Which facet answers it, "" for all cases day by day of a place; None where the sums do not."""
        if self.span is None:
            return None
        named = {name for name in (*self.keys, *self.asked) if name not in (*WHEN, "place")}
        by_day = self.span.before is not None or "day" in self.keys
        if DAYS in named:
            return self._of_waits(named - {DAYS}, as_of_now=not by_day)
        if not named:
            return "" if by_day and not self.is_of_the_country else FEWEST
        found = _holding(named, FACETS)
        if found is None and not by_day and (pair := _holding(named, PAIRS)) is not None and keeps_pairs():
            return pair
        return found

    def _of_waits(self, named: set[str], *, as_of_now: bool) -> str | None:
        """Those of the country are kept by facet too, as of now."""
        if as_of_now and self.is_of_the_country and keeps_pairs():
            return _holding(named, FACETS) if named else FEWEST
        return None if named else DAYS

    @property
    def is_of_the_country(self) -> bool:
        """Whether no place matters."""
        return self.scope is None and "place" not in self.keys


@dataclass(frozen=True)
class Facts:
    """Which cases a figure is over. `entered`: the moment whose month they are summed by; `within`: on `CaseFacts`;
    `opened`: those that are open, as they stand; `beside`: what the sums hold and this figure does not count.
    """

    entered: str
    within: Q
    opened: QuerySet[CaseFacts]
    beside: Q | None = None


Parts = list[QuerySet[Any]]


def parts(model: type[Tally], question: Question, which: Mapping[str, Q], facts: Facts) -> Parts:
    """Of one statement: what is summed, what is open as it stands, less what was summed of it; or the facts one by one,
    where the sums do not answer. `which`: by name of a count, the facts that it takes.
    """
    taken = CaseFacts.objects.filter(facts.within)
    opened = of_facts(facts.opened.filter(facts.within), question, which, facts.entered)
    summed = sums(model, question, list(which))
    if summed is None:
        return [of_facts(taken.filter(is_stale=False), question, which, facts.entered), opened]
    found = [summed, opened, of_facts(taken.filter(is_stale=True), question, which, facts.entered, sign=-1)]
    if facts.beside is not None:
        found.append(of_facts(CaseFacts.objects.filter(facts.beside), question, which, facts.entered, sign=-1))
    return found


def sums(model: type[Tally], question: Question, counts: Sequence[str]) -> QuerySet[Any] | None:
    """The first part, from the sums: rows of keys, then counts; None where they do not answer the question."""
    facet, span = question.facet, question.span
    if facet is None or span is None:
        return None
    by_day = not facet or (question.is_of_the_country and facet not in PAIRS)
    if span.before and not by_day:
        return None
    if "day" in question.keys and not (by_day and set(counts) <= ON_ENTRY):
        return None
    parts = (FACETS | PAIRS).get(facet, ())
    columns = dict(zip(parts, ("value", "other"), strict=False))
    rows: QuerySet[Any] = model._default_manager.filter(span.condition, facet=facet)
    if facet:
        of_country = Q(pcode=EVERYWHERE)
        rows = rows.filter(of_country if by_day else ~of_country)
    if question.scope is not None:
        rows = rows.filter(pcode__in=question.scope)
    for name, code in question.asked.items():
        within = category_codes(code) if name == "category" else [code]
        rows = rows.filter(**{f"{columns[name]}__in": within})
    places = {"month": "month", "day": "day", "place": "pcode", "days": "days", **columns}
    keys = {f"key_{name}": F(places[name]) for name in question.keys}
    return _shaped(rows, keys, {f"n_{name}": Sum(name) for name in counts})


def of_facts(
    rows: QuerySet[CaseFacts],
    question: Question,
    counts: Mapping[str, Q],
    entered: str,
    sign: int = 1,
) -> QuerySet[Any]:
    """The same shape, from facts one by one. `entered`: whose month or day is the key; `counts`: name → which."""
    rows = _narrowed(rows, question.scope, question.asked)
    keys = {f"key_{n}": moment_of(n, entered) if n in WHEN else F(ON_FACTS[n]) for n in question.keys}
    return _shaped(rows, keys, {f"n_{name}": sign * Count("pk", filter=which) for name, which in counts.items()})


def shaped(rows: QuerySet[Any], keys: Mapping[str, Any], counts: Mapping[str, Any]) -> QuerySet[Any]:
    """The same shape, from any rows: name → expression."""
    return _shaped(rows, {f"key_{n}": e for n, e in keys.items()}, {f"n_{n}": e for n, e in counts.items()})


def added(parts: Iterable[QuerySet[Any] | None], keys: int) -> dict[tuple[Any, ...], list[int]]:
    """In: parts of one shape, with so many keys. Out: keys → counts, added up in one statement; no row of zeros."""
    first, *others = (part for part in parts if part is not None)
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in first.union(*others, all=True) if others else first:
        key, counts = tuple(row[1 : 1 + keys]), [each or 0 for each in row[1 + keys :]]
        known = found.get(key)
        found[key] = counts if known is None else [a + b for a, b in zip(known, counts, strict=True)]
    return {key: counts for key, counts in found.items() if any(counts)}


@dataclass(frozen=True)
class Behind:
    """The cases behind a figure, by the facts of those that were taken in and of those that are open as they stand.

    For a list that the reader's own permission narrows; never shown as they are.
    """

    kept: QuerySet[CaseFacts]
    opened: QuerySet[CaseFacts]

    @classmethod
    def of(cls, facts: Facts, scope: Collection[str] | None, asked: Mapping[str, str]) -> Behind:
        """What a figure is over, in these places, of which this was said."""
        kept, opened = CaseFacts.objects.filter(facts.within, is_stale=False), facts.opened.filter(facts.within)
        return cls(_narrowed(kept, scope, asked), _narrowed(opened, scope, asked))

    @property
    def condition(self) -> Q:
        """On `Case`."""
        return Q(pk__in=self._with())

    def count(self) -> int:
        return self._with().count()

    def ids(self) -> Iterable[UUID]:
        return (row[0] for row in self._with())

    def latest(self, most: int) -> list[UUID]:
        """The ids of those that came last, latest first."""
        return [row[0] for row in self._with("received_at").order_by("-received_at")[:most]]

    def _with(self, *columns: str) -> QuerySet[CaseFacts, tuple[Any, ...]]:
        kept, opened = (rows.order_by().values_list("pk", *columns) for rows in (self.kept, self.opened))
        return kept.union(opened, all=True)


def answer_counts_again(answer_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Whether an answer reached the person changes what figures say of its case."""
    counts_again(Answer.objects.values_list("case", flat=True).get(pk=answer_pk), by=by, at=at)


def month_of(moment: str) -> Cast:
    """The first day of the month of a moment, as a date."""
    return Cast(TruncMonth(moment, output_field=DateField()), DateField())


def moment_of(name: str, moment: str) -> Cast:
    """The "month" or the "day" of a moment, as a date."""
    return month_of(moment) if name == "month" else Cast(TruncDate(moment), DateField())


def open_cases() -> QuerySet[Any]:
    """The ids of cases that are open to be counted again: never taken in, or acted on since."""
    never = Case.objects.filter(is_tallied=False).order_by().values("pk")
    return never.union(CaseFacts.objects.filter(is_stale=True).values("pk"), all=True)


def counts_again(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Something happened to a case: from now on figures count it as it stands. In the act's own transaction.

    The row is locked first, so that the job which takes cases in has either seen the act or not taken this one yet.
    """
    Case.objects.select_for_update().filter(pk=case_pk).values_list("pk").first()
    CaseFacts.objects.filter(pk=case_pk, is_stale=False).update(is_stale=True)


@read_once
def keeps_pairs() -> bool:
    """Whether this installation has the sums of PAIRS, and those of waits by facet: made since an earlier version."""
    return KeptSums.objects.filter(paired=True).exists()


def category_codes(code: str) -> QuerySet[Any]:
    """A category stands for its children too."""
    return Category.objects.filter(Q(pk=code) | Q(parent=code)).order_by().values("pk")


def _narrowed(
    rows: QuerySet[CaseFacts], scope: Collection[str] | None, asked: Mapping[str, str]
) -> QuerySet[CaseFacts]:
    """Facts of cases in these places, of which this was said."""
    if scope is not None:
        rows = rows.filter(pcode__in=scope)
    for name, code in asked.items():
        within = category_codes(code) if name == "category" else [code]
        rows = rows.filter(**{f"{ON_FACTS[name]}__in": within})
    return rows


def _shaped(rows: QuerySet[Any], keys: Mapping[str, Any], counts: Mapping[str, Any]) -> QuerySet[Any]:
    """One key that is the same in all, so that a count without a key is a group too."""
    named = rows.order_by().values(key=Value(1), **keys).annotate(**counts)
    found: QuerySet[Any] = named.values_list("key", *keys, *counts)
    return found


def _holding(named: Collection[str], facets: Mapping[str, Sequence[str]]) -> str | None:
    return next((facet for facet, parts in facets.items() if set(named) <= set(parts)), None)


def _midnight(moment: datetime) -> date | None:
    local = timezone.localtime(moment)
    return local.date() if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0) else None
