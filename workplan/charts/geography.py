"""The shapes of the regions and the squares of the cercles, read once (`workplan/geo/README.md`)."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

from workplan.charts.data import Shape, Tile

GEO = Path(__file__).resolve().parents[1] / "geo"


@cache
def shapes() -> tuple[Shape, ...]:
    """The regions' outlines that come with the project: nine, Ménaka inside Gao."""
    features = json.loads((GEO / "regions.geojson").read_text(encoding="utf-8"))["features"]
    return tuple(
        Shape(
            pcode=feature["properties"]["pcode"],
            name=feature["properties"]["name"],
            covers=tuple(feature["properties"]["covers"]),
            rings=tuple(tuple((x, y) for x, y in ring) for ring in feature["geometry"]["coordinates"]),
        )
        for feature in features
    )


@cache
def tiles() -> tuple[Tile, ...]:
    """One square per cercle."""
    with (GEO / "cercles.csv").open(encoding="utf-8", newline="") as table:
        return tuple(Tile(row["pcode"], int(row["column"]), int(row["row"])) for row in csv.DictReader(table))
