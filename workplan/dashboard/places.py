"""Where it was said: regions, cercles, and categories by region; the zone asked, or the plan's focus, is outlined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from core.formats import alphabetical
from core.reading_once import read_once
from directory.models import Place, Scope
from feedback.models import Category
from workplan.charts import PlaceValue, region_map, tile_map
from workplan.dashboard.asked import Asked
from workplan.dashboard.panel import WITHHELD, Panel, words
from workplan.dashboard.referred import HEADINGS, NOTE, Referred, referred_by, referred_within
from workplan.dashboard.slices import table_of, voices
from workplan.suppression import TOTAL, Table
from workplan.suppression import Place as Cell

Shown = Mapping[str, int | None]


def by_place(asked: Asked) -> list[Panel]:
    """Regions, then cercles. A cercle is never shown where its region is withheld."""
    found = voices(asked, asked.quarter.period, ["said"], "place")
    names, region_of = dict(_names_of_places()), Place.objects.region_codes()
    every = [(each.own, each.tables(lambda key, counts: [((key[0], "n"), counts[0])])) for each in found]
    crossed, _own = categories_by_region(asked)
    codes = {*(names if asked.scope is None else asked.scope), *(pcode for own, of in every for pcode, _n in of[own])}
    listed = dict.fromkeys({region_of[pcode] for pcode in codes}, 0)
    regions = {code: crossed.values.get((TOTAL, code), 0) for code in (*listed, TOTAL)}
    cercles = _cercles(every, codes, region_of, regions)
    names[""] = _("lieu non communiqué")
    zone, outlined = _outlined(asked)
    words_of_outline = _("Le trait épais entoure : %(scope)s.") % {"scope": zone} if outlined else ""
    region_chart = region_map(
        "regions", _("Par région"), words_of_outline, _drawn(regions, names), {region_of[pcode] for pcode in outlined}
    )
    cercle_chart = tile_map("cercles", _("Par cercle"), words_of_outline, _drawn(cercles, names), outlined)
    of_regions = referred_by(asked, "place", region_of.__getitem__)
    of_cercles = _referred_of_cercles(asked, cercles, region_of, of_regions)
    headings = (_("Nombre"), *map(str, HEADINGS))
    return [
        Panel(
            "regions",
            _("Par région"),
            (_("Région"), *headings),
            _rows(regions, names, of_regions.cells),
            region_chart,
            note=str(NOTE),
            figure="said",
            codes=_ordered(regions, names),
        ),
        Panel(
            "cercles",
            _("Par cercle"),
            (_("Cercle"), *headings),
            _rows(cercles, names, of_cercles.__getitem__),
            cercle_chart,
            is_wide=True,
            note=str(NOTE),
            figure="said",
            codes=_ordered(cercles, names),
        ),
    ]


def category_by_region(asked: Asked) -> Panel:
    """A table of categories by region."""
    table, own = categories_by_region(asked)
    codes = [code for code in table.rows if own[code, TOTAL]]
    regions = [region for region in table.columns if own[TOTAL, region]]
    labels = category_labels() | {"": _("pas encore trié")}
    names = dict(Place.objects.regions().values_list("pcode", "name")) | {"": _("non communiqué")}
    rows = [
        (label, *(words(table.values[code, region]) for region in (*regions, TOTAL)))
        for code, label in [*((code, str(labels.get(code, code))) for code in codes), (TOTAL, _("Ensemble"))]
    ]
    headings = (_("Catégorie"), *(names.get(region, region) for region in regions), _("Ensemble"))
    return Panel("crossed", _("Catégories par région"), headings, rows, is_wide=True, figure="said")


@read_once
def categories_by_region(asked: Asked) -> tuple[Table, Mapping[Cell, int]]:
    """What is published, and the counts of what is asked with their totals: lists of either are its totals, so that
    what the table withholds stands in no list.
    """
    found = voices(asked, asked.quarter.period, ["said"], "category", "place")
    region_of = Place.objects.region_codes()
    tables = [(each.own, each.tables(lambda key, counts: [((key[0], region_of[key[1]]), counts[0])])) for each in found]
    cells = {cell for _own, of in tables for counts in of.values() for cell in counts}
    table = table_of(tables, sorted({code for code, _r in cells}), sorted({region for _c, region in cells}))
    own: Counter[Cell] = Counter()
    for (code, region), count in tables[0][1][tables[0][0]].items():
        for cell in ((code, region), (code, TOTAL), (TOTAL, region), (TOTAL, TOTAL)):
            own[cell] += count
    return table, own


def _cercles(
    every: Sequence[tuple[str, Mapping[str, Mapping[Cell, int]]]],
    codes: Collection[str],
    region_of: Mapping[str, str],
    regions: Shown,
) -> dict[str, int | None]:
    """Each region's cercles add up to the region; what is said of the region alone is one of the parts."""
    shown: dict[str, int | None] = {}
    for region in regions:
        if region in ("", TOTAL):
            continue
        parts = [pcode for pcode, its_region in region_of.items() if its_region == region]
        here = [
            (own, {name: {cell: n for cell, n in of[name].items() if cell[0] in parts} for name in of})
            for own, of in every
        ]
        table = None if regions[region] is None else table_of(here, parts, ["n"])
        known = [pcode for pcode in parts if pcode in codes and pcode != region]
        shown |= {pcode: table.values[pcode, "n"] if table else None for pcode in known}
    return shown


def _outlined(asked: Asked) -> tuple[str, Collection[str]]:
    """The name and the P-codes of the zone that is drawn with a thick edge."""
    if asked.scope is not None:
        return asked.scope_name, asked.scope
    focus = Scope.objects.filter(is_focus=True).first()
    return (focus.name, focus.pcodes()) if focus else ("", frozenset())


def _drawn(shown: Shown, names: Mapping[str, str]) -> dict[str, PlaceValue]:
    return {
        pcode: PlaceValue(str(names.get(pcode, pcode)), count, words(count))
        for pcode, count in shown.items()
        if pcode not in ("", TOTAL)
    }


def _ordered(shown: Shown, names: Mapping[str, str]) -> list[str]:
    """P-codes in the order of the names; "" where the place is not known."""
    return sorted(
        (pcode for pcode in shown if pcode != TOTAL), key=lambda code: alphabetical(str(names.get(code, code)))
    )


def _rows(shown: Shown, names: Mapping[str, str], beside: Callable[[str], Sequence[str]]) -> list[Sequence[str]]:
    named = [(pcode, str(names.get(pcode, pcode))) for pcode in _ordered(shown, names)]
    named += [(TOTAL, _("Ensemble"))] if TOTAL in shown else []
    return [(name, words(shown[pcode]), *beside(pcode)) for pcode, name in named]


def _referred_of_cercles(
    asked: Asked, shown: Shown, region_of: Mapping[str, str], of_regions: Referred
) -> dict[str, Sequence[str]]:
    """A cercle is shown only where nothing of its region is withheld: they add up to it."""
    within: dict[str, Referred] = {}
    for region in {region_of[pcode] for pcode in shown}:
        if of_regions.is_whole(region):
            parts = [pcode for pcode, its_region in region_of.items() if its_region == region]
            within[region] = referred_within(asked, parts)
    hidden = (str(WITHHELD), str(WITHHELD))
    return {code: within[region_of[code]].cells(code) if region_of[code] in within else hidden for code in shown}


@read_once
def category_labels() -> dict[str, str]:
    return dict(Category.objects.values_list("code", "label"))


@read_once
def _names_of_places() -> dict[str, str]:
    return dict(Place.objects.values_list("pcode", "name"))
