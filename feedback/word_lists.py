"""Lists of words, one file per language, tried on a text in all languages at once: people mix them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from core.spelling import plain
from feedback.spelling import folded

_GAP = r"(?: \w+){0,4}"
# One language as its file says it: `language`, `ignore`, `alone`, `pairs`, and `shorthand` where people shorten words.
Raw: TypeAlias = Mapping[str, Any]


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
    """One language, compiled; None where nothing is listed."""

    ignore: re.Pattern[str] | None
    alone: re.Pattern[str] | None
    pairs: tuple[_Pair, ...]

    def found_in(self, words: str) -> bool:
        """True if `words` (folded text) holds anything of this list."""
        rest = self.ignore.sub(" ", words) if self.ignore else words
        found_alone = self.alone is not None and self.alone.search(rest) is not None
        return found_alone or any(pair.found_in(rest) for pair in self.pairs)


@dataclass(frozen=True, eq=False)
class WordLists:
    """Lists by language, compiled once. Nothing in it is ever changed."""

    shorthand: Mapping[str, str]
    lists: Mapping[str, _WordList]

    @classmethod
    def of(cls, raws: Iterable[Raw]) -> WordLists:
        every = list(raws)
        shorthand = {plain(short): full for raw in every for short, full in raw.get("shorthand", {}).items()}
        return cls(shorthand, {raw["language"]: _compiled(raw) for raw in every})

    def with_list(self, raw: Raw) -> WordLists:
        """The same with one language's list in place of what it was; only that one is compiled."""
        return replace(self, lists={**self.lists, raw["language"]: _compiled(raw)})

    def found_in(self, text: str) -> bool:
        """True if `text` holds anything of any list."""
        words = folded(" ".join(self.shorthand.get(word, word) for word in plain(text).split(" ")))
        return any(one.found_in(words) for one in self.lists.values())


def read_lists(folder: Path) -> list[Raw]:
    """Every list of a folder (`<language>.yaml`), in order of language."""
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]


def expression_of(entry: str) -> str:
    """One entry of a list as an expression over folded text: `*` any ending, `~` up to four words.

    Two entries that come to the same expression are the same entry.
    """
    parts = [_GAP if part == "~" else " " + _stem(part) for part in entry.split()]
    return "".join(parts).removeprefix(" ")


def _compiled(raw: Raw) -> _WordList:
    pairs = ((_any_of(p["one_of"]), _any_of(p["with"]), p["within"]) for p in raw["pairs"])
    return _WordList(
        ignore=_any_of(raw["ignore"]),
        alone=_any_of(raw["alone"]),
        pairs=tuple(_Pair(one, other, within) for one, other, within in pairs if one and other),
    )


def _any_of(entries: Iterable[str]) -> re.Pattern[str] | None:
    by_length = sorted({expression_of(entry) for entry in entries}, key=len, reverse=True)
    return re.compile(r"\b(?:" + _by_first_letter(by_length) + r")\b") if by_length else None


def _by_first_letter(expressions: list[str]) -> str:
    """The same alternatives; at a word only those are tried that begin as it does."""
    found: dict[str, list[str]] = {}
    for one in expressions:
        found.setdefault(one[0] if one[0].isalnum() else one, []).append(one)
    return "|".join(
        f"{first}(?:{'|'.join(one[1:] for one in group)})" if len(group) > 1 else group[0]
        for first, group in found.items()
    )


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
