"""Entries of the screening's lists: as written in their files, and as they were changed since."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.sealing import SealBroken
from feedback.enums import WordAct, WordEffect
from feedback.models import ScreeningChange
from feedback.word_lists import Raw, expression_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One word or phrase of one language's list, with `*` for any ending and `~` for up to four words between."""

    language: str
    effect: str
    words: str

    @property
    def key(self) -> tuple[str, str]:
        """Two entries with one key find the same."""
        return self.effect, expression_of(self.words)


@dataclass(frozen=True)
class Change:
    """What was done with an entry, or is about to be. `lowers`: fewer messages are sealed because of it."""

    entry: Entry
    act: str

    @property
    def lowers(self) -> bool:
        return (self.entry.effect == WordEffect.RAISES) == (self.act == WordAct.SWITCH_OFF)


@dataclass(frozen=True)
class Standing:
    """An entry as it stands."""

    entry: Entry
    is_on: bool
    is_built_in: bool


def changes_up_to(number: int) -> list[Change]:
    """The changes with that number and those before, oldest first. One that no key opens any more is left out."""
    return [change for row in ScreeningChange.objects.filter(number__lte=number) if (change := _opened(row))]


def as_written(raw: Raw) -> Iterator[Entry]:
    """The entries of a file; one that stands in several of its lists comes several times."""
    for words in raw["ignore"]:
        yield Entry(raw["language"], WordEffect.SPARES, words)
    for words in (*raw["alone"], *(word for pair in raw["pairs"] for word in (*pair["one_of"], *pair["with"]))):
        yield Entry(raw["language"], WordEffect.RAISES, words)


def standing(raw: Raw, changes: Iterable[Change]) -> dict[tuple[str, str], Standing]:
    """Every entry of one language as its changes left it, by key."""
    found = {entry.key: Standing(entry, is_on=True, is_built_in=True) for entry in as_written(raw)}
    for change in changes:
        before = found.get(change.entry.key)
        found[change.entry.key] = Standing(
            before.entry if before else change.entry,
            is_on=change.act != WordAct.SWITCH_OFF,
            is_built_in=before is not None and before.is_built_in,
        )
    return found


def changed(raw: Raw, changes: Iterable[Change]) -> Raw:
    """The list of one language with what was added to it, and without what was switched off."""
    now = standing(raw, changes)
    off = {key for key, one in now.items() if not one.is_on}
    added = [one.entry for one in now.values() if one.is_on and not one.is_built_in]

    def kept(effect: WordEffect, entries: Iterable[str]) -> list[str]:
        return [words for words in entries if (effect, expression_of(words)) not in off]

    return {
        **raw,
        "ignore": kept(WordEffect.SPARES, raw["ignore"]) + _of(WordEffect.SPARES, added),
        "alone": kept(WordEffect.RAISES, raw["alone"]) + _of(WordEffect.RAISES, added),
        "pairs": [
            {**pair, "one_of": kept(WordEffect.RAISES, pair["one_of"]), "with": kept(WordEffect.RAISES, pair["with"])}
            for pair in raw["pairs"]
        ],
    }


def _of(effect: WordEffect, entries: Iterable[Entry]) -> list[str]:
    return [entry.words for entry in entries if entry.effect == effect]


def _opened(row: ScreeningChange) -> Change | None:
    try:
        return Change(Entry(row.language, row.effect, row.unsealed("entry")), row.act)
    except SealBroken:
        # A message must not wait because of a word of a list.
        logger.exception("a change of the word lists cannot be opened", extra={"number": row.number})
        return None
