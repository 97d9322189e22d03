"""The open vault: split between the session row and the browser, and closed in time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from psea.passphrase import LENGTH, as_typed, new_passphrase, word_list
from psea.session import COOKIE, SESSION_KEY, WRONG_TRIES
from tests.psea.conftest import Vault

SignedIn = Callable[[Any], Client]


def typed(passphrase: str) -> dict[str, str]:
    return {f"word_{number}": word for number, word in enumerate(passphrase.split(), 1)}


def opened(vault: Vault, signed_in: SignedIn, name: str = "aminata") -> Client:
    browser = signed_in(vault.cast.people[name])
    response = browser.post(reverse("psea:locked"), typed(vault.passphrases[name]))
    assert response.status_code == 302
    return browser


def test_the_words_are_many_short_and_without_accents() -> None:
    words = word_list()

    assert len(words) == len(set(words)) >= 2048
    assert all(word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 9 for word in words)
    assert list(words) == sorted(words)
    assert len(new_passphrase().split()) == LENGTH


def test_accents_capitals_and_spaces_do_not_matter() -> None:
    assert as_typed("  Forêt   ÉCOLE-main, ") == "foret ecole main"


def test_the_right_words_open_the_vault(vault: Vault, signed_in: SignedIn) -> None:
    browser = opened(vault, signed_in)

    assert browser.get(reverse("psea:cases")).status_code == 200
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/vault/")


def test_the_whole_phrase_pasted_into_one_field_opens_too(vault: Vault, signed_in: SignedIn) -> None:
    browser = signed_in(vault.cast.aminata)
    response = browser.post(reverse("psea:locked"), {"word_1": vault.passphrases["aminata"].upper()})

    assert response.status_code == 302
    assert COOKIE in browser.cookies


def test_neither_half_opens_alone(vault: Vault, signed_in: SignedIn) -> None:
    browser = opened(vault, signed_in)
    kept = browser.session[SESSION_KEY]
    cookie = browser.cookies[COOKIE].value
    private = vault.readers["aminata"].private

    # The database alone: neither half of the row holds the key, in any spelling.
    stored = str(Session.objects.get(pk=browser.session.session_key).get_decoded())
    for spelling in (private.hex(), base64.b64encode(private).decode(), base64.urlsafe_b64encode(private).decode()):
        assert spelling not in stored
        assert spelling not in cookie
    del browser.cookies[COOKIE]
    assert browser.get(reverse("psea:cases")).status_code == 302

    # The browser's cookie alone.
    browser.cookies[COOKIE] = cookie
    session = browser.session
    del session[SESSION_KEY]
    session.save()
    assert browser.get(reverse("psea:cases")).status_code == 302

    # Both again.
    session[SESSION_KEY] = kept
    session.save()
    assert browser.get(reverse("psea:cases")).status_code == 200


def test_both_halves_in_another_persons_session_do_not_open(vault: Vault, signed_in: SignedIn) -> None:
    browser, other = opened(vault, signed_in), signed_in(vault.cast.rokia)
    session = other.session
    session[SESSION_KEY] = browser.session[SESSION_KEY]
    session.save()
    other.cookies[COOKIE] = browser.cookies[COOKIE].value

    assert other.get(reverse("psea:cases")).status_code == 302


@pytest.mark.parametrize("cookie", ["", "%%%", "QUJD", "A" * 44])
def test_a_spoilt_cookie_is_a_locked_vault(vault: Vault, signed_in: SignedIn, cookie: str) -> None:
    browser = opened(vault, signed_in)
    browser.cookies[COOKIE] = cookie

    assert browser.get(reverse("psea:cases")).status_code == 302


def test_it_closes_after_a_quarter_of_an_hour_without_use(vault: Vault, signed_in: SignedIn) -> None:
    browser = opened(vault, signed_in)
    session = browser.session
    session[SESSION_KEY] = {**session[SESSION_KEY], "until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()

    response = browser.get(reverse("psea:cases"))
    assert response["Location"] == f"{reverse('psea:locked')}?next=%2Fvault%2Fcases%2F"


def test_use_moves_the_end(vault: Vault, signed_in: SignedIn) -> None:
    browser = opened(vault, signed_in)
    session = browser.session
    soon = (timezone.now() + timedelta(minutes=2)).isoformat()
    session[SESSION_KEY] = {**session[SESSION_KEY], "until": soon}
    session.save()

    browser.get(reverse("psea:cases"))
    assert browser.session[SESSION_KEY]["until"] > soon


def test_lock_now_forgets_both_halves(vault: Vault, signed_in: SignedIn) -> None:
    browser = opened(vault, signed_in)
    browser.post(reverse("psea:lock"))

    assert SESSION_KEY not in browser.session
    assert not browser.cookies[COOKIE].value
    assert browser.get(reverse("psea:cases")).status_code == 302


def test_wrong_phrases_are_refused_then_slowed_even_for_the_right_one(vault: Vault, signed_in: SignedIn) -> None:
    browser = signed_in(vault.cast.aminata)
    wrong = typed(vault.passphrases["rokia"])
    for _number in range(WRONG_TRIES):
        page = browser.post(reverse("psea:locked"), wrong)
        assert "ouvre pas le coffre" in page.content.decode()

    page = browser.post(reverse("psea:locked"), typed(vault.passphrases["aminata"]))
    assert page.status_code == 429
    assert COOKIE not in browser.cookies


def test_whoever_has_a_key_is_not_given_another(vault: Vault, signed_in: SignedIn) -> None:
    browser = signed_in(vault.cast.hawa)
    assert "déjà une clé" in browser.get(reverse("psea:enrol")).content.decode()


def test_the_first_day_shows_the_phrase_once_and_asks_it_back(cast: Any, signed_in: SignedIn) -> None:
    browser = signed_in(cast.aminata)
    assert browser.get(reverse("psea:locked"))["Location"] == reverse("psea:enrol")
    page = browser.post(reverse("psea:enrol"))
    words = page.context["words"]
    assert len(words) == LENGTH

    wrong = browser.post(reverse("psea:confirm"), typed(" ".join(reversed(words))))
    assert "Relisez votre feuille" in wrong.content.decode()
    assert not any(f">{word}<" in wrong.content.decode() for word in words)

    done = browser.post(reverse("psea:confirm"), typed(" ".join(words)))
    assert done["Location"] == reverse("psea:cases")
    assert browser.get(reverse("psea:cases")).status_code == 200
