"""The open vault: split between the session row and the browser, and closed in time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import Quarter
from core.receipt_number import new_number
from psea.actions import open_case
from psea.actions.drafts import drafts_of, drop_draft
from psea.drill import remind_of_drill
from psea.models import SealedCase, VaultDraft
from psea.passphrase import LENGTH, as_code, as_typed, new_code, new_passphrase, word_list
from psea.session import COOKIE, SESSION_KEY, WRONG_TRIES
from psea.unusual import many_reads
from tests.psea.conftest import Vault

pytestmark = pytest.mark.once

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
    words, code = page.context["words"], page.context["code"]
    assert len(words) == LENGTH

    wrong = browser.post(reverse("psea:confirm"), typed(" ".join(reversed(words))) | {"code": code})
    assert "Relisez votre feuille" in wrong.content.decode()
    assert not any(f">{word}<" in wrong.content.decode() for word in words)
    other = browser.post(reverse("psea:confirm"), typed(" ".join(words)) | {"code": new_code()})
    assert "pas le code affiché" in other.content.decode()
    assert code not in other.content.decode()

    done = browser.post(reverse("psea:confirm"), typed(" ".join(words)) | {"code": code.lower()})
    assert done["Location"] == reverse("psea:cases")
    assert browser.get(reverse("psea:cases")).status_code == 200


def test_a_code_is_read_as_it_is_misread() -> None:
    code = new_code()
    assert as_code(code) == as_code(code.lower().replace("0", "o").replace("1", "l").replace("-", " "))
    assert len(as_code(code)) == 25


def test_what_was_being_typed_when_the_vault_closed_is_given_back_to_its_author_alone(
    vault: Vault, signed_in: SignedIn, receive: Callable[..., UUID]
) -> None:
    case_id = receive()
    browser = opened(vault, signed_in)
    browser.post(reverse("psea:open", args=[case_id]))
    where = reverse("psea:note", args=[case_id])
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        answered = browser.post(where, {"words": "Elle viendra mardi", "csrfmiddlewaretoken": "x"})
        assert answered["Location"].startswith(reverse("psea:locked"))
        row = VaultDraft.objects.using("vault").get()
        kept = bytes(row.typed or b"") + bytes(row.wrapped_key)
        assert b"mardi" not in kept
        assert str(case_id).encode() not in kept
        back = browser.post(answered["Location"], typed(vault.passphrases["aminata"]))
        assert back["Location"] == reverse("psea:drafts")
        draft = browser.get(reverse("psea:drafts")).context["drafts"][0]
        assert (draft.path, draft.fields) == (where, {"words": ["Elle viendra mardi"]})
        with pytest.raises(VaultDraft.DoesNotExist):
            drop_draft(draft_id=row.pk, by=vault.cast.rokia)
        browser.post(draft.path, draft.fields)
    assert bytes(SealedCase.objects.using("vault").get().notes.using("vault").get().words or b"") != b""
    browser.post(reverse("psea:drop_draft", args=[row.pk]))
    assert not VaultDraft.objects.using("vault").exists()


def test_an_idle_page_brings_what_was_typed_but_no_secret(vault: Vault, signed_in: SignedIn) -> None:
    browser = opened(vault, signed_in)
    page = browser.get(reverse("psea:cases")).content.decode()
    assert 'data-idle-minutes="15"' in page
    left = {"draft_path": reverse("psea:handed"), "words": "Un collègue dit", "own_passphrase": "sept mots"}
    browser.post(reverse("psea:lock"), left | typed(vault.passphrases["aminata"]))
    draft = drafts_of(reader=vault.readers["aminata"], by=vault.cast.aminata)[0]
    assert draft.fields == {"words": ["Un collègue dit"]}
    browser.post(reverse("psea:lock"), {"draft_path": "https://ailleurs.example/", "words": "x"})
    assert VaultDraft.objects.using("vault").count() == 1


def test_each_quarter_everyone_proves_that_they_can_still_open(
    vault: Vault, signed_in: SignedIn, mailoutbox: list[EmailMessage]
) -> None:
    next_quarter = Quarter.current().next.period.start + timedelta(days=2)
    with time_machine.travel(next_quarter, tick=False):
        assert remind_of_drill(timezone.now()) == len(vault.readers) + 1, (
            "two custodians, and nobody for recovery itself"
        )
        browser = signed_in(vault.cast.aminata)
        assert "Exercice du trimestre" in browser.get(reverse("psea:locked")).content.decode()
        browser.post(reverse("psea:locked"), typed(vault.passphrases["aminata"]))
        mailoutbox.clear()
        assert remind_of_drill(timezone.now() + timedelta(days=7)) == len(vault.readers)
        assert vault.cast.aminata.email not in {address for mail in mailoutbox for address in mail.to}
        assert "pas ouverte ce trimestre" in browser.get(reverse("psea:people")).content.decode()


def test_more_cases_opened_in_an_hour_than_a_days_work_asks_for_are_told_to_two(
    vault: Vault, receive: Callable[..., UUID], mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.VAULT_READS_AN_HOUR = 2
    ids = [receive(f"SM{number}", receipt_number=new_number()) for number in range(3)]
    mailoutbox.clear()
    for case_id in [*ids[:2], ids[0]]:
        open_case(case_id=case_id, **vault.as_("aminata"))
    assert mailoutbox == []
    open_case(case_id=ids[2], **vault.as_("aminata"))
    assert {mail.to[0] for mail in mailoutbox} == {vault.cast.coumba.email, vault.cast.rokia.email}
    (seen,) = many_reads(timezone.now())
    assert (seen.user, seen.cases) == (vault.cast.aminata, 3)


def test_what_leaves_the_vault_asks_the_passphrase_again(
    vault: Vault, signed_in: SignedIn, receive: Callable[..., UUID]
) -> None:
    case_id = receive()
    browser = opened(vault, signed_in)
    slip = reverse("psea:slip", args=[case_id])
    assert browser.get(slip).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert browser.get(reverse("psea:cases")).status_code == 200
        asked = browser.get(slip)["Location"]
        assert "sort du coffre" in browser.get(asked).content.decode()
        assert browser.post(asked, typed(vault.passphrases["aminata"]))["Location"] == slip
