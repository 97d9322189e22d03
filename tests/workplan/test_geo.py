"""Shapes and tiles: every cercle once, laid out roughly as on the ground."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from workplan.charts.geography import shapes, tiles

GEO = Path(__file__).resolve().parents[2] / "countries" / "mali" / "map"
CERCLES_OF = {
    "ML01": 7, "ML02": 7, "ML03": 7, "ML04": 7, "ML05": 8, "ML06": 5, "ML07": 3, "ML08": 4, "ML09": 1, "ML10": 4
}  # fmt: skip
SQUARES = tiles()
Square = tuple[int, int]


def _features() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((GEO / "regions.geojson").read_text(encoding="utf-8"))["features"]
    return features


def _squares_of(region: str) -> set[Square]:
    return {(t.column, t.row) for t in SQUARES if t.pcode.startswith(region)}


def _around(square: Square) -> set[Square]:
    column, row = square
    return {(column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)} - {square}


def _touch(one: str, other: str) -> bool:
    return any(_around(square) & _squares_of(other) for square in _squares_of(one))


def test_every_cercle_is_there_once() -> None:
    expected = {f"{region}{n:02d}" for region, count in CERCLES_OF.items() for n in range(1, count + 1)}
    assert sorted(tile.pcode for tile in SQUARES) == sorted(expected)
    assert len(SQUARES) == 53


def test_no_two_cercles_share_a_square() -> None:
    places = defaultdict(list)
    for tile in SQUARES:
        places[tile.column, tile.row].append(tile.pcode)
    assert {place: pcodes for place, pcodes in places.items() if len(pcodes) > 1} == {}


@pytest.mark.parametrize("region", sorted(CERCLES_OF))
def test_a_region_is_in_one_piece(region: str) -> None:
    squares = _squares_of(region)
    reached = {min(squares)}
    while grown := {s for known in reached for s in _around(known)} & squares - reached:
        reached |= grown
    assert reached == squares


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ML01", "ML02"), ("ML02", "ML03"), ("ML02", "ML04"), ("ML02", "ML09"), ("ML03", "ML04"), ("ML04", "ML05"),
        ("ML05", "ML06"), ("ML06", "ML07"), ("ML07", "ML08"), ("ML07", "ML10"), ("ML08", "ML10"),
    ],
)  # fmt: skip
def test_regions_that_touch_on_the_ground_touch_here(one: str, other: str) -> None:
    assert _touch(one, other)


@pytest.mark.parametrize(("one", "other"), [("ML01", "ML05"), ("ML03", "ML06"), ("ML08", "ML05"), ("ML10", "ML05")])
def test_regions_far_apart_do_not_touch(one: str, other: str) -> None:
    assert not _touch(one, other)


def test_north_is_up_and_west_is_left() -> None:
    def middle(region: str, axis: int) -> float:
        squares = _squares_of(region)
        return sum(square[axis] for square in squares) / len(squares)

    assert [*sorted(("ML08", "ML07", "ML05", "ML04", "ML03"), key=lambda r: middle(r, 1))] == [
        "ML08", "ML07", "ML05", "ML04", "ML03"
    ]  # fmt: skip
    assert [*sorted(("ML01", "ML02", "ML04", "ML05", "ML07", "ML10"), key=lambda r: middle(r, 0))] == [
        "ML01", "ML02", "ML04", "ML05", "ML07", "ML10"
    ]  # fmt: skip


def test_the_table_is_written_as_it_is_documented() -> None:
    rows = list(csv.reader((GEO / "cercles.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["pcode", "column", "row"]


def test_the_shapes_cover_the_ten_regions_with_menaka_inside_gao() -> None:
    covered = {shape.pcode: shape.covers for shape in shapes()}
    assert covered["ML07"] == ("ML07", "ML10")
    assert sorted(pcode for covers in covered.values() for pcode in covers) == sorted(CERCLES_OF)


def test_the_shapes_are_closed_rings_inside_mali() -> None:
    for feature in _features():
        for ring in feature["geometry"]["coordinates"]:
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert all(-12.5 < x < 4.5 and 10 < y < 25.1 for x, y in ring)


def test_the_shapes_are_light() -> None:
    assert (GEO / "regions.geojson").stat().st_size < 60_000
