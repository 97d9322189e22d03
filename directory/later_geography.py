"""A later division of the country, from files that a deployment has: its places, and where today's lie in them.

Two CSV files, in UTF-8, whose first line names the columns. Places: `code,level,name,parent_code` (level 1: region,
without a parent; 2: cercle). Crosswalk: `pcode,code,extent` (P-code of today, code of the later place, `whole` or
`part`). None is shipped: no list of the 159 cercles of 2023 with codes was at hand, and none is invented.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from core.transitions import Refused
from directory.models import LaterPlace, Place, PlaceCrosswalk

PLACE_COLUMNS = ("code", "level", "name", "parent_code")
CROSSWALK_COLUMNS = ("pcode", "code", "extent")
WHOLE, PART = "whole", "part"


@transaction.atomic
def load_later_geography(version: str, places: Path, crosswalk: Path) -> tuple[int, int]:
    """Writes a version as its files have it, the whole or nothing; again: what the files lack goes.

    Out: how many places, how many lines of the crosswalk. Raises Refused with the line that is wrong.
    """
    kept = _places(version, _rows(places, PLACE_COLUMNS))
    LaterPlace.objects.filter(version=version).exclude(code__in=kept).delete()
    PlaceCrosswalk.objects.filter(later__version=version).delete()
    links = _links(kept, _rows(crosswalk, CROSSWALK_COLUMNS))
    PlaceCrosswalk.objects.bulk_create(links)
    return len(kept), len(links)


def _places(version: str, rows: list[dict[str, str]]) -> dict[str, LaterPlace]:
    kept: dict[str, LaterPlace] = {}
    numbered = sorted(enumerate(rows, start=2), key=lambda one: one[1]["level"])
    for line, row in numbered:
        parent = kept.get(row["parent_code"])
        is_region = row["level"] == "1" and not row["parent_code"]
        is_cercle = row["level"] == "2" and parent is not None and parent.level == Place.Level.REGION
        if not (is_region or is_cercle) or not row["code"] or not row["name"] or row["code"] in kept:
            raise Refused(_("Lieux, ligne %(line)s : code, niveau, nom ou région ne vont pas.") % {"line": line})
        kept[row["code"]], _created = LaterPlace.objects.update_or_create(
            version=version,
            code=row["code"],
            defaults={"level": int(row["level"]), "name": row["name"], "parent": parent},
        )
    return kept


def _links(kept: Mapping[str, LaterPlace], rows: list[dict[str, str]]) -> list[PlaceCrosswalk]:
    today = {place.pcode: place for place in Place.objects.all()}
    links: dict[tuple[str, str], PlaceCrosswalk] = {}
    for line, row in enumerate(rows, start=2):
        place, later = today.get(row["pcode"]), kept.get(row["code"])
        key = (row["pcode"], row["code"])
        if place is None or later is None or row["extent"] not in (WHOLE, PART) or key in links:
            raise Refused(_("Passage, ligne %(line)s : un code n’existe pas, ou la ligne est double.") % {"line": line})
        links[key] = PlaceCrosswalk(place=place, later=later, is_whole=row["extent"] == WHOLE)
    return list(links.values())


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise Refused(_("%(file)s : il faut les colonnes %(columns)s.") % {"file": path.name, "columns": columns})
        return [{name: (row[name] or "").strip() for name in columns} for row in reader]
