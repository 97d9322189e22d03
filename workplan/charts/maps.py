"""Figures by place: a square per cercle, or the outlines of the regions. The figure is written in the place itself."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from django.conf import settings
from django.utils.translation import gettext as _

from workplan.charts import geography
from workplan.charts.data import Chart, PlaceValue, Shape, Tile
from workplan.charts.scale import shade_of
from workplan.charts.svg import SHADES, Attribute, drawing, hatchings, hint, number, shade, tag, text

SQUARE = 64
_LETTERS = 10  # of a name, that a square is wide enough for; a longer one takes two lines
_WIDTH, _MARGIN = 600, 10
# One degree of longitude over one of latitude, in the middle of the country.
_NARROWING = math.cos(math.radians(settings.COUNTRY.said.get("map", {}).get("latitude", 0)))
_UNKNOWN = PlaceValue("", None, "–")
_LEGEND = 40

Values = Mapping[str, PlaceValue]


def tile_map(
    name: str,
    title: str,
    description: str,
    values: Values,
    outlined: Collection[str] = (),
    tiles: Sequence[Tile] | None = None,
) -> Chart:
    """One square per cercle. `values` by P-code (none shows "–"); `outlined` P-codes get a thick edge."""
    squares = geography.tiles() if tiles is None else tiles
    greatest = _greatest(values)
    parts = [_square(name, t, values.get(t.pcode, _UNKNOWN), greatest, t.pcode in outlined) for t in squares]
    width = (max((t.column for t in squares), default=0) + 1) * SQUARE
    height = (max((t.row for t in squares), default=0) + 1) * SQUARE
    return _map(name, title, description, values, parts, width, height, "tiles")


def region_map(
    name: str,
    title: str,
    description: str,
    values: Values,
    outlined: Collection[str] = (),
    shapes: Sequence[Shape] | None = None,
) -> Chart:
    """The regions' outlines. A shape that covers two regions says both figures, and is shaded by the greater one."""
    outlines = geography.shapes() if shapes is None else shapes
    plane = _Plane(outlines)
    greatest = _greatest(values)
    areas = [_region(name, s, plane, values, greatest, outlined) for s in outlines]
    labels = [label for s in outlines for label in _labels(s, plane, values)]
    return _map(name, title, description, values, areas + labels, _WIDTH, plane.height, "regions")


class _Plane:
    """Longitude and latitude to the points of the picture."""

    def __init__(self, outlines: Sequence[Shape]) -> None:
        points = [point for s in outlines for ring in s.rings for point in ring] or [(0.0, 0.0), (1.0, 1.0)]
        self.west, self.north = min(x for x, _y in points), max(y for _x, y in points)
        east, south = max(x for x, _y in points), min(y for _x, y in points)
        self.scale = (_WIDTH - 2 * _MARGIN) / ((east - self.west) * _NARROWING)
        self.height = (self.north - south) * self.scale + 2 * _MARGIN

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return _MARGIN + (x - self.west) * _NARROWING * self.scale, _MARGIN + (self.north - y) * self.scale


def _map(
    name: str, title: str, description: str, values: Values, parts: list[str], width: float, height: float, kind: str
) -> Chart:
    everything = [hatchings(name), *parts, _legend(name, height)]
    svg = drawing(name, title, description, width=width, height=height + _LEGEND, parts=everything, kind=kind)
    rows = tuple((place.name, place.shown) for _code, place in sorted(values.items()))
    return Chart(title, svg, (_("Lieu"), _("Valeur")), rows)


def _greatest(values: Values) -> float:
    return max((place.value for place in values.values() if place.value is not None), default=0.0)


def _square(name: str, tile: Tile, place: PlaceValue, greatest: float, outlined: bool) -> str:
    x, y = tile.column * SQUARE + 2, tile.row * SQUARE + 2
    level = shade_of(place.value, greatest)
    box = {"x": x, "y": y, "width": SQUARE - 4, "height": SQUARE - 4, "rx": 3}
    middle = x + (SQUARE - 4) / 2
    return tag(
        "g",
        hint(f"{place.name or tile.pcode} : {place.shown}"),
        _shaded("rect", name, level, outlined, **box),
        *(
            text(line, middle, y + 14 + 12 * row, size=10.5, anchor="middle", class_="chart-halo")
            for row, line in enumerate(_two_lines(place.name or tile.pcode))
        ),
        text(place.shown, middle, y + 50, size=16, anchor="middle", class_="chart-value chart-halo"),
    )


