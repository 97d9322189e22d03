"""Recognises a machine that answers each of our texts, so that two systems do not write to each other for ever.

A machine replies at once, one reply to one text, and says the same each time or our own words. A person who writes
several messages in a row says different things, and does not wait for each of our texts to do so.

Some machines reply after hours, and people then say the same again as well: "where is it?", or the numbers of the day.
So a slow reply counts only when it is a sentence, the same to the digit as the last one, or our own words; and the
first other words end the silence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core.index import keyed_hash
from core.models import NumberPace

# Below this, halves of a text are words that anyone uses twice.
WORDS_TO_HALVE = 6
WORDS_TO_KNOW_OURS = 4
# Orders, "oui" and numbers are shorter than this: who repeats those asks, and no machine does.
WORDS_OF_A_SENTENCE = 4
OURS = "ours"
MARKS_KEPT = 6


@transaction.atomic(savepoint=False)
def heard_from(phone: str, said: str, *, at: datetime, ours: Callable[[], Iterable[str]]) -> None:
    """Notes what came from this number (E.164), and silences us towards it once it is plain that a machine answers.

    `ours` gives the texts that we send by ourselves. Of what was said only keyed hashes are kept, while it may matter.
    """
    pace = NumberPace.objects.select_for_update().filter(phone_hash=keyed_hash(phone, "phone")).first()
    if pace is None:
        return
    words = _words(said)
    left = pace.automatic_left_at
    # one reply to one text: what came before it, or follows without our writing again, is none
    is_reply = left is not None and at >= left and bool(words)
    if not is_reply and not _is_silent_for_repeats(pace):
        return
    repeated = _repeated(said, words, ours)
    if _is_silent_for_repeats(pace) and repeated != pace.repeated:
        # other words than those for which we fell silent: somebody is there
        pace.silent_until, pace.repeats, pace.repeated = None, 0, ""
        pace.save()
    if not is_reply or left is None:
        return
    if at <= left + timedelta(seconds=settings.LOOP_GUARD_REPLY_SECONDS):
        _note_reply(pace, words, at, ours)
    else:
        pace.replies, pace.marks = 0, []
    _note_repeat(pace, repeated, at)
    pace.automatic_left_at, pace.changed_at = None, at
    pace.save()


def silenced(now: datetime) -> int:
    """How many numbers we are silent towards."""
    return NumberPace.objects.filter(silent_until__gt=now).count()


def _note_reply(pace: NumberPace, words: list[str], at: datetime, ours: Callable[[], Iterable[str]]) -> None:
    """Some take turns between a few sentences: a reply is compared with the last few."""
    marks = _marks(words)
    is_alike = bool(set(marks) & set(pace.marks)) or _is_ours(words, ours())
    pace.replies, pace.marks = pace.replies + 1, [*marks, *pace.marks][:MARKS_KEPT]
    if is_alike and pace.replies >= settings.LOOP_GUARD_REPLIES:
        pace.silent_until = at + timedelta(minutes=settings.LOOP_GUARD_SILENCE_MINUTES)
        pace.replies, pace.marks = 0, []


def _note_repeat(pace: NumberPace, repeated: str, at: datetime) -> None:
    if pace.silent_until is not None and pace.silent_until > at:
        pace.repeats, pace.repeated = 0, ""  # its haste gave it away already, and other words end nothing
        return
    pace.repeats = pace.repeats + 1 if repeated and repeated == pace.repeated else int(bool(repeated))
    pace.repeated = repeated
    if _is_silent_for_repeats(pace):
        pace.silent_until = at + timedelta(minutes=settings.LOOP_GUARD_SILENCE_MINUTES)


def _is_silent_for_repeats(pace: NumberPace) -> bool:
    return bool(pace.repeats >= settings.LOOP_GUARD_REPLIES)


def _repeated(said: str, words: list[str], ours: Callable[[], Iterable[str]]) -> str:
    """A keyed hash of the whole to the digit, `OURS` for our own words, "" for what is no sentence."""
    exact = _folded(said)
    if len(exact) < WORDS_OF_A_SENTENCE:
        return ""
    return OURS if _is_ours(words, ours()) else keyed_hash(" ".join(exact), "loop")[:16]


def _is_ours(words: list[str], ours: Iterable[str]) -> bool:
    """Our own text, as a forwarder or another installation of this very system sends it back."""
    said = f" {' '.join(words)} "
    known = (" ".join(_words(text)) for text in ours)
    return any(f" {text} " in said for text in known if text.count(" ") >= WORDS_TO_KNOW_OURS)


def _words(text: str) -> list[str]:
    """As folded; whatever holds a digit is one and the same, for numbers and hours change."""
    words = ["0" if any(sign.isdigit() for sign in part) else part for part in _folded(text)]
    return [word for place, word in enumerate(words) if word != "0" or place == 0 or words[place - 1] != "0"]


def _folded(text: str) -> list[str]:
    """Its words without case, accents or marks."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()


def _marks(words: list[str]) -> list[str]:
    """Keyed hashes by which a text of which one half is the same is known again; of a short one, the whole."""
    middle = len(words) // 2
    halves = [words[:middle], words[middle:]] if len(words) >= WORDS_TO_HALVE else [words]
    return [keyed_hash(" ".join(half), "loop")[:16] for half in halves]
