from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused, react
from directory.models import User
from directory.notices import Notice
from feedback.level_one import why_not_neutral
from referrals.enums import MessageKind, Side
from referrals.models import Referral, ReferralMessage
from referrals.people import tell_receiver, tell_sender


@transaction.atomic
def say(
    referral_id: uuid.UUID, *, words: str, by: Actor, at: datetime | None = None, pk: uuid.UUID | None = None
) -> ReferralMessage:
    """One more message between sender and receiver; moves nothing. Posting the same `pk` twice is once."""
    referral = Referral.objects.get(pk=referral_id)
    sides = Referral.objects.sides_of(referral, by)
    if not sides:
        raise Refused(_("Seuls l’émetteur et le destinataire écrivent ici."))
    side = Side.RECEIVER if Side.RECEIVER in sides else Side.SENDER
    moment = at or timezone.now()
    message = add_message(referral, words, kind=MessageKind.MESSAGE, side=side, by=by, at=moment, pk=pk)
    react(referral, "say", by=by, at=moment)
    (tell_sender if side == Side.RECEIVER else tell_receiver)(referral, Notice.INFO)
    return message


def add_message(
    referral: Referral,
    words: str,
    *,
    kind: MessageKind,
    side: Side,
    by: Actor,
    at: datetime | None = None,
    pk: uuid.UUID | None = None,
) -> ReferralMessage:
    """Stores one message, sealed. Raises Refused when it is empty, or could lead to the person."""
    if not words.strip():
        raise Refused(_("Écrivez votre message."))
    check_neutral(words)
    known = ReferralMessage.objects.filter(pk=pk, referral=referral).first() if pk else None
    if known is not None:
        return known
    message = ReferralMessage(referral=referral, kind=kind, side=side, said_at=at or timezone.now())
    message.id = pk or message.id
    message.author = by if isinstance(by, User) else None
    message.seal(words=words)
    message.save(force_insert=True)
    react(message, "add", by=by, at=message.said_at)
    audit.record("referrals.message.add", by=by, target=message, at=at, referral=str(referral.pk), kind=kind.value)
    return message


def check_neutral(text: str) -> None:
    """Raises Refused for what may not travel without the person's consent."""
    fault = why_not_neutral(text)
    if fault is not None:
        raise Refused(fault)
