"""The few words that order something; everything else is someone speaking."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.spelling import plain
from feedback.keywords import FILE, TAKE_A_NUMBER, Command, keyword

LABELLED = Path(__file__).parents[2] / "feedback" / "screening_labelled"

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


def words_of_orders() -> list[tuple[str, str]]:
    """Each word of the file, with the order that it gives there."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    orders = (said["orders"] | said["answers"]).items()
    return [(word, name) for name, languages in orders for words in languages.values() for word in words]


@pytest.mark.parametrize(("word", "name"), words_of_orders())
def test_every_word_of_the_file_gives_its_order_in_any_case_and_without_marks(word: str, name: str) -> None:
    for typed in (word, word.upper(), f" {word}. ", unicodedata.normalize("NFD", word), plain(word)):
        found = keyword(typed)
        assert found is not None, typed
        assert (found.name, found.number) == (name, None), typed
    if name in TAKE_A_NUMBER:
        assert keyword(f"{word} {NUMBER}") == Command(name, NUMBER)  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("REOUVRIR 1234 5678 9012", "reopen"),
        ("réouvrir 123456789012", "reopen"),
        ("Rouvrir n° 1234-5678-9012 svp", "reopen"),
        ("reouvir 1234 5678 9012", "reopen"),
        ("dayɛlɛ kokura 123456789012", "reopen"),
        ("dayèlè kokura 123456789012", "reopen"),
        ("ANNULER 1234 5678 9012", "withdraw"),
        ("anuler 1234 5678 9012", "withdraw"),
        ("anuller le message 1234 5678 9012", "withdraw"),
        ("annluer 123456789012", "withdraw"),
        ("إلغاء 123456789012", "withdraw"),
        ("suvii 1234 5678 9012", "status"),
        ("to woni 123456789012", "status"),
    ],
)
def test_an_order_for_a_number_is_understood_with_its_slips(text: str, name: str) -> None:
    assert keyword(text) == Command(name, NUMBER)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("LANGUE", ""),
        ("Langue ?", ""),
        ("lnague", ""),
        ("LANGUE BAMBARA", "bam"),
        ("langue bamanankan", "bam"),
        ("langue: peul", "ful"),
        ("LANGUE Tamachèque", "taq"),
        ("langue العربية", "ara"),
        ("اللغة العربية", "ara"),
        ("Langue en français", "fra"),
        ("langue n° 2", "2"),
        ("LANGUE ٢", "2"),
        ("ɗemngal fulfulde", "ful"),
    ],
)
def test_langue_is_understood_with_its_choice(text: str, choice: str) -> None:
    assert keyword(text) == Command("language", choice=choice)


@pytest.mark.parametrize("text", ["dɛmɛ", "dèmè", "deme", "DEME", "dεmε"])
def test_both_spellings_of_bambara_are_one_word(text: str) -> None:
    assert keyword(text) == Command("help")


@pytest.mark.parametrize(
    "text",
    [
        "mangue",  # a mango, one letter from LANGUE
        "ouvrir 123456789012",
        "longue",
        "suite",
        "commerce",
        "reprends",
        "langue dure",
        "la langue de ma mère",
        "onu",  # one letter from « non » and « oui »: short answers are to the letter
        "bon",
        "stock",
    ],
)
def test_an_everyday_word_near_an_order_is_someone_speaking(text: str) -> None:
    assert keyword(text) is None


def test_no_word_stands_for_two_orders() -> None:
    words = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    meant: dict[str, set[str]] = {}
    for name, lists in {**words["orders"], **words["answers"]}.items():
        for word in (word for one in lists.values() for word in one):
            meant.setdefault(plain(word), set()).add(name)
    assert {word: names for word, names in meant.items() if len(names) > 1} == {}


def test_no_text_that_people_sent_is_taken_for_an_order() -> None:
    labelled = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(LABELLED.glob("*.yaml"))]
    texts = [text for one in labelled for lists in one.values() if isinstance(lists, list) for text in lists]
    assert len(texts) > 250
    assert [text for text in texts if keyword(text) is not None] == []
