"""What a receipt number shows, and lets its holder do: the same in every lane until there is an answer (DESIGN §4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.actors import PERSON, Actor
from core.index import is_same, keyed_hash
from directory.implicated import NOBODY
from feedback import sealed_door
from feedback.actions.attach import keep_beside
from feedback.actions.data_request import ask_about_data as ask
from feedback.actions.data_request import due_of
from feedback.actions.person import add_words, say_settled
from feedback.actions.receive import Spoken, receive
from feedback.attempts import is_slowed, note_try
from feedback.enums import Channel, DataWish, MessageDirection, Settled
from feedback.models import Answer, Case
from feedback.screening import suggests_sea
from feedback.whereabouts import Whereabouts, own_case_of, where_is
from psea.enums import Stage


@dataclass(frozen=True)
class Said:
    """One thing that the team wrote, as the holder of a number reads it."""

    words: str
    at: datetime


@dataclass(frozen=True)
class Holder:
    """Whoever has a number, and perhaps its code."""

    number: str
    code: str = ""


@dataclass(frozen=True)
class Added:
    """What the holder adds: words, and files as `core.audio` and `core.pictures` pack them."""

    words: str
    recording: str = ""
    picture: str = ""


@dataclass(frozen=True)
class View:
    """What the page shows for a number that is known."""

    number: str
    code: str
    stage: Stage
    since: date
    answers: list[Said] = field(default_factory=list)
    thread: list[Said] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return self.stage is Stage.ANSWERED

    @property
    def code_opened_nothing(self) -> bool:
        return bool(self.code) and not self.thread


class TooManyTries(Exception):
    """Someone is guessing: they must wait."""


def look(number: str, code: str = "", *, address: str = "") -> View | None:
    """What this number, and this code, show; None for one that is unknown or expired. Raises TooManyTries.

    `address`: from where it is asked.
    """
    if is_slowed(number, address):
        raise TooManyTries
    where = where_is(number)
    opened = _opened(where.own, number, code)
    thread = _thread(where.own) if opened and where.own is not None else []
    if code:
        thread += [Said(words, at) for words, at in sealed_door.questions_for(number, code)]
    if where.stage is None or (code and not thread):
        note_try(number, address)
    if where.stage is None or where.since is None:
        return None
    return View(number, code, where.stage, where.since, _answers(where, opened=opened), thread)


def add(number: str, added: Added, *, source_key: str) -> bool:
    """Adds to what was said under this number, in the lane where it is; False for an unknown one.

    What suggests SEA goes to the vault under the same number, and nothing looks different.
    """
    where, now = where_is(number), timezone.now()
    case = where.case
    is_sealed = sealed_door.add(
        source_key,
        words=added.words,
        channel=Channel.WEB,
        said_at=now,
        by=PERSON,
        receipt_number=number,
        recording=added.recording,
        picture=added.picture,
    )
    if is_sealed:
        return True
    if case is None and not _was_sealed(number):
        return False
    if case is None or suggests_sea(added.words):
        _seal_beside(case, number, added, source_key, now)
    else:
        add_words(
            (where.own or case).pk,
            source_key=source_key,
            words=added.words,
            channel=Channel.WEB,
            recording=added.recording,
            picture=added.picture,
        )
    return True


def ask_about_data(holder: Holder, wish: str, words: str, *, source_key: str, by: Actor = PERSON) -> datetime | None:
    """Notes that the holder wants to see, correct or erase what they said; out: until when it is decided.

    Both sides are asked: what was said under one number may stand in both. None for an unknown number. `by`: whoever
    of the team heard it said by voice, else the person.
    """
    now = timezone.now()
    due = due_of(now)
    case, number = own_case_of(holder.number), holder.number
    tells_of_sea = case is not None and suggests_sea(words)
    is_sealed = _ask_officers(source_key, number, wish, words, now, due)
    if not is_sealed and (tells_of_sea or (case is None and _was_sealed(number))):
        _seal_beside(case, number, Added(words or _wish_in_words(wish)), source_key, now)
        is_sealed = _ask_officers(source_key, number, wish, "", now, due)
    if case is not None:
        had_code = _opened(case, number, holder.code)
        told = "" if is_sealed else words
        ask(case.pk, source_key=source_key, wish=wish, words=told, had_code=had_code, by=by, at=now)
    return due if is_sealed or case is not None else None


def _ask_officers(source_key: str, number: str, wish: str, words: str, at: datetime, due: datetime) -> bool:
    return sealed_door.ask_about_data(
        f"{source_key}:asked", number=number, wish=wish, words=words, asked_at=at, decide_by=due, by=PERSON
    )


def _wish_in_words(wish: str) -> str:
    with override(settings.LANGUAGE_CODE):
        return str(DataWish(wish).label)


def _was_sealed(number: str) -> bool:
    """Whether it stands for a sealed case, whose words may be gone: what is said now is sealed anew, not lost."""
    return sealed_door.stage_of(number) is not None


def settle(
    number: str,
    settled: Settled,
    *,
    source_key: str,
    channel: Channel = Channel.WEB,
    by: Actor = PERSON,
    at: datetime | None = None,
) -> bool:
    """The holder says whether it is settled; False for an unknown number. Raises Refused before there is an answer."""
    where, moment = where_is(number), at or timezone.now()
    if where.case is not None:
        say_settled(where.case.pk, settled=settled, at=moment)
        return True
    words = settled_in_words(settled)
    return sealed_door.add(source_key, words=words, channel=channel, said_at=moment, by=by, receipt_number=number)


def settled_in_words(settled: Settled) -> str:
    """For whoever reads it as words."""
    with override(settings.LANGUAGE_CODE):
        return _("Réglé, selon la personne : %(answer)s") % {"answer": settled.label}


def _seal_beside(case: Case | None, number: str, added: Added, source_key: str, at: datetime) -> None:
    spoken = Spoken(
        source_key=source_key,
        receipt_number=number,
        words=added.words,
        channel=Channel.WEB,
        received_at=at,
        place=case.place if case is not None else None,
        concerned=case.concerned if case is not None else None,
        implicated=case.implicated() if case is not None else NOBODY,
        is_delicate=True,
    )
    sealed = receive(spoken, by=PERSON)
    if added.recording or added.picture:
        keep_beside(spoken, sealed, marks=added.words, recording=added.recording, picture=added.picture, by=PERSON)


def _opened(case: Case | None, number: str, code: str) -> bool:
    """Whether number and code together open this case's thread; the same work whether there is one or not."""
    kept = case.code_hash if case is not None else ""
    return is_same(kept, keyed_hash(number + code, "thread-code")) and bool(code)


def _answers(where: Whereabouts, *, opened: bool) -> list[Said]:
    """The answers that may be read here: a confidential one asks for the code as well."""
    case = where.case
    if case is None or where.stage is not Stage.ANSWERED or (case.is_restricted and not opened):
        return []
    given = Answer.objects.filter(case=case, readable_here=True).order_by("given_at")
    return [Said(answer.unsealed("words"), answer.given_at) for answer in given]


def _thread(case: Case) -> list[Said]:
    """What the team wrote. What its holder said is not shown again: a sealed case could not, and others may look."""
    ours = case.messages.filter(direction=MessageDirection.OUT)
    return [Said(message.unsealed("body"), message.said_at) for message in ours]
