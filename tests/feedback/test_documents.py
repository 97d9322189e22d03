"""Documents to print: made from the settings, and honest about what is not set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import segno
from django.test import Client

from core.models import Line
from directory.roles import DESCRIPTIONS, Role
from feedback.models import DeadlineRule
from tests.cast import Cast

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]

SignIn = Callable[[Any], Client]
WAYS = [{"label": "Ligne verte", "number": "80 00 00 01", "hours": "8 h à 18 h", "languages": "français, bambara"}]
URGENT = [{"label": "Garde", "number": "80 00 00 02", "hours": "jour et nuit"}]
WITH_WAYS = ["poster/", "radio/", "card/operator/"]
WITH_URGENT = [*WITH_WAYS, "script/"]


@pytest.fixture
def page(cast: Cast, signed_in: SignIn) -> Callable[[str], str]:
    client = signed_in(cast.awa)
    return lambda name: client.get(f"/settings/documents/{name}").content.decode()


@pytest.mark.parametrize("name", WITH_WAYS)
def test_numbers_hours_and_languages_come_from_the_settings(
    page: Callable[[str], str], settings: Any, name: str
) -> None:
    settings.LISTENING_WAYS, settings.TWILIO_FROM = WAYS, "+22300000090"
    Line.objects.create(name="gao", kind="kannel", label="Gao", number="36021", is_active=True)
    Line.objects.create(name="old", kind="kannel", label="Vieille", number="36099", is_active=False)
    shown = page(name)
    given = {"80 00 00 01", "8 h à 18 h", "français, bambara", "36021", "+22300000090"}
    assert {said for said in given if said in shown} == given
    assert "36099" not in shown, "a line that is switched off receives nothing"


@pytest.mark.parametrize("name", WITH_WAYS)
def test_a_setting_that_is_empty_says_so_and_no_number_is_invented(
    page: Callable[[str], str], settings: Any, name: str
) -> None:
    settings.LISTENING_WAYS, settings.URGENT_NUMBERS, settings.TWILIO_FROM = [], [], ""
    assert "Aucun numéro n’est réglé sur cette installation." in page(name)


@pytest.mark.parametrize("name", WITH_URGENT)
def test_urgent_numbers_are_the_settings_own(page: Callable[[str], str], settings: Any, name: str) -> None:
    settings.URGENT_NUMBERS = []
    assert "Aucun numéro d’urgence n’est réglé sur cette installation." in page(name)
    settings.URGENT_NUMBERS = URGENT
    assert "80 00 00 02" in page(name)


def test_the_poster_leads_to_the_page_where_one_speaks(page: Callable[[str], str], settings: Any) -> None:
    settings.PUBLIC_URL = "https://jaabi.example.org"
    shown = page("poster/")
    code = segno.make("https://jaabi.example.org/parler/", error="m").svg_data_uri(scale=8, border=2)
    assert code.replace("'", "&#x27;") in shown or code in shown
    assert "https://jaabi.example.org/parler/" in shown


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_card_with_its_description(page: Callable[[str], str], role: Role) -> None:
    shown = page(f"card/{role.value}/")
    assert str(DESCRIPTIONS[role]).replace("'", "&#x27;") in shown


def test_the_script_promises_only_the_delays_that_are_set(page: Callable[[str], str]) -> None:
    assert "14 jours ouvrés" in page("script/")
    DeadlineRule.objects.all().delete()
    assert "n’en promettez pas" in page("script/")
