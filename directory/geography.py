"""The country's places and named scopes: `places.csv` and the `scopes` of `country.yaml`, in its folder.

The scopes are presets that staff can edit, and loading again leaves an edited one alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from directory.models import Place, Scope

Row = dict[str, str]


@transaction.atomic
def load_geography() -> None:
    """Writes or updates every place, and the scopes that do not exist yet. Safe to repeat."""
    with settings.COUNTRY.path("places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places: dict[str, Place] = {}
    for row in sorted(rows, key=lambda row: row["level"]):
        places[row["pcode"]] = _place(row, places.get(row["parent_pcode"]))
    for said in settings.COUNTRY.said.get("scopes", ()):
        _scope(said, rows, places)


def _scope(said: Mapping[str, Any], rows: Iterable[Row], places: Mapping[str, Place]) -> None:
    about = {"name": said["name"], "definition": said.get("definition", ""), "is_focus": said.get("is_focus", False)}
    scope, created = Scope.objects.get_or_create(code=said["code"], defaults=about)
    if created:
        marks = said["marked"]
        members = [row["pcode"] for row in rows if row["level"] == "2" and any(row[mark] == "1" for mark in marks)]
        scope.places.set([places[pcode] for pcode in members])


def _place(row: Row, parent: Place | None) -> Place:
    values = {
        "level": int(row["level"]),
        "name": row["name_fr"],
        "name_cod": row.get("name_cod") or row["name_fr"],
        "parent": parent,
        "region_2023": row.get("region_2023", ""),
    }
    place, _ = Place.objects.update_or_create(pcode=row["pcode"], defaults=values)
    return place
