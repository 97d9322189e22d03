"""Does a text suggest danger at this very moment? Word lists only, in memory, for every lane alike.

A match raises: a number to ring if the deployment has one, and somebody named who must call within the hour. It lowers
nothing, and moves nothing to another lane.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from feedback.deadlines import due_at
from feedback.enums import Clock
from feedback.word_lists import WordLists, read_lists

WORD_LISTS = Path(__file__).parent / "danger_words"
WITHIN = timedelta(hours=1)


def suggests_danger(text: str) -> bool:
    """True if `text`, in any of the languages of the word lists, suggests that somebody is in danger now."""
    return _lists().found_in(text)


def call_by_if_danger(text: str, now: datetime) -> datetime | None:
    """By when somebody must call whoever says this; None when it suggests no danger."""
    return call_by(now) if suggests_danger(text) else None


def call_by(now: datetime) -> datetime:
    """By when somebody must have called: the promise that is set for a threat to life, or an hour."""
    return due_at(Clock.LIFE_THREAT, now) or now + WITHIN


@cache
def _lists() -> WordLists:
    return WordLists.of([*read_lists(WORD_LISTS), *read_lists(settings.COUNTRY.path("danger_words"))])
