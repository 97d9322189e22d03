"""Screening for sexual exploitation and abuse: hardly anything missed, ordinary matters left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feedback.screening import WORD_LISTS, folded, suggests_sea

LABELLED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "screening_labelled.yaml").read_text(encoding="utf-8")
)
LANGUAGES = sorted(LABELLED)


def _missed(language: str) -> list[str]:
    return [text for text in LABELLED[language]["sea"] if not suggests_sea(text)]


def _raised_in_vain(language: str) -> list[str]:
    return [text for text in LABELLED[language]["ordinary"] if suggests_sea(text)]


def _count(label: str) -> int:
    return sum(len(LABELLED[language][label]) for language in LANGUAGES)


def test_the_labelled_set_is_large_and_covers_every_word_list() -> None:
    assert _count("sea") + _count("ordinary") >= 120
    assert set(LANGUAGES) == {path.stem for path in WORD_LISTS.glob("*.yaml")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_nineteen_in_twenty_are_caught(language: str) -> None:
    missed = _missed(language)
    assert len(missed) <= 0.05 * len(LABELLED[language]["sea"]), missed


def test_precision_over_the_labelled_set_is_reported_and_at_least_four_in_five(
    record_property: Callable[[str, object], None],
) -> None:
    caught = _count("sea") - sum(len(_missed(language)) for language in LANGUAGES)
    in_vain = [text for language in LANGUAGES for text in _raised_in_vain(language)]
    precision = caught / (caught + len(in_vain))
    record_property("precision", round(precision, 3))
    assert precision >= 0.8, in_vain


def test_messages_the_lists_were_not_written_from_are_caught_one_time_in_two(
    record_property: Callable[[str, object], None],
) -> None:
    held_out = LABELLED["fra"]["held_out"]
    caught = sum(suggests_sea(text) for text in held_out)
    record_property("recall on messages held out", round(caught / len(held_out), 3))
    assert caught >= len(held_out) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_more_than_one_ordinary_message_in_ten_is_raised(language: str) -> None:
    raised = _raised_in_vain(language)
    assert len(raised) <= 0.1 * len(LABELLED[language]["ordinary"]), raised


@pytest.mark.parametrize(
    "text", ["violet", "violette", "violon", "Les couches du bébé", "un corps de métier", "accouchement"]
)
def test_a_word_that_only_looks_alike_is_left_alone(text: str) -> None:
    assert not suggests_sea(text)


@pytest.mark.parametrize(
    "text",
    [
        "VIOL",
        "viol",
        "Viól",
        "v1ol",
        "viooool",
        "v i o l",
        "v.i.o.l",
        "viol!!!",
        "un  viol\x00",
        "\u202eviol",
        "violée",
    ],
)
def test_spelling_hides_nothing(text: str) -> None:
    assert suggests_sea(text)


def test_both_bambara_spellings_come_to_the_same_letters() -> None:
    assert folded("kafoɲɔgɔnya") == folded("kafònyògònya") == folded("KAFOGNOGONYA")


def test_case_accents_doubles_sounds_and_digits_are_evened_out() -> None:
    assert folded("  Le  PHARMACIEN, m'a quitté !  ") == "le farmasien m a kite"
    assert folded("v1ol en 2021") == "viol en 2021"


def test_an_ignored_word_does_not_hide_the_rest_of_the_message() -> None:
    assert suggests_sea("Le pagne violet. Il demande mon corps contre le riz")


def test_two_words_of_a_pair_far_apart_say_nothing() -> None:
    assert suggests_sea("une chambre pour la carte")
    assert not suggests_sea("une chambre " + "mot " * 30 + "la carte")


@pytest.mark.parametrize("text", ["", " ", "\x00", "👍", "ߒߞߏ", "1234 5678 9012", "?"])
def test_a_text_without_words_is_not_raised(text: str) -> None:
    assert not suggests_sea(text)


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert suggests_sea(text) in {True, False}


@given(st.text(max_size=200))
def test_what_is_raised_stays_raised_in_a_longer_message(text: str) -> None:
    assert suggests_sea(f"{text} . viol d'une fille")


def test_a_ten_kilobyte_message_is_screened_in_a_moment() -> None:
    suggests_sea("compile the lists first")
    text = "il demande aux femmes de venir la nuit, le chef donne la carte " * 160
    started = time.perf_counter()
    suggests_sea(text[:10_000])
    assert time.perf_counter() - started < 1
