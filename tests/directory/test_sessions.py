"""Signing in is slowed after wrong passwords, sessions are listed and ended, and who leaves is out at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from core.models import AuditEntry, Outbound
from directory.actions.turnover import leave, reopen_account
from directory.models import User
from tests.cast import Cast

PASSWORD = "a-long-enough-password"
LOGIN = "/compte/login/"
LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/300s/key"}


@pytest.fixture
def oumar(cast: Cast) -> User:
    cast.oumar.set_password(PASSWORD)
    cast.oumar.save()
    return cast.oumar


def browser(person: User, password: str = PASSWORD, **headers: str) -> Client:
    client = Client(headers=headers)
    client.post(LOGIN, {"login": person.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/moi/").status_code == 200


@pytest.fixture
def throttled(settings: Any) -> Iterator[None]:
    """As production has it, behind one proxy of ours."""
    settings.ACCOUNT_RATE_LIMITS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = LIMITS, 1
    yield
    cache.clear()


@pytest.mark.usefixtures("throttled")
def test_after_five_wrong_passwords_even_the_right_one_must_wait(oumar: User) -> None:
    for number in range(5):
        assert not is_in(browser(oumar, "wrong", **{"X-Forwarded-For": f"192.0.2.{number}"}))
    assert not is_in(browser(oumar, **{"X-Forwarded-For": "192.0.2.99"}))


@pytest.mark.usefixtures("throttled")
def test_whoever_guesses_from_one_address_does_not_shut_out_the_others(oumar: User, cast: Cast) -> None:
    """All of them come through the front: what counts is the address that it vouches for."""
    for number in range(12):
        nobody = {"login": f"nobody{number}@example.org", "password": "wrong"}
        Client(headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}).post(LOGIN, nobody)
    assert not is_in(browser(oumar, **{"X-Forwarded-For": "198.51.100.7"}))
    assert is_in(browser(oumar, **{"X-Forwarded-For": "192.0.2.1"}))


def test_one_sees_ones_sessions_and_ends_the_others(oumar: User) -> None:
    here, elsewhere = browser(oumar, **{"User-Agent": "Bureau"}), browser(oumar, **{"User-Agent": "Cybercafé"})
    page = here.get("/compte/sessions/").content.decode()
    assert "Bureau" in page
    assert "Cybercafé" in page
    here.post("/compte/sessions/")
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_who_keeps_the_account_ends_its_sessions_and_the_audit_says_so(oumar: User, cast: Cast, signed_in: Any) -> None:
    lost = browser(oumar)
    assert is_in(lost)
    assert signed_in(cast.adama).post(f"/settings/people/{oumar.pk}/sign-out/").status_code == 302
    assert not is_in(lost)
    assert AuditEntry.objects.filter(act="directory.user.sign_out", actor_id=str(cast.adama.pk)).exists()
    assert is_in(browser(oumar)), "the account itself is open"


def test_a_lost_second_factor_is_taken_away_by_the_administration_alone_and_its_owner_is_told(
    cast: Cast, signed_in: Any
) -> None:
    lost, manager, administrator = cast.ibrahim, signed_in(cast.mariam), signed_in(cast.adama)
    lost.set_password(PASSWORD)
    lost.save()
    TOTP.activate(lost, generate_totp_secret())
    assert not is_in(browser(lost)), "the password alone"
    page, address = f"/settings/people/{lost.pk}/", f"/settings/people/{lost.pk}/forget-factors/"
    shown = manager.get(page).content.decode()
    assert ("sign-out" in shown, "forget-factors" in shown) == (True, False)
    assert manager.post(address).status_code == 404
    assert is_mfa_enabled(lost)
    assert address in administrator.get(page).content.decode()
    assert administrator.post(address).status_code == 302
    assert is_in(browser(lost))
    assert Outbound.objects.filter(way=Outbound.Way.EMAIL).count() == 1
    assert AuditEntry.objects.filter(act="directory.user.forget_factors", actor_id=str(cast.adama.pk)).exists()


def test_who_leaves_is_out_and_an_account_that_opens_again_revives_no_session(oumar: User, cast: Cast) -> None:
    left_open = browser(oumar)
    assert is_in(left_open)
    leave(oumar, successor=None, by=cast.adama)
    assert not is_in(left_open)
    reopen_account(oumar, by=cast.adama)
    assert not is_in(left_open)
    assert not UserSession.objects.filter(user=oumar).exists()
