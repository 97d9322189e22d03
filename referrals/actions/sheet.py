"""What comes back by the square on a sheet: kept for the sender's people, who take it over or set it aside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Named
from core.transitions import Refused, locked
from directory.models import User
from feedback.level_one import why_not_neutral
from feedback.screening import suggests_sea
from referrals.actions.receiving import accept, answer, refuse
from referrals.enums import SheetSays, Side
from referrals.models import Referral, SheetReply
from referrals.people import tell_sender
from referrals.sheets import WAITING_AT_MOST

HOLDER = Named("sheet")


@dataclass(frozen=True)
class Reply:
    """`name`: who says it, for the agency. `words`: for the person, of an answer; a remark, of a refusal."""

    says: str
    name: str
    refusal_code: str = ""
    answer_kind: str = ""
    words: str = ""


@transaction.atomic
def reply_by_sheet(referral_id: uuid.UUID, reply: Reply, *, pk: uuid.UUID, at: datetime | None = None) -> SheetReply:
    """Keeps it, sealed, and tells the sender that something waits. The same `pk` twice is one. Raises Refused."""
    referral = locked(Referral, referral_id)
    known = SheetReply.objects.filter(pk=pk, referral=referral).first()
    if known is not None:
        return known
    if referral.sheet_replies.filter(decided_at=None).count() >= WAITING_AT_MOST:
        raise Refused(_("Plusieurs réponses attendent déjà d’être lues. Appelez l’envoyeur."))
    _check_words(reply)
    row = SheetReply(
        id=pk,
        referral=referral,
        says=reply.says,
        refusal_code=reply.refusal_code,
        answer_kind=reply.answer_kind,
        said_at=at or timezone.now(),
    )
    row.seal(name=reply.name, words=reply.words)
    row.save(force_insert=True)
    audit.record("referrals.sheetreply.add", by=HOLDER, target=row, at=at, referral=str(referral.pk))
    tell_sender(referral)
    return row


@transaction.atomic
def take_over(reply_id: uuid.UUID, *, by: User, at: datetime | None = None) -> Referral:
    """It is theirs: what it says is done, as if it had been noted from the telephone. Raises Refused."""
    row = _undecided(reply_id, by)
    moment = at or timezone.now()
    words = row.unsealed("words")
    if row.says == SheetSays.ACCEPT:
        referral = accept(row.referral_id, by=by, at=moment)
    elif row.says == SheetSays.REFUSE:
        referral = refuse(row.referral_id, code=row.refusal_code, note=words, by=by, at=moment)
    else:
        referral = answer(row.referral_id, kind=row.answer_kind, words=words, by=by, at=moment)
    _decide(row, taken=True, by=by, at=moment)
    return referral


@transaction.atomic
def set_reply_aside(reply_id: uuid.UUID, *, by: User, at: datetime | None = None) -> None:
    """It is not theirs, or says nothing: nothing of its words stays."""
    _decide(_undecided(reply_id, by), taken=False, by=by, at=at or timezone.now())


@transaction.atomic
def renew_sheet(referral_id: uuid.UUID, *, by: User, at: datetime | None = None) -> Referral:
    """The sheet was lost: its square opens nothing any more, and a sheet that is printed now has another."""
    row = locked(Referral, referral_id)
    if not row.is_on_paper or Side.SENDER not in Referral.objects.sides_of(row, by):
        raise Refused(_("C’est à l’émetteur de le faire."))
    row.sheet_number += 1
    row.save(update_fields=["sheet_number"])
    audit.record("referrals.referral.renew_sheet", by=by, target=row, at=at)
    return row


def _undecided(reply_id: uuid.UUID, by: User) -> SheetReply:
    row = locked(SheetReply, reply_id)
    if Side.SENDER not in Referral.objects.sides_of(row.referral, by):
        raise Refused(_("C’est à l’émetteur de le faire."))
    if row.decided_at is not None:
        raise Refused(_("Quelqu’un d’autre vient d’en décider."))
    return row


def _decide(row: SheetReply, *, taken: bool, by: User, at: datetime) -> None:
    row.decided_at, row.was_taken = at, taken
    row.forget_all()
    row.save()
    act = "take" if taken else "set_aside"
    facts: dict[str, Any] = {"referral": str(row.referral_id)}
    audit.record(f"referrals.sheetreply.{act}", by=by, target=row, at=at, **facts)


def _check_words(reply: Reply) -> None:
    """An answer may give a number to ring; a remark to the sender may not. Raises Refused."""
    if suggests_sea(f"{reply.words}\n{reply.name}"):
        raise Refused(_("N’écrivez pas cela ici : appelez l’envoyeur, des personnes formées prennent la suite."))
    fault = why_not_neutral(reply.words) if reply.says == SheetSays.REFUSE else None
    if fault is not None:
        raise Refused(fault)
