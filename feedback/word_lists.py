"""Lists of words, one file per language, tried on a text in all languages at once: people mix them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.spelling import plain
from feedback.spelling import folded

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


class WordLists:
    """Every list of one folder (`<language>.yaml`), read and compiled once."""

    def __init__(self, folder: Path) -> None:
        raw: list[dict[str, Any]] = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
        self._shorthand = {plain(short): full for one in raw for short, full in one.get("shorthand", {}).items()}
        self._lists = [_compiled(one) for one in raw]

    def found_in(self, text: str) -> bool:
        """True if `text` holds anything of any list."""
        words = folded(" ".join(self._shorthand.get(word, word) for word in plain(text).split(" ")))
        return any(one.found_in(words) for one in self._lists)


def _compiled(raw: dict[str, Any]) -> _WordList:
    return _WordList(
        ignore=_any_of(raw["ignore"]) if raw["ignore"] else None,
        alone=_any_of(raw["alone"]),
        pairs=tuple(_Pair(_any_of(p["one_of"]), _any_of(p["with"]), p["within"]) for p in raw["pairs"]),
    )


def _any_of(entries: list[str]) -> re.Pattern[str]:
    by_length = sorted({_expression(entry) for entry in entries}, key=len, reverse=True)
    return re.compile(r"\b(?:" + _by_first_letter(by_length) + r")\b")


def _by_first_letter(expressions: list[str]) -> str:
    """The same alternatives; at a word only those are tried that begin as it does."""
    found: dict[str, list[str]] = {}
    for one in expressions:
        found.setdefault(one[0] if one[0].isalnum() else one, []).append(one)
    return "|".join(
        f"{first}(?:{'|'.join(one[1:] for one in group)})" if len(group) > 1 else group[0]
        for first, group in found.items()
    )


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
