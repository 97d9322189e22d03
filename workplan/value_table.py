"""The values of a plan as a table for other programs: verified ones and releases, by indicator, quarter and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.sheet_writing import Cell, Formula, Page, as_csv, as_pages
from workplan.enums import Aggregate, Kind, ReadingState
from workplan.measures import MEASURES
from workplan.models import Indicator, Plan, Reading
from workplan.progress import standing
from workplan.releases import lines_of
from workplan.values import Value

# What HXL calls each column (hxlstandard.org); what it has no word for keeps a tag of its own.
TAGS = (
    "#indicator+code", "#indicator+name", "#indicator+kind", "#date+period", "#adm+code", "#adm+name",
    "#indicator+value+num", "#indicator+numerator", "#indicator+denominator", "#indicator+value+pct",
    "#indicator+value+bool", "#date+reached", "#status", "#meta+version", "#indicator+disaggregation+name",
    "#indicator+disaggregation+code",
)  # fmt: skip
WIDTHS = (10, 50, 16, 16, 10, 16, 12, 12, 12, 12, 8, 12, 12, 8, 16, 24)
# Places of the columns that formulas read.
NUMBER, NUMERATOR, DENOMINATOR, GROUP = "G", "H", "I", "O"


@dataclass(frozen=True)
class Line:
    """One value: of which period, of which place ("" the whole country), how sure it is.

    `group`, `part`: of a line of a disaggregation, which and which of its parts; "" for the value itself.
    """

    indicator: Indicator
    period: str
    pcode: str
    place: str
    value: Value
    state: str
    version: int | None
    group: str = ""
    part: str = ""

    def with_parts(self) -> Iterator[Line]:
        """The line, then one for each part of its disaggregations."""
        yield self
        for group, parts in self.value.breakdown.items():
            for part, count in parts.items():
                yield replace(self, value=Value(number=count), group=group, part=part)


def value_lines(plan: Plan) -> list[Line]:
    """Every value that all staff may read, in the order of the plan: a constant number of queries."""
    indicators = list(
        Indicator.objects.of_plan(plan.pk)
        .select_related("activity")
        .prefetch_related("activity__reporters")
        .order_by("number")
    )
    readings: dict[int, list[Reading]] = defaultdict(list)
    for row in Reading.objects.filter(indicator__in=indicators, state=ReadingState.VERIFIED).select_related("place"):
        readings[row.indicator_id].append(row)
    whole = (line for each in indicators for line in _lines(each, readings[each.pk], plan.years))
    return [line for each in whole for line in each.with_parts()]


def _lines(indicator: Indicator, readings: Sequence[Reading], years: Sequence[int]) -> Iterator[Line]:
    measure = MEASURES.get(indicator.measure)
    if measure is not None and measure.in_vault:
        for line in lines_of(measure.name, years):
            if line.value is not None:
                yield Line(indicator, line.label, "", "", line.value, _("publié"), None)
        return
    for quarter, reading in standing(indicator, [row for row in readings if row.place_id is None]).items():
        yield Line(indicator, quarter.code, "", "", reading.value, _("vérifié"), reading.version)
    newest: dict[tuple[str, str], Reading] = {}
    for row in sorted(readings, key=lambda row: (row.period, row.version)):
        if row.place is not None:
            newest[row.period.code, row.place.pcode] = row
    for (period, pcode), row in newest.items():
        yield Line(indicator, period, pcode, str(row.place), row.value, _("vérifié"), row.version)


def headings() -> list[str]:
    """The columns, in words."""
    return [
        _("Indicateur"), _("Intitulé"), _("Type"), _("Période"), _("P-code"), _("Lieu"), _("Nombre"), _("Numérateur"),
        _("Dénominateur"), _("Part"), _("Oui ou non"), _("Atteint le"), _("État"), _("Version"),
        _("Désagrégation"), _("Modalité"),
    ]  # fmt: skip


def values_csv(plan: Plan, *, delimiter: str = ";", is_marked: bool = True, has_tags: bool = False) -> bytes:
    """`has_tags`: a second line of HXL tags. `is_marked`: with the mark by which Excel knows UTF-8."""
    rows = [cells(line, number) for number, line in enumerate(value_lines(plan), start=2)]
    tags = TAGS if has_tags else ()
    return as_csv(headings(), rows, delimiter=delimiter, is_marked=is_marked, tags=tags)


def values_workbook(plan: Plan) -> bytes:
    """The same, each share computed from its fraction; and a page that adds quarters up by each indicator's rule."""
    with override("fr"):
        lines = value_lines(plan)
        rows = [cells(line, number) for number, line in enumerate(lines, start=2)]
        pages = [
            Page("Valeurs", headings(), rows, WIDTHS, groups_digits=True),
            Page(
                "Totaux",
                [_("Indicateur"), _("Intitulé"), _("Nombre"), _("Numérateur"), _("Dénominateur"), _("Part")],
                list(_totals(lines)),
                (10, 50, 12, 12, 12, 12),
                groups_digits=True,
            ),
        ]
        return as_pages(pages)


def cells(line: Line, number: int) -> list[Cell]:
    """One row; `number`: its own, from 1, that its formula names."""
    value = line.value
    yes = None if value.yes is None else (_("oui") if value.yes else _("non"))
    return [
        line.indicator.number,
        line.indicator.title,
        str(Kind(line.indicator.kind).label),
        line.period,
        line.pcode,
        line.place,
        value.number,
        value.numerator,
        value.denominator,
        _share(f"{NUMERATOR}{number}", f"{DENOMINATOR}{number}", value.numerator, value.denominator),
        yes,
        value.on,
        line.state,
        line.version,
        line.group,
        line.part,
    ]


def _share(numerator: str, denominator: str, top: int | None, bottom: int | None) -> Formula | None:
    if top is None or bottom is None:
        return None
    value = (Decimal(top) / bottom).quantize(Decimal("0.0001")) if bottom else None
    return Formula(f'=IF({denominator}=0,"",{numerator}/{denominator})', value, is_percent=True)


def _totals(lines: Sequence[Line]) -> Iterator[list[Cell]]:
    """Of indicators whose quarters add up, the country's values summed by the spreadsheet: fractions never averaged."""
    whole: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        is_whole = not line.pcode and not line.group
        if is_whole and line.state == _("vérifié") and line.indicator.aggregate == Aggregate.SUM:
            whole[line.indicator.pk].append(line)
    summed = [each for each in whole.values() if each[0].indicator.kind != Kind.YES_NO]
    for number, each in enumerate(summed, start=2):
        sums = [
            _sum(column, number, [getattr(line.value, name) for line in each])
            for column, name in ((NUMBER, "number"), (NUMERATOR, "numerator"), (DENOMINATOR, "denominator"))
        ]
        top, bottom = (one.value if one is not None else None for one in sums[1:])
        share = _share(f"D{number}", f"E{number}", _whole(top), _whole(bottom))
        yield [each[0].indicator.number, each[0].indicator.title, *sums, share]


def _sum(column: str, number: int, values: Iterable[int | None]) -> Formula | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    where = f'Valeurs!$A:$A,$A{number},Valeurs!$E:$E,"",Valeurs!${GROUP}:${GROUP},""'
    return Formula(f"=SUMIFS(Valeurs!{column}:{column},{where})", sum(known))


def _whole(value: int | Decimal | None) -> int | None:
    return None if value is None else int(value)
