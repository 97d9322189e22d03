"""The directory's pages: people are invited, replaced and closed by their own agency, and by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory.models import Service, User
from directory.permissions import services_kept_by, stale_of
from directory.roles import NEEDS_SECOND_FACTOR, Role
from tests.cast import Cast

pytestmark = pytest.mark.once


@pytest.fixture
def manager(cast: Cast, signed_in: Any) -> Client:
    client: Client = signed_in(cast.mariam)
    return client


def test_an_invited_person_chooses_a_password_by_mail_and_signs_in(cast: Cast, manager: Client) -> None:
    said = {"name": "Issa", "email": "issa@jaabi.example", "organisation": cast.organisations["hcr"].pk}
    response = manager.post("/settings/people/invite/", said | {"roles": [Role.FOCAL_POINT.value]}, follow=True)
    assert "Issa reçoit un courriel" in response.content.decode()
    link = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert link is not None
    visitor = Client()
    page = visitor.get(link.group().replace("http://localhost:8000", ""), follow=True)
    password = {"password1": "une longue phrase à moi", "password2": "une longue phrase à moi"}
    visitor.post(page.request["PATH_INFO"], password)
    assert visitor.login(email="issa@jaabi.example", password="une longue phrase à moi")
    assert User.objects.get(email="issa@jaabi.example").roles == {Role.FOCAL_POINT}


def test_an_agency_cannot_give_a_confidential_role_nor_invite_for_another(cast: Cast, manager: Client) -> None:
    said = {"name": "Issa", "email": "issa@jaabi.example", "organisation": cast.organisations["nrc"].pk}
    response = manager.post("/settings/people/invite/", said | {"roles": [Role.PSEA_FOCAL_POINT.value]})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"organisation", "roles"}
    assert not User.objects.filter(email="issa@jaabi.example").exists()


def test_a_manager_sees_neither_another_agency_nor_who_holds_a_confidential_role(cast: Cast, manager: Client) -> None:
    listed = {user.name for user in manager.get("/settings/people/").context["page"]}
    assert listed == {"Mariam", "Ibrahim"}
    assert manager.get(f"/settings/people/{cast.oumar.pk}/").status_code == 404
    assert manager.get(f"/settings/people/{cast.nana.pk}/").status_code == 404


@pytest.mark.parametrize("role", sorted(NEEDS_SECOND_FACTOR))
def test_a_role_that_needs_a_second_factor_gets_nowhere_without_one(cast: Cast, role: Role) -> None:
    """Beside a role that lets its holder in."""
    client = Client()
    client.force_login(cast.awa)
    assert client.get("/cases/").status_code == 200
    cast.awa.role_rows.create(role=role)
    for path in ("/cases/", "/accueil/", "/settings/people/", "/vault/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/compte/mfa/totp/activate/"), path
    assert client.get("/compte/mfa/totp/activate/").status_code in {200, 302}


def test_a_service_is_shown_with_its_validity_and_confirmed_by_its_agency_only(cast: Cast, signed_in: Any) -> None:
    service = Service.objects.create(
        organisation=cast.organisations["nrc"], kind="cash", valid_until="2022-01-01", is_sensitive=False
    )
    stranger: Client = signed_in(cast.ibrahim)
    assert "à confirmer" in stranger.get("/directory/").content.decode()
    assert stranger.post(f"/directory/services/{service.pk}/confirm/").status_code == 404
    signed_in(cast.oumar).post(f"/directory/services/{service.pk}/confirm/")
    service.refresh_from_db()
    assert not service.is_stale


def test_a_confidential_place_is_shown_to_those_who_send_people_there_and_to_those_who_keep_it(cast: Cast) -> None:
    site = Service.objects.create(organisation=cast.organisations["hcr"], kind="safety", is_sensitive=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    of_keepers = Service.objects.create(
        organisation=cast.organisations["ocha"], kind="safety", is_sensitive=True, valid_until=yesterday
    )
    seen = {name for name, person in cast.people.items() if site in Service.objects.visible_to(person)}
    assert seen == {"kadia", "aminata", "rokia", "hawa", "nana", "coumba", "ibrahim", "mariam"}
    kept = {name for name, person in cast.people.items() if site in services_kept_by(person)}
    assert kept == {"ibrahim", "mariam"}
    assert of_keepers not in [*stale_of(cast.adama), *stale_of(cast.djeneba)], "not counted where it is not shown"


def test_the_directory_does_not_show_a_confidential_place_to_others(cast: Cast, signed_in: Any) -> None:
    Service.objects.create(organisation=cast.organisations["hcr"], kind="safety", is_sensitive=True)
    for name, is_shown in {"fanta": False, "moussa": False, "djeneba": False, "kadia": True, "mariam": True}.items():
        assert ("Mise à l&#x27;abri" in _rows(signed_in(cast.people[name]))) is is_shown, name


def test_an_agency_token_is_shown_once(cast: Cast, signed_in: Any) -> None:
    client: Client = signed_in(cast.adama)
    said = {"organisation": cast.organisations["nrc"].pk, "name": "SI", "scopes": ["referrals:read"]}
    assert "jaabi_" in client.post("/settings/tokens/", said).content.decode()
    assert "jaabi_" not in client.get("/settings/tokens/").content.decode()


def _rows(client: Client) -> str:
    page = client.get("/directory/").content.decode()
    return page[page.index("<tbody>") :] if "<tbody>" in page else ""


def test_people_are_filtered_from_the_address(cast: Cast, manager: Client) -> None:
    def names(query: str) -> set[str]:
        return {user.name for user in manager.get("/settings/people/" + query).context["page"]}

    assert names("?q=ibra") == {"Ibrahim"}
    assert names("?role=agency_manager") == {"Mariam"}
    assert names(f"?organisation={cast.organisations['hcr'].pk}&account=open") == {"Mariam", "Ibrahim"}
    assert names("?account=closed") == set()
    assert names("?role=nonsense&account=nonsense") == {"Mariam", "Ibrahim"}


def test_the_journal_says_in_words_who_did_what_to_whom(cast: Cast, signed_in: Any) -> None:
    administrator: Client = signed_in(cast.adama)
    administrator.post(f"/settings/people/{cast.ibrahim.pk}/close/", {"successor": ""})
    page = administrator.get("/settings/audit/").content.decode()
    assert "Compte fermé · Ibrahim" in page
    assert "directory.user.leave" not in page
