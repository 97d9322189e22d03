"""Files that go along with a referral: joined, opened, taken away."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audio, audit, documents
from core.access import confidential_read
from core.actors import Actor
from core.transitions import Refused, Sentence, locked, react
from directory.models import User
from directory.notices import Notice
from feedback.level_one import MANY_DIGITS, why_not_neutral
from feedback.models import Case, CaseMessage
from feedback.reading import may_read_words
from referrals.enums import FileKind, ReferralState, Side
from referrals.files import MOST, may_open, why_not_attach, why_not_neutral_file, why_not_persons_file
from referrals.models import Referral, ReferralFile
from referrals.models.file import FIELDS
from referrals.people import tell_receiver, tell_sender

LONGEST_NAME = 120


@transaction.atomic
def attach(
    referral_id: uuid.UUID,
    *,
    content: str,
    name: str,
    is_neutral: bool = False,
    by: Actor,
    at: datetime | None = None,
    pk: uuid.UUID | None = None,
) -> ReferralFile:
    """Joins a file (`core.documents`), sealed with its name; once per `pk`.

    The sender's touches the person, and needs their consent, unless `is_neutral` says that nothing of them is in it.
    Raises Refused.
    """
    row, side = _locked(referral_id, by)
    known = row.files.filter(pk=pk).first() if pk else None
    if known is not None:
        return known
    kind = _kind_of(content)
    neutral = is_neutral and side == Side.SENDER
    if side == Side.SENDER:
        _check(why_not_neutral_file(kind) if neutral else why_not_persons_file(row, at))
    file = ReferralFile(referral=row, side=side, kind=kind, is_neutral=neutral, size=documents.size_of(content))
    file.id = pk or file.id
    file.seal(name=_plain(name), content=content)
    return _added(file, by=by, at=at)


@transaction.atomic
def attach_of_case(
    referral_id: uuid.UUID, message_id: uuid.UUID, kind: str, *, by: User, at: datetime | None = None
) -> ReferralFile:
    """What the person sent with their words goes along, once; it stays with their case, and is copied nowhere.

    For whoever reads their words there. Raises Refused; Case.DoesNotExist, CaseMessage.DoesNotExist.
    """
    row, side = _locked(referral_id, by)
    known = row.files.filter(message=message_id, kind=kind).first()
    if known is not None:
        return known
    if side != Side.SENDER:
        raise Refused(_("C’est à l’émetteur de le faire."))
    _check(why_not_persons_file(row, at))
    message = _sent_by_the_person(row, message_id, kind, by)
    return _added(ReferralFile(referral=row, side=side, kind=kind, message=message), by=by, at=at)


def open_file(referral_id: uuid.UUID, file_id: uuid.UUID, *, by: Actor) -> str:
    """The file as one text (`core.documents`), for whoever may see it now; each opening is in the audit.

    Raises ReferralFile.DoesNotExist.
    """
    found = ReferralFile.objects.there().select_related("referral__consent", "message")
    file = found.get(pk=file_id, referral=referral_id)
    if not may_open(file, file.referral, Referral.objects.sides_of(file.referral, by)):
        raise ReferralFile.DoesNotExist
    confidential_read(file, by=by)
    return file.opened()


@transaction.atomic
def remove_file(referral_id: uuid.UUID, file_id: uuid.UUID, *, by: Actor, at: datetime | None = None) -> None:
    """The side that joined it takes it away: nothing of it stays here. Raises Refused, ReferralFile.DoesNotExist."""
    row, side = _locked(referral_id, by)
    file = row.files.get(pk=file_id)
    if file.side != side and not may_open(file, row, Referral.objects.sides_of(row, by)):
        raise ReferralFile.DoesNotExist
    if file.side != side:
        raise Refused(_("C’est à qui l’a joint de le retirer."))
    audit.record("referrals.file.remove", by=by, target=file, at=at, referral=str(row.pk))
    file.delete()
    react(row, "detach", by=by, at=at or timezone.now())


def forget_files_of_the_person(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Their consent ended: what the sender had joined of them is destroyed here, whoever had opened it."""
    for file in referral.files.filter(side=Side.SENDER, is_neutral=False).only("pk", "referral_id"):
        audit.record("referrals.file.forget", by=by, target=file, at=at, referral=str(referral.pk))
        file.delete()


def _locked(referral_id: uuid.UUID, by: Actor) -> tuple[Referral, Side]:
    """The referral, kept from whoever withdraws a consent meanwhile, and the side on which the actor acts."""
    row = locked(Referral, referral_id)
    sides = Referral.objects.sides_of(row, by)
    _check(why_not_attach(row, sides))
    return row, Side.RECEIVER if Side.RECEIVER in sides else Side.SENDER


def _check(reason: Sentence | None) -> None:
    if reason is not None:
        raise Refused(reason)


def _kind_of(content: str) -> FileKind:
    kind = documents.kind_of(content)
    if kind == documents.PDF:
        return FileKind.PDF
    return FileKind.VOICE if kind in audio.TYPES else FileKind.PICTURE


def _plain(name: str) -> str:
    """A file's name without what could be a number; telephones write a date there. Raises Refused."""
    shown = "".join(sign for sign in name if sign.isprintable()).strip()[:LONGEST_NAME]
    without = MANY_DIGITS.sub(_digits_out, shown)
    _check(why_not_neutral(without))
    return without


def _digits_out(found: re.Match[str]) -> str:
    return "…" + found[0][len(found[0].rstrip(" .-")) :]


def _sent_by_the_person(row: Referral, message_id: uuid.UUID, kind: str, by: User) -> CaseMessage:
    case = Case.objects.visible_to(by).get(pk=row.case_id)
    if kind not in FIELDS or not may_read_words(case, by):
        raise Case.DoesNotExist
    return case.messages.filter(**{f"{FIELDS[FileKind(kind)]}__isnull": False}).get(pk=message_id)


def _added(file: ReferralFile, *, by: Actor, at: datetime | None) -> ReferralFile:
    row, moment = file.referral, at or timezone.now()
    if row.files.filter(side=file.side).count() >= MOST:
        raise Refused(_("Un référencement ne porte pas plus de dix fichiers de chaque côté."))
    file.added_at, file.author = moment, by if isinstance(by, User) else None
    file.save(force_insert=True)
    facts: dict[str, Any] = {"kind": str(file.kind), "neutral": file.is_neutral, "of_case": file.message_id is not None}
    audit.record("referrals.file.add", by=by, target=file, at=at, referral=str(row.pk), **facts)
    if row.state != ReferralState.DRAFT:
        react(row, "attach", by=by, at=moment)
        (tell_sender if file.side == Side.RECEIVER else tell_receiver)(row, Notice.INFO)
    return file
