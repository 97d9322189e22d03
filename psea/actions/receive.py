"""Receiving into the vault: by the insert-only role, sealed before it leaves memory, and harmless to repeat."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import Actor
from core.sealing import new_data_key, new_keypair, wrap
from directory.implicated import NOBODY, Implicated
from directory.notices import Notice
from psea.databases import INTAKE
from psea.duty import FreshReaders, fresh_readers, on_call, people_of, tell
from psea.enums import Known, Part
from psea.facts import Contact, Facts, Guard
from psea.mailboxes import mailbox_context
from psea.models import PhoneTrace, Receipt, SealedCase, SealedMessage, Wrap
from psea.tags import bound_mailbox, id_from, mailbox_of, phone_hash, receipt_hash, thread_tag
from psea.wraps import hidden, wraps_for

logger = logging.getLogger(__name__)

RECEIPT_STANDS = timedelta(days=730)


class NobodyCanRead(Exception):
    """No officer is enrolled and there is no recovery key: the caller keeps what it holds, and tries again."""


@dataclass(frozen=True)
class Content:
    """What one report holds, before it is sealed."""

    words: str
    contact: Contact
    guard: Guard
    facts: Facts


def receive_sealed(
    *,
    source_id: str,
    receipt_number: str,
    words: str,
    contact: str = "",
    noted: str = "",
    phone: str = "",
    channel: str,
    language: str = "",
    child: Known = Known.UNKNOWN,
    danger: Known = Known.UNKNOWN,
    retaliation: Known = Known.UNKNOWN,
    incident_on: date | None = None,
    incident_time: time | None = None,
    handed_by: int | None = None,
    their_reference: str = "",
    received_at: datetime,
    said_at: datetime | date | None = None,
    concerned_organisation_id: int | None = None,
    implicated: Implicated = NOBODY,
    place_pcode: str = "",
    code: str = "",
    call_by: datetime | None = None,
    is_test: bool = False,
    by: Actor,
    at: datetime | None = None,
) -> UUID:
    """Seals one report to the officers on duty and to recovery, and returns its id.

    In: what was said, how to reach the person, the receipt number (12 digits), the telephone (E.164) if any.
    `noted`: what was written beside those words; `child`, `danger`, `retaliation` (feared by whoever reports): as far
    as whoever took it in knew. `handed_by`, `their_reference`: the mechanism that hands it over, and its number there.
    `is_test`: said while practising; so is whatever comes while `settings.TRAINING` holds. No figure counts it.
    `at`: when it came into the vault, from which its clocks run (`received_at` unless it was elsewhere before).
    `call_by`: its words suggest danger, and somebody must have called by then.
    The id follows from `source_id`: a second call stores nothing and returns the same. Officers whom
    `implicated` names get no wrap. Raises NobodyCanRead when no key exists at all: nothing is stored then.
    """
    case_id = id_from(source_id)
    readers = fresh_readers(implicated, concerned_organisation_id)
    if not (readers.officers or readers.recovery):
        raise NobodyCanRead
    content = Content(
        words=words,
        contact=Contact(way=contact, noted=noted, phone=phone, receipt_number=receipt_number, code=code),
        guard=Guard(implicated),
        facts=Facts(
            organisation_id=concerned_organisation_id,
            place_pcode=place_pcode,
            child=child,
            danger=danger,
            retaliation=retaliation,
            incident_on=incident_on,
            incident_time=incident_time,
            handed_by=handed_by,
            their_reference=their_reference,
            said_on=said_at.date() if isinstance(said_at, datetime) else said_at,
            channel=channel,
            language=language,
            receipt=receipt_hash(receipt_number),
        ),
    )
    sealed_at = at or received_at
    case = SealedCase(
        id=case_id,
        received_at=received_at,
        state_since=sealed_at,
        call_by=call_by,
        is_test=is_test or settings.TRAINING,
    )
    _store_once(case, content, readers)
    _call(case_id, readers, implicated, concerned_organisation_id, at=sealed_at)
    return case_id


def add_to_sealed(
    *,
    source_id: str,
    receipt_number: str | None,
    phone: str | None,
    words: str,
    channel: str,
    said_at: datetime,
    recording: str | None = None,
    picture: str = "",
    call_by: datetime | None = None,
    wish: str = "",
    decide_by: datetime | None = None,
    by: Actor,
) -> bool:
    """Seals what a person adds to the mailbox of their sealed case. True if there is one.

    Found by the receipt number if given, else by the telephone while it is recent. Harmless to repeat. `recording`
    and `picture`: as `core.audio` and `core.pictures` pack them. `wish`: what they ask about what they said, to be
    decided by then. `call_by`: the officers of the week are called at once. Of anything else the readers of the case
    are told, whom this role cannot know (`psea.actions.reminding`).
    """
    mailbox = _mailbox(receipt_number, phone)
    if mailbox is None:
        return False
    message = SealedMessage(id=id_from(source_id), thread_tag=thread_tag(mailbox), received_at=said_at, call_by=call_by)
    message.decide_by = decide_by
    key = new_data_key()
    message.wrapped_key = wrap(key, mailbox, mailbox_context(message.id))
    message.seal_with(key, words=words, channel=channel, recording=recording or "", picture=picture, wish=wish)
    _insert_once(message)
    if call_by is not None:
        tell(people_of(fresh_readers(NOBODY).officers), Notice.ACT, "added", message.id, at=said_at)
    return True


def _store_once(case: SealedCase, content: Content, readers: FreshReaders) -> None:
    mailbox, wraps = seal_fresh(case, content, readers)
    _insert_once(case, *_traces(content, mailbox, case.state_since), wraps=wraps)


def seal_fresh(case: SealedCase, content: Content, readers: FreshReaders) -> tuple[bytes, list[Wrap]]:
    """Seals a case that is not stored yet, under fresh keys. Out: the public key of its mailbox, and its wraps."""
    keys = {part: new_data_key() for part in Part}
    private, mailbox = new_keypair()
    case.thread_tag = thread_tag(mailbox)
    case.seal_with(
        keys[Part.WORDS],
        words=content.words,
        contact=content.contact.to_json(),
        mailbox_private=private.hex(),
    )
    case.seal_with(keys[Part.GUARD], guard=content.guard.to_json())
    case.seal_with(keys[Part.FACTS], facts=content.facts.to_json())
    wraps = [row for key, parts in readers.with_parts() for row in wraps_for(case.id, keys, key, parts)]
    return mailbox, hidden(case.id, wraps)


def _traces(content: Content, mailbox: bytes, sealed_at: datetime) -> list[Receipt | PhoneTrace]:
    receipt = Receipt(
        receipt_hash=content.facts.receipt,
        since=timezone.localdate(sealed_at),
        expires=sealed_at + RECEIPT_STANDS,
        mailbox=bound_mailbox(content.facts.receipt, mailbox),
    )
    if not content.contact.phone:
        return [receipt]
    until = sealed_at + timedelta(days=settings.SEALED_PHONE_DAYS)
    found_by = phone_hash(content.contact.phone)
    return [receipt, PhoneTrace(phone_hash=found_by, until=until, mailbox=bound_mailbox(found_by, mailbox))]


def _insert_once(
    first: SealedCase | SealedMessage, *others: Receipt | PhoneTrace, wraps: list[Wrap] | None = None
) -> None:
    """All rows or none; none when the first is there already, which this role cannot look up."""
    try:
        with transaction.atomic(using=INTAKE):
            first.save(using=INTAKE, force_insert=True)
            for row in others:
                row.save(using=INTAKE, force_insert=True)
            Wrap.objects.using(INTAKE).bulk_create(wraps or [])
    except IntegrityError as error:
        if not _is_repetition(error, first):
            raise


def _is_repetition(error: IntegrityError, row: SealedCase | SealedMessage) -> bool:
    cause = error.__cause__
    if isinstance(cause, sqlite3.IntegrityError):
        return cause.sqlite_errorname == "SQLITE_CONSTRAINT_PRIMARYKEY"
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", "")
    return bool(constraint == f"{row._meta.db_table}_pkey")


def _mailbox(receipt_number: str | None, phone: str | None) -> bytes | None:
    now = timezone.now()
    if receipt_number:
        by_number = receipt_hash(receipt_number)
        receipts = Receipt.objects.using(INTAKE).filter(receipt_hash=by_number, expires__gt=now)
        found = _last_bound(receipts.order_by("-since").values_list("receipt_hash", "mailbox"))
        if found is not None:
            return found
    if phone:
        by_phone = phone_hash(phone)
        traces = PhoneTrace.objects.using(INTAKE).filter(phone_hash=by_phone, until__gt=now)
        return _last_bound(traces.order_by("-until").values_list("phone_hash", "mailbox"))
    return None


def _last_bound(rows: Iterable[tuple[str, bytes | memoryview | None]]) -> bytes | None:
    """The first of these that is what was put there: one that somebody put in its place is passed over."""
    return next((found for found_by, kept in rows if (found := mailbox_of(found_by, kept)) is not None), None)


def _call(case_id: UUID, readers: FreshReaders, implicated: Implicated, concerned: int | None, *, at: datetime) -> None:
    if readers.officers:
        tell(people_of(readers.called), Notice.ACT, "fresh", case_id, at=at)
        return
    logger.error("no enrolled officer could be reached for what was just received")
    tell(on_call(implicated, concerned), Notice.LATE, "fresh", case_id, at=at)
