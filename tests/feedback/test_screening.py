"""Screening for sexual exploitation and abuse: hardly anything missed, ordinary matters left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.screening import HELD_OUT
from feedback.screening import WORD_LISTS, built_in, folded
from feedback.screening_set import LABELLED, Share, found_by, messages, of_language, share

# As written; what was changed since is in test_screening_words.
suggests_sea = built_in().found_in
LANGUAGES = sorted({one.language for one in messages()})
# Share that is found of all disclosures kept apart, and raised of the rest: what was measured when they were written,
# less what a change elsewhere may cost. They are no target: nobody tunes on them.
HELD_OUT_FOUND, HELD_OUT_RAISED = 0.48, 0.15


def _shares(language: str) -> tuple[Share, Share]:
    found = found_by(built_in())
    return tuple(share(found, of_language(language, discloses=discloses)) for discloses in (True, False))  # type: ignore[return-value]


def test_every_word_list_has_messages_of_every_kind_in_both_parts() -> None:
    for folder in (LABELLED, HELD_OUT):
        kinds = {(one.language, one.kind) for one in messages(folder)}
        assert kinds == {
            (path.stem, kind)
            for path in WORD_LISTS.glob("*.yaml")
            for kind in ("explicit", "oblique", "ordinary", "alike")
        }


def test_french_is_the_largest_and_nothing_stands_in_both_parts() -> None:
    largest = max(LANGUAGES, key=lambda language: len(of_language(language, discloses=True)))
    assert largest == "fra"
    assert not {one.text for one in messages()} & {one.text for one in messages(HELD_OUT)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_nineteen_in_twenty_disclosures_are_found_and_at_most_one_other_in_five_is_raised(
    language: str,
) -> None:
    found, raised = _shares(language)
    assert found.found >= 0.95 * found.of, [
        one.text for one in of_language(language, discloses=True) if not suggests_sea(one.text)
    ]
    assert raised.found <= 0.2 * raised.of, [
        one.text for one in of_language(language, discloses=False) if suggests_sea(one.text)
    ]


def test_what_was_kept_apart_is_found_as_often_as_when_it_was_first_measured() -> None:
    kept_apart = messages(HELD_OUT)
    found = {one for one in kept_apart if suggests_sea(one.text)}
    disclosures = [one for one in kept_apart if one.discloses]
    others = [one for one in kept_apart if not one.discloses]
    assert share(found, disclosures).percent >= 100 * HELD_OUT_FOUND
    assert share(found, others).percent <= 100 * HELD_OUT_RAISED


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
