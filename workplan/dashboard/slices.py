"""Counts under a filter beside those of its other choices: what a page withholds, no page of another choice gives back.

Women, men and those who did not say add up to everyone, who have a page too. So what is withheld is decided for all the
choices of a filter together, and each page shows its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.periods import Period
from feedback import statistics as feedback
from feedback.reads import parents_of_categories
from feedback.statistics import About
from referrals import statistics as referrals
from workplan.dashboard.asked import Asked
from workplan.suppression import Place, Table, is_small, publishable_slice, told_parts

Key = tuple[str, ...]
Found = Mapping[Key, Sequence[int]]
# In: fields, P-codes, what was said. Out: by those fields, one or several counts.
Read = Callable[[Sequence[str], Collection[str] | None, About], Found]
INSIDE, OUTSIDE, REST = "in", "out", ""
ROW_OF_REST = "__rest__"


@dataclass(frozen=True)
class Slices:
    """By the choices of one filter, what was read for each; `own`: the one that is asked."""

    own: str
    found: Mapping[str, Found]

    def within(self, keys: Collection[str]) -> Slices:
        """Those of these keys alone."""
        return Slices(
            self.own, {name: {key: n for key, n in of.items() if key[0] in keys} for name, of in self.found.items()}
        )

    def tables(self, at: Callable[[Key, Sequence[int]], Iterable[tuple[Place, int]]]) -> dict[str, Counter[Place]]:
        """Each as counts by row and column; `at`: where a key's counts stand."""
        made: dict[str, Counter[Place]] = {}
        for name, found in self.found.items():
            made[name] = Counter()
            for key, counts in found.items():
                for place, count in at(key, counts):
                    made[name][place] += count
        return made


def slices(asked: Asked, read: Read, *fields: str) -> list[Slices]:
    """For each filter that is asked, the counts of all its choices, the other filters held; without any, one slice."""
    if not asked.is_narrow:
        return [Slices(INSIDE, {INSIDE: read(fields, None, asked.about)})]
    return [_slices(asked, read, fields, name) for name in asked.filters]


def _slices(asked: Asked, read: Read, fields: Sequence[str], name: str) -> Slices:
    field = "place" if name == "scope" else name
    named = fields if field in fields else (*fields, field)
    scope = None if name == "scope" else asked.scope
    about = asked.about if name == "scope" else replace(asked.about, **{name: ""})
    own, choice = _choices(asked, name)
    made: dict[str, dict[Key, Sequence[int]]] = {own: {}}
    at, wide = named.index(field), len(fields)
    for key, counts in read(named, scope, about).items():
        slice_of, short = made.setdefault(choice(key[at]), {}), key[:wide]
        known = slice_of.get(short)
        slice_of[short] = counts if known is None else [a + b for a, b in zip(known, counts, strict=True)]
    return Slices(own, made)


def _choices(asked: Asked, name: str) -> tuple[str, Callable[[str], str]]:
    """The choice that is asked, and which choice a value falls under; a category stands for its children too."""
    if name == "scope":
        inside = asked.scope or frozenset()
        return INSIDE, lambda pcode: INSIDE if pcode in inside else OUTSIDE
    asked_for = asked.about.asked[name]
    if name != "category":
        return asked_for, lambda value: value
    parents = parents_of_categories()
    return asked_for, lambda code: code if code == asked_for else parents.get(code, code)


def voices(asked: Asked, period: Period, counts: Sequence[str], *fields: str) -> list[Slices]:
    """Counts of what was said, in a period."""

    def read(named: Sequence[str], scope: Collection[str] | None, about: About) -> Found:
        return feedback.steps_by(*named, counts=counts, period=period, scope=scope, about=about, cutoff=asked.cutoff)

    return slices(asked, read, *fields)


def cohorts(asked: Asked, period: Period, *fields: str) -> list[Slices]:
    """Cases first referred in a period: with an answer, and without. What is not of the ordinary lane is in no row."""

    def read(named: Sequence[str], scope: Collection[str] | None, about: About) -> Found:
        found = referrals.cohorts_of(*named, period=period, scope=scope, cutoff=asked.cutoff, about=about)
        return {
            tuple(str(part) for part in key): (each.answered, each.referred - each.answered)
            for key, each in found.items()
        }

    return slices(asked, read, *fields)


def rest_of(asked: Asked, found: Slices, period: Period) -> tuple[int, int]:
    """What the country's own figure of a period counts beyond what was found in it: with an answer, and without."""
    whole = referrals.referred_cohort(period, cutoff=asked.cutoff)
    known = [sum(each) for each in zip(*dict(totals_of(found, 2)).values(), strict=True)]
    return whole.answered - known[0], whole.referred - whole.answered - known[1]


def with_rest(asked: Asked, found: Slices, period: Period) -> Slices:
    """With the rest, in a row and under a choice of its own; where several filters are asked, their parts tell nothing
    of it.
    """
    if len(asked.filters) > 1:
        return found
    name = REST if asked.is_narrow else found.own
    rest: dict[Key, Sequence[int]] = {(ROW_OF_REST,): rest_of(asked, found, period)}
    return Slices(found.own, {**found.found, name: {**found.found.get(name, {}), **rest}})


def table_of(
    tables: Sequence[tuple[str, Mapping[str, Mapping[Place, int]]]],
    rows: Sequence[str],
    columns: Sequence[str],
    known: Collection[Place] = (),
    hidden: Collection[Place] = (),
) -> Table:
    """In: for each filter, its own choice and the table of each; totals that stand elsewhere on the page; what is
    withheld in any case. Out: what is shown under all filters together.
    """
    shown = [publishable_slice(of, own, rows, columns, known, hidden) for own, of in tables]
    values = {
        place: None if any(each.values[place] is None for each in shown) else count
        for place, count in shown[0].values.items()
    }
    return Table(rows, columns, values)


def published_steps(own: str, steps: Mapping[str, Sequence[int]]) -> set[int]:
    """In: counts that follow each other, for each choice. Out: which may be shown: no count and no difference of two
    that are shown is small, of any choice or of all together; the same for every choice, none of a small one.
    """
    first = told_parts({name: counts[0] for name, counts in steps.items()})
    if own not in first:
        return set()
    whole = [sum(each) for each in zip(*steps.values(), strict=True)]
    known = [counts for name, counts in steps.items() if name in first]
    left = [count - sum(each) for count, each in zip(whole, zip(*known, strict=True), strict=True)]
    return _steps([*known, left], _steps([whole], range(len(whole))))


def _steps(tables: Sequence[Sequence[int]], among: Iterable[int]) -> set[int]:
    kept: set[int] = set()
    for at in sorted(among):
        told = [abs(counts[at] - before) for counts in tables for before in (0, *(counts[each] for each in kept))]
        if not any(map(is_small, told)):
            kept.add(at)
    return kept


def is_withheld(own: str, totals: Mapping[str, Sequence[int]]) -> bool:
    """In: one or several counts of each choice. Out: whether a list of them would withhold the own choice's."""
    return any(
        own not in told_parts({name: counts[place] for name, counts in totals.items()})
        for place in range(max(map(len, totals.values()), default=0))
    )


def totals_of(found: Slices, width: int) -> Iterator[tuple[str, list[int]]]:
    """The sums of each choice, over all keys."""
    for name, each in found.found.items():
        yield name, [sum(counts[place] for counts in each.values()) for place in range(width)]
