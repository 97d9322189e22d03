"""Charts: sound XML, every figure said in words, nothing that needs colour, script or inline style."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from workplan.charts import (
    Bar,
    Cell,
    Chart,
    PlaceValue,
    Row,
    Series,
    bars,
    funnel,
    gantt,
    lines,
    region_map,
    strip,
    tile_map,
)
from workplan.charts.geography import tiles
from workplan.charts.scale import shade_of, top_of

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<b>A & \"B\"</b> 'c'"
ITEMS = [Bar("SMS", 120, "120"), Bar("Voix", 45, "45"), Bar(NASTY, 0, "0"), Bar("Papier", None, "–", strong=True)]
PERIODS = ("T1 2021", "T2 2021", "T3 2021", "T4 2021")
LINES = [
    Series("Référés", (10, 20, None, 30), ("10", "20", "–", "30")),
    Series("Répondus", (5, 15, 12, 24), ("5", "15", "12", "24")),
]
CELLS = (
    Cell("T1 2021", "verified", "vérifié"),
    Cell("T2 2021", "late", "en retard"),
    Cell("T3 2021", "planned", "prévu"),
)
REGIONS = {
    "ML05": PlaceValue("Mopti", 120, "120"),
    "ML07": PlaceValue("Gao", 44, "44"),
    "ML09": PlaceValue("Bamako", 12, "12"),
    "ML10": PlaceValue("Ménaka", 7, "7"),
}
CERCLES = {"ML0506": PlaceValue("Mopti", 80, "80"), "ML0703": PlaceValue("Gao", 0, "0")}

FULL: dict[str, Callable[[], Chart]] = {
    "bars": lambda: bars("b", "Par canal", "Messages par canal", ITEMS),
    "funnel": lambda: funnel("f", "Parcours", "De dit à réglé", ITEMS),
    "lines": lambda: lines("l", "Par trimestre", "Référés et répondus", PERIODS, LINES, target=(25, "cible 25")),
    "strip": lambda: strip("s", "Trimestres", "État par trimestre", CELLS),
    "gantt": lambda: gantt("g", "Plan", "Activités", [Row("Activité 1", CELLS), Row(NASTY, CELLS)]),
    "tile_map": lambda: tile_map("t", "Par cercle", "Messages", CERCLES, outlined=["ML0506"]),
    "region_map": lambda: region_map("r", "Par région", "Messages", REGIONS, outlined=["ML07"]),
}
EMPTY: dict[str, Callable[[], Chart]] = {
    "bars": lambda: bars("b", "Vide", "Rien", []),
    "funnel": lambda: funnel("f", "Vide", "Rien", []),
    "lines": lambda: lines("l", "Vide", "Rien", [], []),
    "strip": lambda: strip("s", "Vide", "Rien", []),
    "gantt": lambda: gantt("g", "Vide", "Rien", []),
    "tile_map": lambda: tile_map("t", "Vide", "Rien", {}),
    "region_map": lambda: region_map("r", "Vide", "Rien", {}),
}
SINGLE: dict[str, Callable[[], Chart]] = {
    "bars": lambda: bars("b", "Un", "Un seul", [Bar("SMS", 1, "1")]),
    "funnel": lambda: funnel("f", "Un", "Un seul", [Bar("Dit", 1, "1")]),
    "lines": lambda: lines("l", "Un", "Un seul", ["T1 2021"], [Series("Cas", (1,), ("1",))]),
    "strip": lambda: strip("s", "Un", "Un seul", CELLS[:1]),
    "gantt": lambda: gantt("g", "Un", "Un seul", [Row("Activité", CELLS[:1])]),
    "tile_map": lambda: tile_map("t", "Un", "Un seul", {"ML0901": PlaceValue("Bamako", 1, "1")}),
    "region_map": lambda: region_map("r", "Un", "Un seul", {"ML09": PlaceValue("Bamako", 1, "1")}),
}
ALL = [pytest.param(draw, id=f"{name}-{size}") for size, kind in
       (("full", FULL), ("empty", EMPTY), ("single", SINGLE)) for name, draw in kind.items()]  # fmt: skip


def _tree(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)  # our own drawing  # noqa: S314


def _visible(chart: Chart) -> str:
    return " | ".join(element.text or "" for element in _tree(chart).iter(f"{SVG}text"))


@pytest.mark.parametrize("draw", ALL)
def test_the_picture_is_sound_and_says_what_it_is(draw: Callable[[], Chart]) -> None:
    tree = _tree(draw())
    assert tree.get("role") == "img"
    named = [tree.find(f"*[@id='{identifier}']") for identifier in (tree.get("aria-labelledby") or "").split()]
    assert len(named) == 2
    assert all(element is not None and element.text for element in named)


@pytest.mark.parametrize("draw", ALL)
def test_no_style_script_or_event_is_written_inline(draw: Callable[[], Chart]) -> None:
    for element in _tree(draw()).iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not [key for key in element.attrib if key == "style" or key.startswith("on")]


@pytest.mark.parametrize("draw", ALL)
def test_coordinates_are_numbers_inside_reason(draw: Callable[[], Chart]) -> None:
    assert not re.findall(
        r"nan|inf|e[+-]\d", " ".join(v for e in _tree(draw()).iter() for k, v in e.attrib.items() if k in "xyd")
    )
    assert not [e for e in _tree(draw()).iter(f"{SVG}rect") if float(e.get("width", "0")) < 0]


@pytest.mark.parametrize("draw", ALL)
def test_the_table_has_one_text_per_heading(draw: Callable[[], Chart]) -> None:
    chart = draw()
    assert {len(row) for row in chart.rows} <= {len(chart.headings)}


@pytest.mark.parametrize("name", ["bars", "funnel", "lines", "region_map", "tile_map"])
def test_every_value_is_written_in_the_picture(name: str) -> None:
    chart = FULL[name]()
    written = re.split(r"[ |]+", _visible(chart))
    assert [value for row in chart.rows for value in row[1:] if value != "–" and value not in written] == []


@pytest.mark.parametrize("name", ["strip", "gantt"])
def test_every_quarter_says_its_status_to_who_asks(name: str) -> None:
    hints = [element.text for element in _tree(FULL[name]()).iter(f"{SVG}title")]
    assert {"T1 2021 : vérifié", "T2 2021 : en retard", "T3 2021 : prévu"} <= set(hints)
    assert [sign for sign in ("●", "!", "○") if sign not in _visible(FULL[name]())] == []


@pytest.mark.parametrize("name", ["bars", "funnel", "lines", "strip"])
def test_with_nothing_to_draw_it_says_so(name: str) -> None:
    assert "Aucune donnée" in _visible(EMPTY[name]())
    assert EMPTY[name]().rows == ()


def test_words_from_people_are_escaped() -> None:
    chart = FULL["bars"]()
    assert "<b>" not in chart.svg
    assert NASTY in _visible(chart)
    assert (NASTY, "0") in chart.rows


def test_a_bar_is_as_long_as_its_value() -> None:
    widths = [
        float(e.get("width", "0"))
        for e in _tree(FULL["bars"]()).iter(f"{SVG}rect")
        if "chart-bar" in (e.get("class") or "")
    ]
    assert widths == [360.0, 135.0, 0.0, 0.0]


def test_labels_of_one_period_do_not_cover_each_other_and_a_withheld_value_has_its_mark() -> None:
    close = [Series(name, (value, 0), (str(value), "0")) for name, value in (("a", 25), ("b", 13), ("c", 12))]
    labels = [
        (float(e.get("x", 0)), float(e.get("y", 0)))
        for e in _tree(lines("l", "Titre", "", PERIODS[:2], close)).iter(f"{SVG}text")
        if "chart-value" in (e.get("class") or "")
    ]
    stacked = sorted(y for x, y in labels if x == labels[0][0])
    assert len(stacked) == 3
    assert all(below - above >= 13 for above, below in pairwise(stacked))
    assert len(labels) == 4  # three at nought say it once
    withheld = [Series("a", (10, None, 12, None), ("10", "n. p.", "12", "–"))]
    gaps = [
        e.text
        for e in _tree(lines("l", "T", "", PERIODS, withheld)).iter(f"{SVG}text")
        if "chart-gap" in (e.get("class") or "")
    ]
    assert gaps == ["n. p."]


def test_cercles_are_named_in_full() -> None:
    long = {"ML0602": PlaceValue("Gourma-Rharous", 3, "3"), "ML1002": PlaceValue("Anderamboukane", 1, "1")}
    written = _visible(tile_map("t", "Par cercle", "", long))
    assert "Gourma- | Rharous" in written
    assert "Anderam- | boukane" in written


def test_a_gap_is_not_joined() -> None:
    drawn = [e for e in _tree(FULL["lines"]()).iter(f"{SVG}path") if (e.get("class") or "").startswith("chart-line")]
    first, second = [e.get("d") or "" for e in drawn if "h28" not in (e.get("d") or "")]
    assert (first.count("M"), second.count("M")) == (2, 1)


def test_lines_differ_without_colour() -> None:
    drawn = [e for e in _tree(FULL["lines"]()).iter(f"{SVG}path") if "h28" in (e.get("d") or "")]
    assert len({e.get("stroke-dasharray") for e in drawn}) == len(drawn) == len(LINES) + 1  # and the target


def test_a_line_with_too_few_values_is_refused() -> None:
    with pytest.raises(ValueError, match="Cas: 1 values for 2 periods"):
        lines("l", "t", "d", ["T1", "T2"], [Series("Cas", (1,), ("1",))])


def test_rows_with_different_quarters_are_refused() -> None:
    with pytest.raises(ValueError, match="same quarters"):
        gantt("g", "t", "d", [Row("a", CELLS), Row("b", CELLS[:2])])


def test_every_cercle_has_its_square_even_without_a_figure() -> None:
    hints = {element.text for element in _tree(FULL["tile_map"]()).iter(f"{SVG}title")}
    assert "Mopti : 80" in hints
    assert len({t.pcode for t in tiles()} & {(h or "").split(" ")[0] for h in hints}) == 51


def test_gao_and_menaka_share_a_shape_and_keep_their_own_figures() -> None:
    assert {"Gao 44", "Ménaka 7"} <= set(_visible(FULL["region_map"]()).split(" | "))


def test_outlined_places_have_an_edge() -> None:
    edges = [e for e in _tree(FULL["tile_map"]()).iter() if "chart-outlined" in (e.get("class") or "")]
    assert len(edges) == 1


def test_the_hatching_of_each_picture_has_its_own_names() -> None:
    patterns = [{e.get("id") for e in _tree(FULL[name]()).iter(f"{SVG}pattern")} for name in ("tile_map", "region_map")]
    assert patterns[0].isdisjoint(patterns[1])
    assert len(patterns[0]) == 4


@pytest.mark.parametrize(
    ("values", "top"), [([], 1), ([None], 1), ([0], 1), ([7], 8), ([120, 3], 150), ([0.4], 0.4), ([1000], 1000)]
)
def test_the_scale_ends_at_a_round_number(values: list[float | None], top: float) -> None:
    assert top_of(values) == pytest.approx(top)


@pytest.mark.parametrize(("value", "level"), [(None, 0), (0, 1), (1, 2), (25, 2), (26, 3), (75, 4), (100, 5)])
def test_a_shade_grows_with_its_value_and_unknown_is_not_zero(value: float | None, level: int) -> None:
    assert shade_of(value, 100) == level
