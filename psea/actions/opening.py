"""Reading a sealed case: every read is a row of the audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.access import confidential_read
from core.sealing import unwrap
from core.transitions import Refused
from directory.models import User
from directory.roles import HANDLERS
from psea.databases import VAULT
from psea.enums import Part, Stage
from psea.facts import Contact, Facts, Guard
from psea.mailboxes import mailbox_context
from psea.models import Receipt, SealedCase, SealedMessage
from psea.readers import NotAReader, Reader
from psea.unusual import tell_of_many_reads


@dataclass(frozen=True)
class Said:
    """Something added to a case: by the person, or a handler's note.

    `wish` (`psea.enums.Wish`): what the person asks about what they said, to be decided before `decide_by`.
    """

    at: datetime
    words: str
    by: int | None = None
    message_id: UUID | None = None
    recording: str = ""
    picture: str = ""
    wish: str = ""
    decide_by: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Narrative:
    """What only handlers read."""

    words: str
    contact: Contact
    guard: Guard
    messages: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    asked: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class OpenedCase:
    """A case as this reader may have it; `narrative` is None where it is not theirs, or is destroyed."""

    case: SealedCase
    facts: Facts
    narrative: Narrative | None


def case_for(case_id: UUID, by: User) -> SealedCase:
    """One case that this person may see. Raises SealedCase.DoesNotExist."""
    return SealedCase.objects.visible_to(by, case_id).get(pk=case_id)


def locked_case_for(case_id: UUID, by: User) -> SealedCase:
    """The same, locked; in the caller's transaction."""
    return SealedCase.objects.using(VAULT).select_for_update().get(pk=case_for(case_id, by).pk)


def facts_of(case: SealedCase, reader: Reader) -> Facts:
    """The routing facts. Raises NotAReader."""
    return Facts.from_json(case.unseal_with(reader.data_key(case.pk, Part.FACTS), "facts"))


def open_case(*, case_id: UUID, reader: Reader, by: User, at: datetime | None = None) -> OpenedCase:
    """A handler opens a case: the person's receipt now says "in progress", and the read is audited.

    Raises Refused for the coordination, which never opens a narrative; NotAReader without a wrap.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        if not by.has_role(*HANDLERS):
            raise Refused(_("La coordination voit les faits d'orientation, jamais le récit."))
        opened = _open(case, reader, by)
        if case.opened_at is None:
            SealedCase.objects.using(VAULT).filter(pk=case.pk, opened_at=None).update(opened_at=moment)
            case.opened_at = moment
            audit.record("psea.sealedcase.open", by=by, target=case, using=VAULT, at=moment)
        _mark_messages_read(case, moment)
        set_stage(opened.facts.receipt, Stage.IN_PROGRESS, at=moment)
    return opened


def read_case(*, case_id: UUID, reader: Reader, by: User) -> OpenedCase:
    """A case as it stands, for whoever may see it; before it is opened, its facts only. Audited."""
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        if case.opened_at is not None:
            return _open(case, reader, by)
        confidential_read(case, by=by, using=VAULT)
        return OpenedCase(case, facts_of(case, reader), None)


def messages_of(case: SealedCase) -> list[SealedMessage]:
    """What the person added since, still sealed."""
    return list(SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag))


def set_stage(receipt: str, stage: Stage, *, at: datetime) -> None:
    """Moves what the receipt number says, forward only."""
    earlier = [Stage.RECEIVED] if stage == Stage.IN_PROGRESS else [Stage.RECEIVED, Stage.IN_PROGRESS]
    rows = Receipt.objects.using(VAULT).filter(receipt_hash=receipt, stage__in=earlier)
    rows.update(stage=stage, since=timezone.localdate(at))


def _open(case: SealedCase, reader: Reader, by: User) -> OpenedCase:
    reader.check_is(by)
    keys = reader.open_parts(case.pk)
    if Part.FACTS not in keys:
        raise NotAReader
    confidential_read(case, by=by, using=VAULT)
    tell_of_many_reads(by, timezone.now())
    facts = Facts.from_json(case.unseal_with(keys[Part.FACTS], "facts"))
    if Part.WORDS not in keys or Part.GUARD not in keys or case.words is None or not by.has_role(*HANDLERS):
        return OpenedCase(case, facts, None)
    return OpenedCase(case, facts, _narrative(case, keys[Part.WORDS], keys[Part.GUARD]))


def _narrative(case: SealedCase, words_key: bytes, guard_key: bytes) -> Narrative:
    mailbox = bytes.fromhex(case.unseal_with(words_key, "mailbox_private"))
    return Narrative(
        words=case.unseal_with(words_key, "words"),
        contact=Contact.from_json(case.unseal_with(words_key, "contact")),
        guard=Guard.from_json(case.unseal_with(guard_key, "guard")),
        messages=[_said(message, mailbox) for message in messages_of(case)],
        notes=[
            Said(note.written_at, note.unseal_with(words_key, "words"), note.written_by)
            for note in case.notes.using(VAULT)
        ],
        asked=[
            Said(question.asked_at, question.unseal_with(words_key, "words"), question.asked_by)
            for question in case.questions.using(VAULT)
        ],
    )


def _said(message: SealedMessage, mailbox: bytes) -> Said:
    key = unwrap(bytes(message.wrapped_key), mailbox, mailbox_context(message.pk))
    return Said(
        at=message.received_at,
        words=message.unseal_with(key, "words"),
        message_id=message.pk,
        recording=message.unseal_with(key, "recording"),
        picture=message.unseal_with(key, "picture"),
        wish=message.unseal_with(key, "wish"),
        decide_by=message.decide_by,
        decided_at=message.decided_at,
    )


def _mark_messages_read(case: SealedCase, at: datetime) -> None:
    SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag, read_at=None).update(read_at=at)
