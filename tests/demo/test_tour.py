"""The guided tour: who can sign in, and with what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from demo.accounts import Account, Register, read_register, register_path, write_register
from demo.views import one_time_code
from directory.roles import Role
from tests.stack.cast import Account as StackAccount

pytestmark = pytest.mark.once

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """A register of one handler and one operator, written down."""
    people = [
        Account("fanta@hcr.example", "Fanta", "motdepasse", Role.PSEA_INTAKE_OFFICER.value, "HCR", SECRET, "dix mots"),
        Account("awa@ligne.example", "Awa", "motdepasse", Role.OPERATOR.value, "Ligne verte commune"),
    ]
    written = Register(people, [{"organisation": "HCR", "token": "jaabi_x"}], "2026-11-24T10:00:00+00:00")
    with override_settings(VAR_DIR=tmp_path):
        write_register(written)
        yield written


def test_what_was_written_is_read_again(register: Register) -> None:
    assert read_register() == register
    assert register_path().stat().st_mode & 0o077 == 0


def test_the_tour_shows_addresses_codes_and_passphrases(register: Register, db: None, client: Client) -> None:
    answer = client.get(reverse("demo:tour"))
    assert answer.status_code == 200
    page = answer.content.decode()
    for shown in ("fanta@hcr.example", "awa@ligne.example", "dix mots", "jaabi_x"):
        assert shown in page
    assert len(answer.context["steps"]) == 8


def test_a_code_is_the_one_an_authenticator_shows() -> None:
    other = StackAccount("a@b.example", "x", "operator", "HCR", SECRET)
    assert one_time_code(SECRET) == other.code()


@override_settings(VAR_DIR=Path("/nonexistent"))
def test_an_installation_that_was_not_filled_says_so(db: None, client: Client) -> None:
    answer = client.get(reverse("demo:tour"))
    assert answer.status_code == 200
    assert "make demo" in answer.content.decode()
