"""Mali's places and the named scopes, from the files shipped with the project.

`data/mali_admin.csv`: 10 regions and 53 cercles under their P-codes (COD-AB, valid from 2021-12-20).
No official list of the Liptako-Gourma's cercles exists (facts.md §5.2): the three scopes are presets
that staff can edit, and loading again leaves an edited one alone.
"""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction

from directory.models import Place, Scope

SOURCE = Path(__file__).parent / "data" / "mali_admin.csv"
# code, name, columns of the file whose cercles belong, what it is
SCOPES = (
    (
        "LG",
        "Liptako-Gourma",
        ("lg_core", "lg_extended"),
        "Zone des trois frontières au sens humanitaire de 2019–2022 : noyau et zone étendue.",
        True,
    ),
    ("LG-NOYAU", "Liptako-Gourma, noyau", ("lg_core",), "Les cercles les plus souvent cités.", False),
    (
        "LG-ALG",
        "Liptako-Gourma, zone de l'ALG",
        ("lg_alg",),
        "Zone de l'Autorité du Liptako-Gourma : régions de Mopti, Tombouctou, Gao, Kidal et Ménaka.",
        False,
    ),
)


@transaction.atomic
def load_geography(source: Path = SOURCE) -> None:
    """Writes or updates every place, and the scopes that do not exist yet. Safe to repeat."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places: dict[str, Place] = {}
    for row in sorted(rows, key=lambda row: row["level"]):
        places[row["pcode"]] = _place(row, places.get(row["parent_pcode"]))
    for code, name, columns, definition, is_focus in SCOPES:
        scope, created = Scope.objects.get_or_create(
            code=code, defaults={"name": name, "definition": definition, "is_focus": is_focus}
        )
        if created:
            members = [row["pcode"] for row in rows if row["level"] == "2" and any(row[c] == "1" for c in columns)]
            scope.places.set([places[pcode] for pcode in members])


def _place(row: dict[str, str], parent: Place | None) -> Place:
    values = {
        "level": int(row["level"]),
        "name": row["name_fr"],
        "name_cod": row["name_cod"],
        "parent": parent,
        "region_2023": row["region_2023"],
    }
    place, _ = Place.objects.update_or_create(pcode=row["pcode"], defaults=values)
    return place
