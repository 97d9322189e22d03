"""Does a text suggest sexual exploitation or abuse by someone who brings aid (SEA)?

Word lists only, in memory, for every language at once, since people mix them. A match raises: the text goes to trained
people. No match lowers nothing: whatever is not classified yet stays restricted (DESIGN §4, facts.md §2.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from feedback.spelling import folded, plain

__all__ = ["folded", "suggests_sea"]

WORD_LISTS = Path(__file__).parent / "screening_words"
_GAP = r"(?: \w+){0,4}"


@dataclass(frozen=True)
class _Pair:
    """Two lists whose words mean little alone and much within `within` words of each other."""

    one: re.Pattern[str]
    other: re.Pattern[str]
    within: int

    def found_in(self, words: str) -> bool:
        """True if a word of each list stands near enough in `words` (folded text)."""
        ones = _places(self.one, words)
        return bool(ones) and any(
            _distance(one, other) <= self.within for other in _places(self.other, words) for one in ones
        )


@dataclass(frozen=True)
class _WordList:
    """One language, compiled."""

    ignore: re.Pattern[str] | None
    alone: re.Pattern[str]
    pairs: tuple[_Pair, ...]

    def found_in(self, words: str) -> bool:
        """True if `words` (folded text) holds anything of this list."""
        rest = self.ignore.sub(" ", words) if self.ignore else words
        return bool(self.alone.search(rest)) or any(pair.found_in(rest) for pair in self.pairs)


def suggests_sea(text: str) -> bool:
    """True if `text`, in any of the languages of the word lists, suggests sexual exploitation or abuse."""
    words = folded(_longhand(plain(text)))
    return any(word_list.found_in(words) for word_list in _word_lists())


def _longhand(words: str) -> str:
    return " ".join(_shorthand().get(word, word) for word in words.split(" "))


@cache
def _raw_lists() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(path.read_text("utf-8")) for path in sorted(WORD_LISTS.glob("*.yaml")))


@cache
def _shorthand() -> dict[str, str]:
    return {plain(short): full for raw in _raw_lists() for short, full in raw.get("shorthand", {}).items()}


@cache
def _word_lists() -> tuple[_WordList, ...]:
    return tuple(_compiled(raw) for raw in _raw_lists())


def _compiled(raw: dict[str, Any]) -> _WordList:
    return _WordList(
        ignore=_any_of(raw["ignore"]) if raw["ignore"] else None,
        alone=_any_of(raw["alone"]),
        pairs=tuple(_Pair(_any_of(p["one_of"]), _any_of(p["with"]), p["within"]) for p in raw["pairs"]),
    )


def _any_of(entries: list[str]) -> re.Pattern[str]:
    by_length = sorted({_expression(entry) for entry in entries}, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(by_length) + r")\b")


def _expression(entry: str) -> str:
    """One entry of a list as an expression over folded text: `*` any ending, `~` up to four words."""
    parts = [_GAP if part == "~" else " " + _stem(part) for part in entry.split()]
    return "".join(parts).removeprefix(" ")


def _stem(part: str) -> str:
    return re.escape(folded(part)).replace(r"\ ", " ") + (r"\w*" if part.endswith("*") else "")


def _places(pattern: re.Pattern[str], words: str) -> list[tuple[int, int]]:
    """Where `pattern` matches: the number of its first and last word."""
    return [
        (words.count(" ", 0, m.start()), words.count(" ", 0, m.end()))  # word numbers, not letters
        for m in pattern.finditer(words)
    ]


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0], other[0]) - min(one[1], other[1])
