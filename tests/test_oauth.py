"""Client credentials: a system fetches its own short-lived tokens, which open what any token of theirs would."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from core.actors import SYSTEM
from directory import credentials
from directory.credentials import create_client, revoke_client
from directory.models import ApiClient, ApiToken
from tests.cast import Cast
from tests.referrals.conftest import House, house
from tests.test_api import REFERRALS, Partner

__all__ = ["house"]
ADDRESS = "/api/v1/oauth/token/"
ASKS = {"grant_type": "client_credentials"}


@pytest.fixture
def known(cast: Cast) -> tuple[ApiClient, str]:
    return create_client(cast.organisations["nrc"], "SI", ["referrals:read", "referrals:write"], by=SYSTEM)


def fetch(client: ApiClient, secret: str, **said: str) -> HttpResponse:
    basic = base64.b64encode(f"{client.application.client_id}:{secret}".encode()).decode()
    return Client().post(ADDRESS, ASKS | said, headers={"Authorization": f"Basic {basic}"})  # type: ignore[return-value]


def fetched(client: ApiClient, secret: str, **said: str) -> dict[str, Any]:
    answer = fetch(client, secret, **said)
    assert answer.status_code == 200, answer.content
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, Any] = json.loads(answer.content)
    return found


def partner_with(token: str) -> Partner:
    return Partner(ApiToken.objects.get(hash=credentials._hash(token)), token)


def test_a_fetched_token_opens_what_a_token_of_theirs_opens(known: tuple[ApiClient, str], house: House) -> None:
    house.sent()
    said = fetched(*known)
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("Bearer", 3600, "referrals:read referrals:write")
    assert "refresh_token" not in said
    system = partner_with(said["access_token"])
    assert len(json.loads(system.get(REFERRALS).content)["results"]) == 1
    assert system.get("/api/v1/workplan/plans/").status_code == 403
    other = create_client(house.cast.organisations["hcr"], "SI", ["referrals:read"], by=SYSTEM)
    assert json.loads(partner_with(fetched(*other)["access_token"]).get(REFERRALS).content)["results"] == []


def test_it_asks_for_fewer_scopes_but_never_for_more(known: tuple[ApiClient, str]) -> None:
    narrow = partner_with(fetched(*known, scope="referrals:read")["access_token"])
    assert narrow.get(REFERRALS).status_code == 200
    assert narrow.post(REFERRALS, {}).status_code == 403
    wide = fetch(*known, scope="referrals:read workplan:read")
    assert (wide.status_code, json.loads(wide.content)["error"]) == (400, "invalid_scope")


def test_neither_secret_nor_token_stands_in_a_table(known: tuple[ApiClient, str]) -> None:
    client, secret = known
    token = fetched(client, secret)["access_token"]
    rows = [*Application.objects.values(), *ApiClient.objects.values(), *ApiToken.objects.values()]
    assert secret not in str(rows)
    assert token not in str(rows)
    assert not AccessToken.objects.exists()


def test_a_token_is_over_after_its_time_and_a_client_when_it_is_revoked(known: tuple[ApiClient, str]) -> None:
    client, secret = known
    old, system = (partner_with(fetched(client, secret)["access_token"]) for _ in range(2))
    ApiToken.objects.filter(pk=old.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (old.get(REFERRALS).status_code, system.get(REFERRALS).status_code) == (401, 200)
    assert credentials.forget_tokens(timezone.now()) == 1
    revoke_client(client, by=SYSTEM)
    assert system.get(REFERRALS).status_code == 401
    answer = fetch(client, secret)
    assert (answer.status_code, json.loads(answer.content)["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ({}, "wrong"),
        ({"grant_type": "password", "username": "fanta@jaabi.example", "password": "x"}, ""),
        ({"grant_type": "authorization_code", "code": "x", "redirect_uri": "https://x.example"}, ""),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, ""),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"}, ""),
        ({"grant_type": ""}, ""),
    ],
)
def test_nothing_else_of_oauth_is_spoken(known: tuple[ApiClient, str], said: dict[str, str], secret: str) -> None:
    answer = fetch(known[0], secret or known[1], **said)
    assert answer.status_code in (400, 401)
    assert json.loads(answer.content)["error"]
    assert not ApiToken.objects.filter(client=known[0]).exists()


def test_a_client_that_tries_too_often_waits(known: tuple[ApiClient, str], cast: Cast) -> None:
    answers = [fetch(known[0], "wrong").status_code for _ in range(31)]
    assert (answers[-2], answers[-1]) == (401, 429)
    assert int(fetch(*known)["Retry-After"]) > 0
    other = create_client(cast.organisations["hcr"], "SI", [], by=SYSTEM)
    assert fetch(*other).status_code == 200


def test_its_rate_is_the_clients_whatever_the_token(known: tuple[ApiClient, str], settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    first, second = (partner_with(fetched(*known)["access_token"]) for _ in range(2))
    assert (first.get(REFERRALS).status_code, second.get(REFERRALS).status_code) == (200, 429)


def test_a_manager_creates_and_revokes_for_their_own_agency(cast: Cast, signed_in: Any) -> None:
    mariam = signed_in(cast.mariam)
    said = {"organisation": cast.organisations["hcr"].pk, "name": "SI du HCR", "scopes": ["referrals:read"]}
    page = mariam.post("/settings/clients/", said).content.decode()
    client = ApiClient.objects.get()
    secret = page.split('id="client-secret" class="text-break">')[1].split("<")[0]
    assert fetch(client, secret).status_code == 200
    assert secret not in mariam.get("/settings/clients/").content.decode()
    refused = mariam.post("/settings/clients/", said | {"organisation": cast.organisations["nrc"].pk})
    assert (refused.status_code, ApiClient.objects.count()) == (200, 1)
    mariam.post(f"/settings/clients/{client.pk}/revoke/")
    assert fetch(client, secret).status_code == 401
