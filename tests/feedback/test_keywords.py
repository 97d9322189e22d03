"""The few words that order something; everything else is someone speaking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.keywords import Command, keyword

NUMBER = "123456789012"


@pytest.mark.parametrize(
    "text",
    [
        "SUIVI 1234 5678 9012",
        "suivi:123456789012",
        "Suivi n° 1234-5678-9012",
        "suivi nº1234 5678 9012",
        "Suivi numéro 123456789012 svp",
        "SUIVI1234 5678 9012",
        "suivie 1234.5678.9012",
        "Suivi 1234 5678 9O12",
        "suvi l234 5678 9012",
        "SUIVI mon numéro 1234 5678 9012",
        "suivi <1234 5678 9012>",
        "suivi ١٢٣٤٥٦٧٨٩٠١٢",
        "123456789012",
        "1234 5678 9012",
        "  1234-5678-9012. ",
        "n° 1234 5678 9012",
    ],
)
def test_suivi_and_a_number_ask_where_it_is(text: str) -> None:
    assert keyword(text) == Command("status", NUMBER)


def test_suivi_alone_asks_without_a_number() -> None:
    assert keyword("Suivi") == Command("status", None)


def test_suivi_with_a_digit_missing_keeps_what_was_typed() -> None:
    assert keyword("SUIVI 1234 5678 901") == Command("status", "12345678901")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AIDE", "help"),
        ("aide !", "help"),
        ("Aidé", "help"),
        ("help", "help"),
        ("dɛmɛ", "help"),
        ("STOP", "stop"),
        ("stop svp", "stop"),
        ("Arrêt", "stop"),
        ("ARRETER", "stop"),
        ("START", "start"),
        ("reprendre", "start"),
        ("1", "yes"),
        ("1.", "yes"),
        ("oui", "yes"),
        ("Oui merci", "yes"),
        ("ɔwɔ", "yes"),
        ("نعم", "yes"),
        ("2", "no"),
        ("NON", "no"),
        ("ayi", "no"),
        ("لا", "no"),
        ("3", "partly"),
        ("En partie", "partly"),
        ("dɔɔnin", "partly"),
    ],
)
def test_a_word_alone_is_an_order(text: str, name: str) -> None:
    found = keyword(text)
    assert found is not None
    assert (found.name, found.number) == (name, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "👍",
        "Aidez moi mon enfant est malade",
        "Stop aux vols dans le magasin",
        "oui mais je n'ai toujours rien",
        "non on n'a rien reçu",
        "Nous sommes 45 familles",
        "70 00 00 12",
        "12345678901",
        "SUIVI 1234 5678 9012 et je n'ai toujours rien reçu",
        "1234 5678 9012 et je n'ai toujours rien reçu",
        "Le sac 1234 5678 9012",
        "il manque 1",
        "le suivi du projet est mauvais",
    ],
)
def test_anything_else_is_someone_speaking(text: str) -> None:
    assert keyword(text) is None


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    found = keyword(text)
    assert found is None or found.number is None or set(found.number) <= set("0123456789")
