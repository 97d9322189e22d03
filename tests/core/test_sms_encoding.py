"""The cost of a text is counted as the carrier counts it."""

from __future__ import annotations

import pytest

from core.sms_encoding import fold, measure


@pytest.mark.parametrize(
    ("text", "encoding", "segments", "remaining"),
    [
        ("", "GSM-7", 0, 160),
        ("a" * 160, "GSM-7", 1, 0),
        ("a" * 161, "GSM-7", 2, 145),
        ("a" * 306, "GSM-7", 2, 0),
        ("a" * 307, "GSM-7", 3, 152),
        ("ç" + "a" * 69, "UCS-2", 1, 0),
        ("ç" + "a" * 70, "UCS-2", 2, 63),
        ("àéèùìòÉÇñäöü", "GSM-7", 1, 148),
    ],
)
def test_a_text_is_cut_at_the_published_limits(text: str, encoding: str, segments: int, remaining: int) -> None:
    size = measure(text)
    assert (size.encoding, size.segments, size.remaining) == (encoding, segments, remaining)


def test_one_cedilla_turns_a_131_letter_message_from_one_segment_into_two() -> None:
    text = "Message recu. " + "a" * 117
    assert (len(text), measure(text).segments) == (131, 1)
    assert measure(text.replace("recu", "reçu")).segments == 2


def test_the_letters_that_make_it_dearer_are_named_once_in_order() -> None:
    assert measure("ça, ça et là-bas ’ɛ’").culprits == ("ç", "’", "ɛ")


def test_brackets_and_the_euro_sign_count_twice_and_are_not_cut_in_two() -> None:
    assert measure("€" * 80).segments == 1
    text = "a" * 152 + "€" + "a" * 10
    assert (measure(text).units, measure(text).segments) == (164, 2)
    assert measure(text).remaining == 153 - 12


def test_an_emoji_counts_two_units_and_is_not_cut_in_two() -> None:
    assert measure("😀" * 35).segments == 1
    assert measure("a" * 66 + "😀" + "a" * 10).remaining == 67 - 12


def test_folding_gives_the_spelling_from_before_1982_and_the_price_of_one_message() -> None:
    assert fold("kibaru sɔrɔla … nimɔrɔ") == "kibaru sòròla ... nimòrò"
    assert fold("« L’été à Gao »\u202f: reçu, forêt, cœur") == '" L\'été à Gao " : recu, foret, coeur'
    assert fold("ɲɛgɛn ŋana ɓiɗɗo ƴama") == "nyègèn ngana biddo yama"
    assert measure(fold("Soŋay ʃi ɣa")).encoding == "GSM-7"


def test_folding_leaves_what_has_no_latin_spelling() -> None:
    assert fold("شكرا ߒߞߏ") == "شكرا ߒߞߏ"
