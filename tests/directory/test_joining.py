from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from directory.joining import missing_of, with_joining
from directory.models import Organisation, UserRole
from directory.roles import Role
from tests.cast import Cast


def lacks(organisation: Organisation) -> list[str]:
    return [str(words) for words in missing_of(with_joining(Organisation.objects.all()).get(pk=organisation.pk))]


def test_an_organisation_is_in_once_all_that_joining_asks_is_there(cast: Cast) -> None:
    nrc = cast.organisations["nrc"]
    nrc.protocol_version = ""
    nrc.save()
    assert [words.split(",")[0] for words in lacks(nrc)] == [
        "le protocole signé",
        "un point focal",
        "un point focal PEAS",
        "une personne responsable",
    ]
    nrc.protocol_version, nrc.psea_covered_by_duty = "1.0", True
    nrc.save()
    cast.oumar.deputy = cast.fanta
    cast.oumar.save()
    UserRole.objects.create(user=cast.rokia, role=Role.AGENCY_MANAGER)
    assert lacks(nrc) == []

    nobody = ["un point focal, et quelqu’un qui le supplée"]
    UserRole.objects.filter(user=cast.fanta).update(role=Role.OBSERVER)
    assert lacks(nrc) == nobody, "whoever has another role cannot stand in"
    UserRole.objects.filter(user=cast.fanta).update(role=Role.FOCAL_POINT)
    assert lacks(nrc) == []
    cast.fanta.is_active = False
    cast.fanta.save()
    assert lacks(nrc) == nobody, "a deputy who left stands in for nobody"


def test_its_page_says_what_is_missing(cast: Cast, signed_in: Callable[[Any], Client]) -> None:
    browser = signed_in(cast.oumar)
    page = browser.get(f"/directory/organisations/{cast.organisations['nrc'].pk}/").content.decode()
    assert "Il manque, pour que cette organisation soit entrée" in page
    assert "un point focal, et quelqu’un qui le supplée" in page