def _two_lines(name: str) -> list[str]:
    """A name whole, cut after a hyphen or else in the middle of a word: "Gourma-", "Rharous"."""
    if len(name) <= _LETTERS:
        return [name]
    first, sep, rest = name.replace(" ", "-").partition("-")
    if sep and len(rest) <= _LETTERS:
        return [name[: len(first) + 1].strip(), rest]
    return [f"{name[: len(name) // 2]}-", name[len(name) // 2 :]]


def _region(
    name: str, outline: Shape, plane: _Plane, values: Values, greatest: float, outlined: Collection[str]
) -> str:
    places = _places(outline, values)
    level = shade_of(max((p.value for p in places if p.value is not None), default=None), greatest)
    path = "".join(_closed([plane.at(point) for point in ring]) for ring in outline.rings)
    is_outlined = bool(set(outline.covers) & set(outlined))
    return tag(
        "g",
        hint(" ; ".join(f"{place.name} : {place.shown}" for place in places)),
        _shaded("path", name, level, is_outlined, d=path, fill_rule="evenodd"),
    )


def _shaded(element: str, name: str, level: int, outlined: bool = False, **form: Attribute) -> str:
    """A form in its shade, and once more in the hatching of the shades that have one."""
    edge = "chart-place chart-outlined" if outlined else "chart-place"
    plain = tag(element, class_=f"{edge} chart-shade-{level}", **form)
    return plain + (tag(element, class_="chart-hatched", fill=shade(level, name), **form) if level > 1 else "")


def _closed(points: Sequence[tuple[float, float]]) -> str:
    """A ring in whole numbers, each point told from the one before: a third of the length, and no eye sees it."""
    rounded = [(round(x), round(y)) for x, y in points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(rounded) if a != b]
    moves = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{rounded[0][0]} {rounded[0][1]}l{moves}z"


def _places(outline: Shape, values: Values) -> list[PlaceValue]:
    return [
        values.get(code, PlaceValue(outline.name if code == outline.pcode else code, None, "–"))
        for code in outline.covers
    ]


def _labels(outline: Shape, plane: _Plane, values: Values) -> list[str]:
    x, y = plane.at(_middle(outline.rings[0]))
    across = [plane.at(point)[0] for point in outline.rings[0]]
    small = max(across) - min(across) < SQUARE
    if small:  # no room inside: the words stand in the empty corner, tied by a line
        corner = (_MARGIN + 110, plane.height - _MARGIN - 30)
        line = tag("path", d=f"M{number(x)} {number(y)}L{corner[0]} {number(corner[1] - 4)}", class_="chart-leader")
        return [line, *_words(outline, values, *corner, anchor="end")]
    return _words(outline, values, x, y, anchor="middle")


def _words(outline: Shape, values: Values, x: float, y: float, *, anchor: str) -> list[str]:
    places = _places(outline, values)
    lines = [f"{p.name} {p.shown}" for p in places] if len(places) > 1 else [places[0].name, places[0].shown]
    return [
        text(line, x, y + 17 * i, size=14, anchor=anchor, class_="chart-value chart-halo")
        for i, line in enumerate(lines)
    ]


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of a ring."""
    pairs = list(pairwise(ring))
    crosses = [a[0] * b[1] - b[0] * a[1] for a, b in pairs]
    area = sum(crosses) or 1.0
    x = sum((a[0] + b[0]) * c for (a, b), c in zip(pairs, crosses, strict=True)) / (3 * area)
    y = sum((a[1] + b[1]) * c for (a, b), c in zip(pairs, crosses, strict=True)) / (3 * area)
    return x, y


def _legend(name: str, y: float) -> str:
    boxes = [
        _shaded("rect", name, level, x=70 + 26 * level, y=y + 12, width=24, height=16) for level in range(1, SHADES + 1)
    ]
    ends = (text(_("Moins"), 88, y + 25, anchor="end"), text(_("Plus"), 234, y + 25))
    return tag("g", *ends, *boxes)
