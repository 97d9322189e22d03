"""What another organisation hands over, under a name by which it is taken in once; from a file or from its system."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.index import drawn_hash, keyed_hash
from core.spelling import plain
from directory.models import Organisation
from feedback.actions.receive import Spoken
from feedback.screening import suggests_sea
from feedback.source_keys import receipt_number
from feedback.source_words import KnownWords

LONGEST_ID = 120


class SaysSomethingElse(Exception):
    """Another thing of the same deposit has this id, and says something else: which is right, nobody can tell."""


@dataclass(frozen=True)
class Handed:
    """One thing, and what tells whether it says something else than the last time."""

    spoken: Spoken
    content: str

    @property
    def key(self) -> str:
        return self.spoken.source_key

    @property
    def record_key(self) -> str:
        return keyed_hash(self.key, "source-record")

    @property
    def is_delicate(self) -> bool:
        return self.spoken.is_delicate or suggests_sea(self.spoken.texts)


class HandingOver:
    """One deposit of one source: reads thing after thing, for which is a repeat shows in those before.

    `undecided`: words for categories that nobody has decided, and how often they came.
    """

    def __init__(self, source: Organisation, at: datetime) -> None:
        self.source, self.at, self.words = source, at, KnownWords(source)
        self.undecided: Counter[str] = Counter()
        self.ids: dict[str, str] = {}
        self.alike: Counter[str] = Counter()

    def hand(self, spoken: Spoken, *, word: str, their_id: str) -> Handed:
        """In: what was read, how the source sorts it, its own id or "". Raises SaysSomethingElse."""
        content, meaning = _content_of(spoken, word), self.words.meaning(word)
        key = self._key(their_id, content)
        category = meaning.category
        if meaning.is_undecided:
            self.undecided[word] += 1
        said = replace(
            spoken,
            source_key=key,
            receipt_number=receipt_number(key),
            received_at=self.at,
            source=self.source,
            source_reference=their_id,
            entered_for=self.source,
            category=None if meaning.is_delicate else category,
            is_delicate=meaning.is_delicate,
            restricted_kind=category.restricted_kind if category is not None else "",
            note=_note(word) if category is None or meaning.is_delicate else "",
        )
        return Handed(said, content)

    def _key(self, their_id: str, content: str) -> str:
        """Their id, whose case and spaces do not count; else what it says: two that say the same are two people."""
        name = " ".join(their_id.split()).casefold()
        if not name:
            self.alike[content] += 1
            return f"ingest:{self.source.pk}:said:{content}:{self.alike[content]}"
        if self.ids.setdefault(name, content) != content:
            raise SaysSomethingElse
        return f"ingest:{self.source.pk}:id:{name}"


def _content_of(spoken: Spoken, word: str) -> str:
    """A keyed hash of what matters: the words, when, where, how the source sorts it, and the consent.

    Under the first key of the ring alone: what has no id is named by it, and must be known again.
    """
    day = timezone.localdate(spoken.said_at).isoformat() if spoken.said_at is not None else ""
    pcode = spoken.place.pcode if spoken.place is not None else ""
    said = [spoken.words.strip(), day, pcode, spoken.place_said, plain(word), str(spoken.objects_to_sharing)]
    return drawn_hash("\x1f".join(said), "source-content", keys=1)


def _note(word: str) -> str:
    """For whoever sorts it, where no category says it; the screening reads it too."""
    with override(settings.LANGUAGE_CODE):
        return _("Catégorie chez la source : %(word)s") % {"word": word} if word else ""
