"""Who does not speak: voices set against the people there are, or who are assisted.

Voices are cases of the ordinary lane over twelve months, tests and duplicates out, small numbers withheld. A group
without a reference figure is not silent: it is unknown. What was not said of a person stands apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.conf import settings
from django.utils.translation import gettext as _

from core.formats import DASH, HARD, format_number
from core.periods import Quarter
from directory.enums import NOT_SAID, AgeGroup, Sex
from directory.models import Place
from feedback import statistics as feedback
from workplan.dashboard.months import year_to
from workplan.dashboard.panel import WITHHELD
from workplan.enums import Part
from workplan.models import ReferenceFigure
from workplan.silent_shares import Shares, shares
from workplan.suppression import TOTAL, Table, publishable

SEXES = tuple(sex for sex in Sex if sex != Sex.NOT_SAID)
AGES = tuple(age for age in AgeGroup if age != AgeGroup.NOT_SAID)
GROUPS = tuple((sex.value, age.value) for sex in SEXES for age in AGES)
UNKNOWN = "unknown"
NOWHERE = ""
PER = 10_000
People = Mapping[tuple[str, str, str], int]


@dataclass(frozen=True)
class Rate:
    """Voices of a group (None: withheld) over its people (None: no reference figure)."""

    label: str
    voices: int | None
    people: int | None
    is_silent: bool = False

    @property
    def per_10000(self) -> float | None:
        return None if self.voices is None or not self.people else self.voices * PER / self.people

    @property
    def shown(self) -> str:
        """ "3,2 (12/37 500)": the rate never goes without its fraction."""
        if self.voices is None:
            return str(WITHHELD)
        if self.people is None:
            return _("%(n)s, pas de chiffre de référence") % {"n": format_number(self.voices)}
        if self.per_10000 is None:
            return DASH
        parts = f"({format_number(self.voices)}/{format_number(self.people)})"
        return f"{format_number(self.per_10000, 1)}{HARD}{parts}"


@dataclass(frozen=True)
class Silence:
    """The whole page. `line`: the rate under which a group is silent; None when nothing can be compared."""

    by_place: Sequence[Rate]
    by_sex: Sequence[Rate]
    by_age: Sequence[Rate]
    grid: Sequence[tuple[str, Sequence[Rate]]]
    not_said: int | None
    nowhere: int | None
    by_language: Shares
    by_channel: Shares
    median: float | None
    line: float | None

    @property
    def silent(self) -> list[Rate]:
        """The groups found silent, the quietest first."""
        found = [rate for _place, rates in self.grid for rate in rates if rate.is_silent]
        return sorted(found, key=lambda rate: (rate.per_10000 or 0, -(rate.people or 0), rate.label))

    @property
    def has_reference(self) -> bool:
        return any(rate.people is not None for _place, rates in self.grid for rate in rates)

    @property
    def unknown(self) -> int:
        """How many groups have no reference figure."""
        return sum(rate.people is None for _place, rates in self.grid for rate in rates)


def silence(quarter: Quarter, basis: str) -> Silence:
    """Over the twelve months that end with the quarter. A constant number of queries."""
    regions = {place.pcode: place.name for place in Place.objects.regions().order_by("name")}
    table, people = _voices(quarter, regions), reference(basis)
    found = {
        (pcode, group): Rate(_name(regions[pcode], group), table.values[pcode, key(group)], people.get((pcode, *group)))
        for pcode in regions
        for group in GROUPS
    }
    middle = _median(found.values())
    line = None if middle is None else middle * settings.SILENT_BELOW_PERCENT / 100
    national = {group: _over_regions(table, people, regions, group) for group in GROUPS}
    return Silence(
        by_place=[_judged(_of_place(table, people, pcode, name), line) for pcode, name in regions.items()],
        by_sex=[_judged(_sum(sex.label, [national[sex, age] for age in AGES]), line) for sex in SEXES],
        by_age=[_judged(_sum(age.label, [national[sex, age] for sex in SEXES]), line) for age in AGES],
        grid=[(name, [_judged(found[pcode, group], line) for group in GROUPS]) for pcode, name in regions.items()],
        not_said=table.values[TOTAL, UNKNOWN],
        nowhere=table.values[NOWHERE, TOTAL],
        by_language=shares(quarter, Part.LANGUAGE, basis),
        by_channel=shares(quarter, Part.CHANNEL, basis),
        median=middle,
        line=line,
    )


def reference(basis: str) -> People:
    """People by region, sex and age group, each at its latest date; cercles make a region once all are known."""
    region_of = Place.objects.region_codes()
    latest: dict[tuple[str, str, str], tuple[date, int]] = {}
    rows = ReferenceFigure.objects.filter(basis=basis).values_list("place__pcode", "sex", "age_group", "as_of", "count")
    for pcode, sex, age, as_of, count in rows:
        known = latest.get((pcode, sex, age))
        if known is None or known[0] < as_of:
            latest[pcode, sex, age] = as_of, count
    counts = {place: count for place, (_as_of, count) in latest.items()}
    return _from_cercles(counts, region_of) | {
        place: count for place, count in counts.items() if region_of[place[0]] == place[0]
    }


def key(group: tuple[str, str]) -> str:
    """A group as a column of a table."""
    return ":".join(group)


def group_headings() -> list[tuple[str, list[str]]]:
    """The columns of the grid: ages under their sex."""
    return [(str(sex.label), [str(age.label) for age in AGES]) for sex in SEXES]


def group_name(group: tuple[str, str]) -> str:
    """ "Femme ou fille, 18 à 59 ans"."""
    return f"{Sex(group[0]).label}, {AgeGroup(group[1]).label}"


def _voices(quarter: Quarter, regions: Mapping[str, str]) -> Table:
    """By region and group, in one table: whatever is shown beside it follows from what it publishes."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    said = feedback.said_by("place", "sex", "age_group", period=year_to(quarter))
    region_of = Place.objects.region_codes()
    for (pcode, sex, age), count in said.items():
        column = UNKNOWN if NOT_SAID in (sex, age) else key((sex, age))
        counts[region_of[pcode], column] += count
    return publishable(counts, [*regions, NOWHERE], [*(key(group) for group in GROUPS), UNKNOWN])


