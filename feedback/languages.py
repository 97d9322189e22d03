"""The languages we write in: what they are called, and which one somebody writes to us.

Our own lists of small words tell the national languages; `py3langid` tells French, Arabic and English. All of it in
memory, none of it logged. Not knowing is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from core.spelling import plain
from directory.enums import Language

FILE = settings.COUNTRY.path("languages.yaml")
TOLD_BY_THE_LIBRARY = {"fr": Language.FRENCH.value, "ar": Language.ARABIC.value, "en": Language.ENGLISH.value}
# Fewer letters than this tell nothing, and a library that is not nearly sure is not believed.
FEWEST_LETTERS = 15
LEAST_SURE = 0.9
FEWEST_WORDS, LEAST_SHARE = 2, 0.2
SCRIPTS = (
    ("\u07c0", "\u07ff", Language.BAMBARA.value),  # N'Ko
    ("\u2d30", "\u2d7f", Language.TAMASHEQ.value),  # Tifinagh
)


def menu() -> tuple[str, ...]:
    """The languages of the menu (ISO 639-3), in its order: 1, 2, 3 …"""
    return tuple(_languages())


def menu_line() -> str:
    """« 1 Francais 2 Bamanankan … », as sent."""
    return " ".join(f"{at} {name_of(code)}" for at, code in enumerate(menu(), start=1))


def name_of(language: str) -> str:
    """What its speakers call it."""
    known = _languages().get(language)
    return str(known["name"]) if known else str(Language(language).label)


def named(words: str) -> str:
    """The language that these words name, "" if none."""
    return _names().get(plain(words), "")


def chosen(words: str) -> str:
    """The language that these words choose, by its name or its place in the menu; "" if neither."""
    said = plain(words)
    if said.isdecimal() and said.isascii():
        place = int(said) if len(said) == 1 else 0
        return menu()[place - 1] if 0 < place <= len(menu()) else ""
    return named(said)


def heard_in(text: str) -> str:
    """The language somebody writes (ISO 639-3), "" when it cannot be told."""
    return _by_script(text) or _by_words(text) or _by_library(text)


def _by_script(text: str) -> str:
    letters = [sign for sign in text if sign.isalpha()]
    for first, last, language in SCRIPTS:
        if sum(first <= sign <= last for sign in letters) * 2 > len(letters):
            return language
    return ""


def _by_words(text: str) -> str:
    said = plain(text).split()
    scores = {language: len(words & set(said)) for language, words in _small_words().items()}
    shares = {language: sum(word in words for word in said) for language, words in _small_words().items()}
    best = max(scores, key=lambda language: (scores[language], shares[language]))
    second = max(score for language, score in scores.items() if language != best)
    sure = scores[best] >= FEWEST_WORDS and shares[best] >= LEAST_SHARE * len(said) and scores[best] > second
    return best if sure else ""


def _by_library(text: str) -> str:
    """Among every language it knows: what is none of the three is not taken for one of them."""
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        return ""
    language, sure = _identify()(text)
    return TOLD_BY_THE_LIBRARY.get(language, "") if sure >= LEAST_SURE else ""


@cache
def _identify() -> Callable[[str], tuple[str, float]]:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classify: Callable[[str], tuple[str, float]] = identifier.classify
    return classify


@cache
def _languages() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def _names() -> dict[str, str]:
    return {plain(name): code for code, about in _languages().items() for name in about["called"]}


@cache
def _small_words() -> dict[str, frozenset[str]]:
    lists = {code: about["words"] for code, about in _languages().items() if "words" in about}
    return {code: frozenset(part for word in words for part in plain(word).split()) for code, words in lists.items()}
