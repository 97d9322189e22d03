"""The shapes of the regions and the squares of the cercles, read once (`countries/mali/map/README.md`).

A country without a `map` folder has tables instead.
"""

from __future__ import annotations

import csv
import json
from functools import cache

from django.conf import settings

from workplan.charts.data import Shape, Tile

MAP = settings.COUNTRY.path("map")


@cache
def shapes() -> tuple[Shape, ...]:
    """The regions' outlines that come with the project: nine, Ménaka inside Gao."""
    path = MAP / "regions.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"] if path.is_file() else []
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
    path = MAP / "cercles.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as table:
        return tuple(Tile(row["pcode"], int(row["column"]), int(row["row"])) for row in csv.DictReader(table))