def _of_place(table: Table, people: People, pcode: str, name: str) -> Rate:
    known = [people.get((pcode, *group)) for group in GROUPS]
    return Rate(name, table.values[pcode, TOTAL], _added(known))


def _over_regions(table: Table, people: People, regions: Mapping[str, str], group: tuple[str, str]) -> Rate:
    known = [people.get((pcode, *group)) for pcode in regions]
    return Rate(group_name(group), table.values[TOTAL, key(group)], _added(known))


def _sum(label: object, rates: Sequence[Rate]) -> Rate:
    """Only of what is published, so that it gives nothing back."""
    return Rate(str(label), _added([rate.voices for rate in rates]), _added([rate.people for rate in rates]))


def _added(counts: Sequence[int | None]) -> int | None:
    """None as soon as one is not known: blank is not zero."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _median(rates: Iterable[Rate]) -> float | None:
    """Of those that speak at all: where most are mute, a median of zero would find nobody silent."""
    known = [per for rate in rates if (per := rate.per_10000)]
    return median(known) if known else None


def _judged(rate: Rate, line: float | None) -> Rate:
    per = rate.per_10000
    return Rate(rate.label, rate.voices, rate.people, is_silent=line is not None and per is not None and per < line)


def _from_cercles(counts: People, region_of: Mapping[str, str]) -> dict[tuple[str, str, str], int]:
    cercles: dict[str, list[str]] = defaultdict(list)
    for pcode, region in region_of.items():
        if pcode != region:
            cercles[region].append(pcode)
    found = {}
    for region, pcodes in cercles.items():
        for group in GROUPS:
            total = _added([counts.get((pcode, *group)) for pcode in pcodes])
            if total is not None:
                found[region, *group] = total
    return found


def _name(region: str, group: tuple[str, str]) -> str:
    return f"{region} : {group_name(group)}"
