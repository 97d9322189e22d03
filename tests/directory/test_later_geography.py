"""A later division of the country is loaded beside today's; nothing that happened is moved to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.models import LaterPlace, Place, PlaceCrosswalk
from feedback.models import Case

# Invented: only its form is real.
PLACES = (
    "code,level,name,parent_code\nX1,1,Région du Fleuve,\nX2,1,Région des Dunes,\n"
    "X101,2,Fleuve-Est,X1\nX201,2,Dunes,X2\n"
)
CROSSWALK = "pcode,code,extent\nML0703,X101,part\nML0703,X201,part\nML07,X1,part\nML0702,X201,whole\n"


def load(folder: Path, places: str = PLACES, crosswalk: str = CROSSWALK) -> None:
    files = {"places": folder / "places.csv", "crosswalk": folder / "crosswalk.csv"}
    files["places"].write_text(places, encoding="utf-8")
    files["crosswalk"].write_text(crosswalk, encoding="utf-8")
    call_command("load_places", version="demain", verbosity=0, **files)


def test_it_stands_beside_and_no_case_moves(db: None, tmp_path: Path) -> None:
    gao, now = Place.objects.get(pcode="ML0703"), timezone.now()
    case = Case(channel="sms", received_at=now, last_spoke_at=now, place=gao)
    case.seal(words="Le puits", place_said="près du puits, à Tacharane")
    case.save(force_insert=True)
    before = list(Place.objects.values()), list(Case.objects.values())
    for _again in range(2):
        load(tmp_path)
    assert (list(Place.objects.values()), list(Case.objects.values())) == before
    assert Case.objects.get(pk=case.pk).unsealed("place_said") == "près du puits, à Tacharane"
    links = [(one.later.code, one.is_whole) for one in gao.later.select_related("later")]
    assert links == [("X101", False), ("X201", False)]
    assert LaterPlace.objects.get(code="X101").parent == LaterPlace.objects.get(code="X1")


def test_loading_again_follows_the_files(db: None, tmp_path: Path) -> None:
    load(tmp_path)
    load(tmp_path, PLACES.replace("X201,2,Dunes,X2\n", ""), "pcode,code,extent\nML0703,X101,whole\n")
    assert set(LaterPlace.objects.values_list("code", flat=True)) == {"X1", "X2", "X101"}
    assert [(one.place.pcode, one.is_whole) for one in PlaceCrosswalk.objects.select_related("place")] == [
        ("ML0703", True)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"places": PLACES + "X301,2,Nulle part,X9\n"},
        {"places": PLACES + "X101,2,Encore,X1\n"},
        {"places": PLACES + "X3,3,Quoi,\n"},
        {"places": "code,nom\nX1,Fleuve\n"},
        {"crosswalk": CROSSWALK + "ML9999,X101,whole\n"},
        {"crosswalk": CROSSWALK + "ML0703,X9,whole\n"},
        {"crosswalk": CROSSWALK + "ML0703,X101,part\n"},
        {"crosswalk": CROSSWALK + "ML0704,X101,presque\n"},
    ],
)
def test_a_wrong_line_is_said_and_nothing_is_loaded(db: None, tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        load(tmp_path, **changes)
    assert LaterPlace.objects.count() == 0


def test_without_a_version_it_loads_the_places_of_today(db: None) -> None:
    Place.objects.filter(pcode="ML0804").delete()
    call_command("load_places", verbosity=0)
    assert Place.objects.filter(pcode="ML0804").exists()
