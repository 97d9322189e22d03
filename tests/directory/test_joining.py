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


def test_an_agency_notes_its_names_and_not_what_lets_it_in(cast: Cast, signed_in: Callable[[Any], Client]) -> None:
    hcr = cast.organisations["hcr"]
    address = f"/settings/organisations/{hcr.pk}/"
    said = {"name": "HCR Mali", "acronym": "HCR", "kind": hcr.kind}
    noted = {"protocol_signed_on": "2026-02-01", "protocol_version": "9", "psea_covered_by_duty": "on"}
    manager = signed_in(cast.mariam)
    assert manager.post(address, said | noted).status_code == 302
    before = hcr.protocol_version, hcr.psea_covered_by_duty, hcr.has_investigation_unit, hcr.is_active
    hcr.refresh_from_db()
    assert hcr.name == "HCR Mali"
    assert (hcr.protocol_version, hcr.psea_covered_by_duty, hcr.has_investigation_unit, hcr.is_active) == before
    assert "protocol_version" not in manager.get(address).content.decode()
    assert signed_in(cast.adama).post(address, said | noted | {"is_active": "on"}).status_code == 302
    hcr.refresh_from_db()
    assert (hcr.protocol_version, hcr.psea_covered_by_duty) == ("9", True)
