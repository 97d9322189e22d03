"""Second factors and passwords: what the database keeps of them, and what may be chosen."""

from __future__ import annotations

import base64
import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from core.keyring import labels
from core.rotation import places_under
from core.sealing import SealBroken, new_keypair
from tests.cast import Cast


def shown(secret: str) -> str:
    """What the telephone shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_a_copy_of_the_database_makes_no_code_and_a_rotation_keeps_them(cast: Cast, settings: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.awa, secret)
    row = Authenticator.objects.get(user=cast.awa)
    assert secret not in str(row.data)
    old = list(settings.SEALING_KEYS)
    new = base64.urlsafe_b64encode(new_keypair()[0]).decode()
    settings.SEALING_KEYS = [new, *old]
    newest, oldest = labels()
    assert places_under(oldest) == ["directory.factors"], "the old key must not leave yet"
    other = TOTP.activate(cast.salif, secret).instance
    other.data["secret"] = f"{'A' * 40}.{'A' * 40}"
    other.save()
    out = StringIO()
    call_command("rotate_sealing", stdout=out)
    assert "directory.factors: 1 déplacées sur 2" in out.getvalue()
    assert "1 qu'aucune clé de l'anneau n'ouvre" in out.getvalue()
    assert (places_under(oldest), places_under(newest)) == ([], ["directory.factors"])
    call_command("rotate_sealing", stdout=out)
    assert "directory.factors: 0 déplacées sur 2" in out.getvalue()

    settings.SEALING_KEYS = [new]
    kept = Authenticator.objects.get(user=cast.awa)
    assert TOTP(kept).validate_code(shown(secret))
    settings.SEALING_KEYS = old
    with pytest.raises(SealBroken):
        TOTP(kept).validate_code(shown(secret))


@pytest.mark.parametrize("password", ["Jaabi-Bamako-2026", "HCRHCRHCR-1234", "Mot_de_passe!1"])
def test_a_password_that_everyone_here_would_try_is_refused(cast: Cast, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, user=cast.awa)


@pytest.mark.parametrize("password", ["jaabi rivière calebasse", "x" * 40 + " quatre-vingts", "ߒߞߏ ߞߊ߲ ߠߎ߬ ߝߊ߲߭ ߓߍ߯"])
def test_any_other_long_one_is_taken_whatever_its_signs(cast: Cast, password: str) -> None:
    validate_password(password, user=cast.awa)


def test_to_change_ones_address_asks_the_password_again(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.awa)
    TOTP.activate(cast.awa, generate_totp_secret())
    answer = browser.post("/compte/email/", {"email": "autre@jaabi.example", "action_add": ""})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/reauthenticate/")


def test_sign_ins_and_failed_ones_are_logged_without_what_was_typed(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    cast.awa.set_password("rivière calebasse jardin")
    cast.awa.save()
    told = []
    for email, password in (
        (cast.awa.email, "un mauvais mot"),
        ("personne@jaabi.example", "un mauvais mot"),
        (cast.awa.email, "rivière calebasse jardin"),
    ):
        caplog.clear()
        with caplog.at_level("INFO", logger="directory.accounts"):
            Client().post("/compte/login/", {"login": email, "password": password})
        told += [(one.getMessage(), vars(one)["user"]) for one in caplog.records if one.name == "directory.accounts"]
    failed = "a sign-in failed"
    assert told == [(failed, cast.awa.pk), (failed, None), ("signed in", cast.awa.pk)]
