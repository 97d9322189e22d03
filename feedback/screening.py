"""Does a text suggest sexual exploitation or abuse by someone who brings aid (SEA)?

Word lists only, in memory, for every language at once, since people mix them. A match raises: the text goes to trained
people. No match lowers nothing: whatever is not classified yet stays restricted (DESIGN §4, facts.md §2.3).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from feedback.spelling import folded
from feedback.word_lists import WordLists

__all__ = ["folded", "suggests_sea"]

WORD_LISTS = Path(__file__).parent / "screening_words"


def suggests_sea(text: str) -> bool:
    """True if `text`, in any of the languages of the word lists, suggests sexual exploitation or abuse."""
    return _lists().found_in(text)


@cache
def _lists() -> WordLists:
    return WordLists(WORD_LISTS)
