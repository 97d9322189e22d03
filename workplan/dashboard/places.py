"""Where it was said: regions, cercles, and categories by region, with the Liptako-Gourma outlined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from core.formats import alphabetical
from directory.models import Place, Scope
from feedback import statistics as feedback
from feedback.models import Category
from workplan.charts import PlaceValue, region_map, tile_map
from workplan.dashboard.asked import Asked
from workplan.dashboard.panel import Panel, words
from workplan.suppression import TOTAL, publishable, publishable_list

Counts = Mapping[str, int]
Shown = Mapping[str, int | None]
REGION = 4  # letters of a region's P-code; a cercle's begins with it


def by_place(asked: Asked) -> list[Panel]:
    """Regions, then cercles. A cercle is never shown where its region is withheld."""
    said = feedback.said_by("place", period=asked.quarter.period, scope=asked.scope, about=asked.about)
    names = dict(Place.objects.values_list("pcode", "name"))
    shown = names if asked.scope is None else asked.scope
    counts = dict.fromkeys(shown, 0) | {pcode: count for (pcode,), count in said.items()}
    regions = publishable_list(_by_region(counts))
    cercles = _cercles(counts, regions)
    names[""] = _("lieu non communiqué")
    outlined = _outlined(asked)
    words_of_outline = _("Le trait épais entoure : %(scope)s.") % {"scope": asked.scope_name or _("Liptako-Gourma")}
    region_chart = region_map(
        "regions", _("Par région"), words_of_outline, _drawn(regions, names), {pcode[:REGION] for pcode in outlined}
    )
    cercle_chart = tile_map("cercles", _("Par cercle"), words_of_outline, _drawn(cercles, names), outlined)
    return [
        Panel(
            "regions",
            _("Par région"),
            (_("Région"), _("Nombre")),
            _rows(regions, names),
            region_chart,
            figure="said",
            codes=_ordered(regions, names),
        ),
        Panel(
            "cercles",
            _("Par cercle"),
            (_("Cercle"), _("Nombre")),
            _rows(cercles, names),
            cercle_chart,
            is_wide=True,
            figure="said",
            codes=_ordered(cercles, names),
        ),
    ]


def category_by_region(asked: Asked) -> Panel:
    """A table of categories by region."""
    said = feedback.said_by("category", "place", period=asked.quarter.period, scope=asked.scope, about=asked.about)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for (code, pcode), count in said.items():
        counts[code, pcode[:REGION]] += count
    codes, regions = sorted({code for code, _region in counts}), sorted({region for _code, region in counts})
    table = publishable(dict(counts), codes, regions)
    labels = dict(Category.objects.values_list("code", "label")) | {"": _("pas encore trié")}
    names = dict(Place.objects.regions().values_list("pcode", "name")) | {"": _("non communiqué")}
    rows = [(str(labels.get(code, code)), *map(words, table.row(code))) for code in codes]
    rows.append((_("Ensemble"), *map(words, table.total_row)))
    headings = (_("Catégorie"), *(names.get(region, region) for region in regions), _("Ensemble"))
    return Panel("crossed", _("Catégories par région"), headings, rows, is_wide=True, figure="said")


def _by_region(counts: Counts) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for pcode, count in counts.items():
        found[pcode[:REGION]] += count
    return dict(found)


def _cercles(counts: Counts, regions: Shown) -> dict[str, int | None]:
    """Each region's cercles add up to the region; what is said of the region alone is one of the parts."""
    found: dict[str, int | None] = {}
    for region in regions:
        parts = {pcode: count for pcode, count in counts.items() if region and pcode[:REGION] == region}
        shown = publishable_list(parts) if parts and regions[region] is not None else dict.fromkeys(parts)
        found |= {pcode: shown[pcode] for pcode in parts if len(pcode) > REGION}
    return found


def _outlined(asked: Asked) -> Collection[str]:
    if asked.scope is not None:
        return asked.scope
    focus = Scope.objects.filter(is_focus=True).first()
    return focus.pcodes() if focus else frozenset()


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


def _rows(shown: Shown, names: Mapping[str, str]) -> list[tuple[str, str]]:
    rows = [(str(names.get(pcode, pcode)), words(shown[pcode])) for pcode in _ordered(shown, names)]
    return rows + ([(_("Ensemble"), words(shown[TOTAL]))] if TOTAL in shown else [])
