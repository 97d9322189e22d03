"""The fixed texts sent by SMS: complete, neutral, one segment where a segment is promised."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
import yaml

from core.sms_encoding import measure
from feedback.languages import menu_line, name_of
from feedback.neutral import telling_words
from feedback.sms_texts import delays, receipt_for
from feedback.usual_delay import Delay

pytestmark = pytest.mark.once

SMS = Path(__file__).resolve().parents[2] / "countries" / "mali" / "sms"
APPROVAL = yaml.safe_load((SMS / "approval.yaml").read_text(encoding="utf-8"))
NAMES = {
    "receipt",
    "status_received",
    "status_in_progress",
    "status_answered",
    "status_unknown",
    "number_mistyped",
    "help",
    "stopped",
    "restarted",
    "answer_waiting",
    "settled_question",
    "settled_thanks",
    "reopened",
    "added",
    "receipt_urgent",
    "urgent",
    "language_question",
    "language_set",
    "language_noted",
    "withdraw_question",
    "withdrawn",
    "withdraw_kept",
    "ask_place",
    "ask_safe_contact",
    "ask_contact",
    "answer_noted",
}
FILES = sorted(SMS.glob("*/*.txt"))
SAMPLE = {
    "number": "1234 5678 9012",
    "url": "https://jaabi.example.org/suivi/",
    "urgent": "80001234",
    "chosen": name_of("bam"),
    "languages": menu_line(),
}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def _language_and_name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_french_has_every_text_and_no_other() -> None:
    assert {path.stem for path in (SMS / "fra").glob("*.txt")} == NAMES


def test_every_language_folder_is_marked_approved_or_not() -> None:
    assert set(APPROVAL["approved"]) == {path.name for path in SMS.iterdir() if path.is_dir()}
    assert {language for language, yes in APPROVAL["approved"].items() if yes} == {"fra", "eng"}


def test_a_language_without_approval_falls_back_to_an_approved_one() -> None:
    assert APPROVAL["approved"][APPROVAL["fallback"]] is True


def test_an_approved_language_has_every_text() -> None:
    approved = [language for language, yes in APPROVAL["approved"].items() if yes]
    assert {lang: {p.stem for p in (SMS / lang).glob("*.txt")} for lang in approved} == dict.fromkeys(approved, NAMES)


@pytest.mark.parametrize("path", FILES, ids=_language_and_name)
def test_a_text_has_the_placeholders_of_the_french_one(path: Path) -> None:
    assert _placeholders(_text(path)) == _placeholders(_text(SMS / "fra" / path.name))


@pytest.mark.parametrize("path", FILES, ids=_language_and_name)
def test_a_text_is_one_line_of_words(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == _text(path) + "\n"
    assert "\n" not in _text(path)
    assert _text(path)


@pytest.mark.parametrize("path", FILES, ids=_language_and_name)
def test_no_text_says_what_the_matter_is_or_whom_it_concerns(path: Path) -> None:
    assert telling_words(_text(path)) == set()


@pytest.mark.parametrize(
    "leak", ["Votre plainte {number} est reçue", "Your complaint", "OCHA vous répond", "SEA", "شكوى"]
)
def test_the_forbidden_words_are_found_when_they_are_there(leak: str) -> None:
    assert telling_words(leak)


@pytest.mark.parametrize("language", ["fra", "eng"])
@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_approved_text_is_one_gsm7_segment_once_filled(language: str, name: str) -> None:
    cost = measure(_text(SMS / language / f"{name}.txt").format(**SAMPLE))
    assert (cost.encoding, cost.segments) == ("GSM-7", 1)


@pytest.mark.parametrize("language", ["fra", "eng"])
@pytest.mark.parametrize("delay", Delay.values)
def test_a_receipt_is_one_segment_whatever_the_usual_delay_and_says_all_that_the_other_one_says(
    db: None, language: str, delay: str
) -> None:
    number = SAMPLE["number"].replace(" ", "")
    with_it, _language = receipt_for(language, number=number, delay=delay)
    assert (measure(with_it).encoding, measure(with_it).segments) == ("GSM-7", 1)
    assert delays(language).words[delay] in with_it
    for said in (SAMPLE["number"], "SUIVI", {"fra": "Transmis sans votre nom", "eng": "without your name"}[language]):
        assert said in with_it
        assert said in receipt_for(language, number=number, delay="")[0]


def test_the_words_of_a_delay_are_neutral_and_each_approved_language_has_them_all() -> None:
    written = {path.parent.name for path in SMS.glob("*/delays.yaml")}
    assert written >= {language for language, yes in APPROVAL["approved"].items() if yes}
    for language in written:
        said = delays(language)
        assert set(said.words) == set(Delay.values)
        assert [text for text in (said.receipt, *said.words.values()) if telling_words(text)] == []
        assert _placeholders(said.receipt) == {"number", "delay"}


@pytest.mark.parametrize("path", FILES, ids=_language_and_name)
def test_no_text_costs_more_than_three_segments(path: Path) -> None:
    assert measure(_text(path).format(**SAMPLE)).segments <= 3


def test_the_receipt_and_the_waiting_answer_say_the_word_to_send() -> None:
    for language in APPROVAL["approved"]:
        assert "SUIVI" in _text(SMS / language / "receipt.txt")
        assert "SUIVI" in _text(SMS / language / "answer_waiting.txt")
