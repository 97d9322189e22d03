"""The few words people send as orders: AIDE, SUIVI ‹number›, STOP, START, LANGUE, REOUVRIR ‹number›, ANNULER ‹number›.

Anything else is someone speaking, and is kept as such: a word that only begins or ends a longer text orders nothing.
The words themselves, in every language, are `data/keywords.yaml`; a country may add a `keywords.yaml` of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml
from django.conf import settings

from core.spelling import plain
from feedback.languages import named

Name: TypeAlias = Literal["help", "status", "stop", "start", "language", "reopen", "withdraw", "yes", "no", "partly"]

FILE = Path(__file__).parent / "data" / "keywords.yaml"
NUMBER_LENGTH = 12
# Below five letters one slip makes another word.
SHORTEST_WITH_A_SLIP = 5
TAKE_A_NUMBER = ("status", "reopen", "withdraw")
_COURTESY = re.compile(r"\b(?:merci|svp|stp|s il vous plait|please|i ni ce)\b")
_SAID_BEFORE_A_NUMBER = re.compile(
    r"\b(?:numeros?|numero|num|no|n|nimoro|limngal|nimero|code|de|du|le|mon|ma|message|dossier)\b"
)
_LOOKS_LIKE_DIGITS = str.maketrans({"o": "0", "l": "1", "i": "1"})
_NUMBER_AT_THE_END = re.compile(r"((?:(?<![^\W\d_])[oli])?\d[\doli ]*)$")
_SAID_BEFORE_A_LANGUAGE = re.compile(r"^(?:en|le|la|l|du|de|in|numero|no|n) ")


@dataclass(frozen=True)
class Command:
    """An order, or a short answer. `number`: what followed SUIVI, digits only, of any length: the caller checks it.

    `choice`: the language that followed LANGUE, by its name (ISO 639-3) or its place in the menu ("2").
    """

    name: Name
    number: str | None = None
    choice: str = ""


def keyword(text: str) -> Command | None:
    """The order in `text`, or None when someone is speaking. A 12-digit number alone asks where that message is."""
    words = " ".join(_COURTESY.sub(" ", evened(text)).split())
    if name := _order(words):
        return Command(name)
    return _with_language(words) or _with_number(words)


def evened(text: str) -> str:
    """Letters and digits only; any digits (Arabic ones too) become 0–9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in plain(text))


def _with_language(words: str) -> Command | None:
    order, _space, choice = words.partition(" ")
    if not choice or _order(order) != "language":
        return None
    choice = _SAID_BEFORE_A_LANGUAGE.sub("", choice)
    chosen = choice if choice.isdecimal() else named(choice)
    return Command("language", choice=chosen) if chosen else None


def _with_number(words: str) -> Command | None:
    found = _NUMBER_AT_THE_END.search(words)
    if not found:
        return None
    number = found.group(1).replace(" ", "").translate(_LOOKS_LIKE_DIGITS)
    before = words[: found.start()].strip()
    said = " ".join(_SAID_BEFORE_A_NUMBER.sub(" ", before).split())
    # as it was written first: "man no a too" holds a word that elsewhere stands before a number
    name = _order(before) or _order(said)
    if name in TAKE_A_NUMBER:
        return Command(name, number)
    return Command("status", number) if not said and len(number) == NUMBER_LENGTH else None


def _order(words: str) -> Name | None:
    """The order that these words are, one slip allowed in a longer one unless it makes an everyday word."""
    if name := _table().get(words):
        return name
    if len(words) < SHORTEST_WITH_A_SLIP or words in _everyday():
        return None
    near = {name for word, name in _long_words() if is_one_slip_away(words, word)}
    return near.pop() if len(near) == 1 else None


def is_one_slip_away(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, makes the one into the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    more = settings.COUNTRY.path("keywords.yaml")
    if more.is_file():
        for part, groups in yaml.safe_load(more.read_text(encoding="utf-8")).items():
            for name, words in groups.items():
                loaded[part][name] |= words
    return loaded


@cache
def _table() -> dict[str, Name]:
    groups = {**_words()["orders"], **_words()["answers"]}
    return {plain(word): name for name, lists in groups.items() for words in lists.values() for word in words}


@cache
def _long_words() -> tuple[tuple[str, Name], ...]:
    """Single words long enough for a slip. Short answers are taken to the letter."""
    answers = _words()["answers"]
    return tuple(
        (word, name)
        for word, name in _table().items()
        if name not in answers and len(word) >= SHORTEST_WITH_A_SLIP and " " not in word
    )


@cache
def _everyday() -> frozenset[str]:
    return frozenset(plain(word) for word in _words()["ordinary"])
