"""The languages we write in: what they are called, and which one somebody writes to us.

Our own lists of small words tell the national languages; `py3langid` tells French, Arabic and English. All of it in
memory, none of it logged. Not knowing is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from core.spelling import plain
from directory.languages import ARABIC, ENGLISH, FRENCH, language_label, spoken

TOLD_BY_THE_LIBRARY = {"fr": FRENCH, "ar": ARABIC, "en": ENGLISH}
# Fewer letters than this tell nothing, and a library that is not nearly sure is not believed.
FEWEST_LETTERS = 15
LEAST_SURE = 0.9
FEWEST_WORDS, LEAST_SHARE = 2, 0.2


def menu() -> tuple[str, ...]:
    """The languages of the menu (ISO 639-3), in its order: 1, 2, 3 …"""
    return tuple(code for code, about in spoken().items() if "name" in about)


def menu_line() -> str:
    """« 1 Francais 2 Bamanankan … », as sent."""
    return " ".join(f"{at} {name_of(code)}" for at, code in enumerate(menu(), start=1))


def name_of(language: str) -> str:
    """What its speakers call it."""
    return str(spoken().get(language, {}).get("name") or language_label(language))


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
    for language, (first, last) in _scripts().items():
        if sum(first <= sign <= last for sign in letters) * 2 > len(letters):
            return language
    return ""


def _by_words(text: str) -> str:
    said = plain(text).split()
    if not _small_words():
        return ""
    scores = {language: len(words & set(said)) for language, words in _small_words().items()}
    shares = {language: sum(word in words for word in said) for language, words in _small_words().items()}
    best = max(scores, key=lambda language: (scores[language], shares[language]))
    second = max((score for language, score in scores.items() if language != best), default=0)
    sure = scores[best] >= FEWEST_WORDS and shares[best] >= LEAST_SHARE * len(said) and scores[best] > second
    return best if sure else ""


def _by_library(text: str) -> str:
    """Among every language it knows: what is none of the three is not taken for one of them."""
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        return ""
    language, sure = _identify()(text)
    told = TOLD_BY_THE_LIBRARY.get(language, "")
    return told if sure >= LEAST_SURE and told in spoken() else ""


@cache
def _identify() -> Callable[[str], tuple[str, float]]:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classify: Callable[[str], tuple[str, float]] = identifier.classify
    return classify


@cache
def _names() -> dict[str, str]:
    return {plain(name): code for code, about in spoken().items() for name in about.get("called", ())}


@cache
def _scripts() -> dict[str, tuple[str, str]]:
    """Letters in which only one language of the country is written: from which sign to which."""
    return {code: (about["script"][0], about["script"][-1]) for code, about in spoken().items() if "script" in about}


@cache
def _small_words() -> dict[str, frozenset[str]]:
    lists = {code: about["words"] for code, about in spoken().items() if "words" in about}
    return {code: frozenset(part for word in words for part in plain(word).split()) for code, words in lists.items()}
