"""A labelled set of invented messages, and what share of it word lists find.

It says how the lists do on these messages and on no others: a trained person's question at triage is the second net.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from feedback.word_lists import WordLists

# The lists may be tuned on these. Those kept apart stand in `bench/screening_held_out`.
LABELLED = Path(__file__).parent / "screening_labelled"
DISCLOSE = ("explicit", "oblique")
HARMLESS = ("ordinary", "alike")


@dataclass(frozen=True)
class Invented:
    """One message. `kind`: explicit or oblique when it discloses SEA, ordinary or alike (words that look close)."""

    language: str
    kind: str
    text: str

    @property
    def discloses(self) -> bool:
        return self.kind in DISCLOSE


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    found: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.found / self.of if self.of else 0.0


@cache
def messages(folder: Path = LABELLED) -> tuple[Invented, ...]:
    """Every message of a folder (`<language>.yaml`), in order of language."""
    raws = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return tuple(
        Invented(raw["language"], kind, text) for raw in raws for kind in (*DISCLOSE, *HARMLESS) for text in raw[kind]
    )


@lru_cache(maxsize=4)
def found_by(lists: WordLists) -> frozenset[Invented]:
    """Which messages of the labelled set these lists find."""
    return frozenset(one for one in messages() if lists.found_in(one.text))


def share(found: Iterable[Invented], among: Iterable[Invented]) -> Share:
    """How many of `among` stand in `found`."""
    known, every = set(found), list(among)
    return Share(sum(one in known for one in every), len(every))


def of_language(language: str, *, discloses: bool) -> list[Invented]:
    """The disclosures, or the others, of one language of the labelled set."""
    return [one for one in messages() if one.language == language and one.discloses == discloses]
