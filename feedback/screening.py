"""Does a text suggest sexual exploitation or abuse by someone who brings aid (SEA)?

Word lists only, in memory, for every language at once, since people mix them. A match raises: the text goes to trained
people. No match lowers nothing: whatever is not classified yet stays restricted (DESIGN §4, facts.md §2.3).

The lists are those of `screening_words`, with what the coordination of PSEA changed since (`screening_words_kept`). A
process compiles them once for each version, and asks the database for the version alone: one row, once for a batch.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from core.reading_once import read_once
from feedback.models import ScreeningChange
from feedback.screening_entries import changed, changes_up_to
from feedback.spelling import folded
from feedback.word_lists import Raw, WordLists, read_lists

__all__ = ["WORD_LISTS", "built_in", "folded", "in_force", "lists_as_written", "suggests_sea", "version"]

WORD_LISTS = Path(__file__).parent / "screening_words"
Version = tuple[int, UUID]


def suggests_sea(text: str) -> bool:
    """True if `text`, in any of the languages of the word lists, suggests sexual exploitation or abuse."""
    return in_force().found_in(text)


def in_force() -> WordLists:
    """The lists as they stand now."""
    known = version()
    return built_in() if known is None else _as_of(known)


@cache
def built_in() -> WordLists:
    """The lists as they are written in their files."""
    return WordLists.of(lists_as_written())


@cache
def lists_as_written() -> tuple[Raw, ...]:
    return (*read_lists(WORD_LISTS), *read_lists(settings.COUNTRY.path("screening_words")))


@read_once
def version() -> Version | None:
    """The number and the id of the latest change; None if there was none. The id tells one database from another."""
    return ScreeningChange.objects.order_by("-number").values_list("number", "pk").first()


@lru_cache(maxsize=2)
def _as_of(known: Version) -> WordLists:
    """Compiles the languages that were changed; the others are as written."""
    lists, changes = built_in(), changes_up_to(known[0])
    for raw in lists_as_written():
        ours = [one for one in changes if one.entry.language == raw["language"]]
        if ours:
            lists = lists.with_list(changed(raw, ours))
    return lists
