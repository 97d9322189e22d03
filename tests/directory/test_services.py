"""Services are kept current: asked for when they are stale, and nobody is sent, or told, where nobody vouches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory.actions.services import ask_about_stale, confirm_service
from directory.models import Office, Place, Service
from tests.cast import Cast


def service(organisation: Any, *, days: int = 30, **more: Any) -> Service:
    """Valid for so many days; `days=-1`: stale since yesterday."""
    more = {"kind": "cash", "valid_until": timezone.localdate() + timedelta(days=days)} | more
    row = Service.objects.create(organisation=organisation, **more)
    row.places.set(Place.objects.filter(pcode="ML0703"))
    return row


def asked() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def test_who_keeps_a_stale_service_is_asked_once_and_told_nothing_of_it(cast: Cast) -> None:
    nrc, gao = cast.organisations["nrc"], cast.offices["nrc_gao"]
    stale = [service(nrc, office=gao, days=-1) for _number in range(3)]
    service(nrc, office=gao, days=200)
    service(cast.organisations["hcr"], days=-1)
    now = timezone.now()

    assert ask_about_stale(now) == 4
    assert ask_about_stale(now + timedelta(days=1)) == 0
    assert asked() == ["fanta@jaabi.example", "ibrahim@jaabi.example"], "of that office; one mail for three services"
    assert {message.subject for message in mail.outbox} == {"Une action vous attend dans Jaabi."}
    assert not any("Transfert" in str(message.body) for message in mail.outbox)

    confirm_service(stale[0], by=cast.fanta)
    Service.objects.filter(pk=stale[0].pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert ask_about_stale(now + timedelta(days=100)) == 1, "stale anew, asked anew"


def test_an_agency_without_a_focal_point_is_asked_through_its_manager(cast: Cast) -> None:
    cast.ibrahim.role_rows.all().delete()
    service(cast.organisations["hcr"], days=-1)
    ask_about_stale(timezone.now())
    assert asked() == ["mariam@jaabi.example"]


def test_how_long_a_service_stands_is_a_setting(cast: Cast, settings: Any) -> None:
    settings.SERVICE_VALID_DAYS = 30
    row = service(cast.organisations["hcr"], days=-1)
    confirm_service(row, by=cast.ibrahim)
    assert row.valid_until == timezone.localdate() + timedelta(days=30)
    assert Service.objects.create(organisation=row.organisation, kind="food").valid_until == row.valid_until


def test_what_is_to_be_confirmed_waits_on_the_first_page_and_one_press_confirms(cast: Cast, signed_in: Any) -> None:
    row, other = service(cast.organisations["hcr"], days=-1), service(cast.organisations["nrc"], days=-1)
    client: Client = signed_in(cast.ibrahim)
    found = "/directory/?stale=on&ours=on"
    for path in ("/referrals/", "/directory/"):
        page = client.get(path).content.decode()
        assert "1 service de votre organisation est à confirmer" in page
        assert found.replace("&", "&amp;") in page
    assert list(client.get(found).context["page"]) == [row]
    assert list(client.get("/directory/?stale=on").context["page"]) == [row, other]
    response = client.post(f"/directory/services/{row.pk}/confirm/", {"next": found})
    assert response["Location"] == found
    assert "est à confirmer" not in client.get("/directory/").content.decode()


def test_all_that_one_needs_to_send_somebody_there_is_shown(cast: Cast, signed_in: Any) -> None:
    said: dict[str, Any] = {
        "eligibility": "Femmes enceintes", "directions": "Derrière le marché", "hours": "8 h–12 h",
        "languages": ["bam"], "contact_role": "Accueil", "deputy_role": "Sage-femme", "capacity": "20 par jour",
        "has_women_staff": True,
        "is_accessible": True, "accepts_self_referral": True,
    }  # fmt: skip
    row = service(cast.organisations["nrc"], **said)
    hidden = service(cast.organisations["nrc"], kind="safety", is_sensitive=True, directions="Rue 12, porte bleue")
    shown = ("Femmes enceintes", "Derrière le marché", "8 h–12 h", "Bambara", "Accueil", "Sage-femme", "20 par jour",
             "gratuit", "personnel féminin", "accessible", "sans être orienté")  # fmt: skip
    reader, named = signed_in(cast.ibrahim), signed_in(cast.kadia)
    for path in ("/directory/", f"/directory/organisations/{row.organisation_id}/"):
        page = reader.get(path).content.decode()
        assert [one for one in shown if one not in page] == []
        assert "porte bleue" not in page + named.get(path).content.decode()
    assert hidden in named.get("/directory/").context["page"].object_list


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"office": "hcr"}, "office"), ({"is_sensitive": "on", "directions": "Rue 12"}, "directions")],
)
def test_a_service_is_in_an_office_of_its_own_organisation_and_a_secret_place_is_not_described(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    gao = Place.objects.get(pcode="ML0703")
    hcr = Office.objects.create(organisation=cast.organisations["hcr"], name="Gao", place=gao)
    said = {"organisation": cast.organisations["nrc"].pk, "kind": "cash", "places": [gao.pk]}
    said |= changes | ({"office": str(hcr.pk)} if "office" in changes else {})
    response = signed_in(cast.djeneba).post("/directory/services/new/", said)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert Service.objects.count() == 0


def test_one_that_says_nowhere_is_offered_nowhere(cast: Cast) -> None:
    region, cercle = Place.objects.get(pcode="ML07"), Place.objects.get(pcode="ML0703")
    there, around = service(cast.organisations["hcr"]), service(cast.organisations["hcr"])
    there.places.set([cercle])
    around.places.set([region])
    service(cast.organisations["hcr"]).places.clear()
    for place in (region, cercle):
        assert set(Service.objects.around(place)) == {there, around}
