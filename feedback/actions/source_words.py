"""Deciding what a source's words mean; and noting those that came in by themselves, for somebody to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.inserting import insert_once
from core.transitions import Refused
from directory.models import Organisation, User
from feedback.models import Category, SourceWord
from feedback.source_words import LONGEST, hash_of, may_mean

MOST_UNDECIDED = 200


@transaction.atomic
def decide_words(
    source: Organisation, decisions: Mapping[str, Category | None], *, by: User, at: datetime | None = None
) -> None:
    """In: by word, our category, or None: the listening team sorts each by hand. What came before stays as it is.

    Raises Refused for a word that suggests abuse, and would be for everybody.
    """
    for word, category in decisions.items():
        if not may_mean(word, category):
            raise Refused(_("Ce mot demande une catégorie scellée ou restreinte."))
        row = _row(source, word)
        row.category, row.decided_at, row.decided_by = category, at or timezone.now(), by
        row.save()
        audit.record(
            "feedback.source_word.decide",
            by=by,
            target=row,
            at=at,
            source=source.pk,
            category=category.code if category is not None else "",
        )


def note_words(source: Organisation, words: Iterable[str]) -> None:
    """Lists words that nobody decided yet, as long as the list can be gone through."""
    room = MOST_UNDECIDED - SourceWord.objects.filter(source=source, decided_at=None).count()
    for word in list(dict.fromkeys(words))[: max(0, room)]:
        _row(source, word)


def _row(source: Organisation, word: str) -> SourceWord:
    key = hash_of(source, word)
    known = SourceWord.objects.select_for_update().filter(word_hash=key).first() if key.older else None
    if known is not None:
        return known
    row = SourceWord(source=source, word_hash=key)
    row.seal(word=word[:LONGEST])
    return row if insert_once(row) else SourceWord.objects.select_for_update().get(word_hash=key)
