"""What the receiver does: accept, "not us", ask, answer; receiving is implied by the first of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused, locked, move, react
from directory.models import Organisation, User
from directory.notices import Notice
from referrals.actions.following import answer_to_the_person, case_may_be_stranded
from referrals.actions.thread import add_message, check_neutral
from referrals.enums import MessageKind, ReferralState, Side
from referrals.models import Referral, ReferralNote
from referrals.people import tell_receiver, tell_sender

NOT_YET_RECEIVED = (ReferralState.SENT, ReferralState.REOPENED)


def receive(referral_id: uuid.UUID, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Referral:
    """Says that it arrived."""
    return move(Referral, referral_id, "receive", by=by, at=at, seen=seen)


@transaction.atomic
def accept(
    referral_id: uuid.UUID,
    *,
    responsible: User | None = None,
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
) -> Referral:
    """Takes it on, under a responsible person (whoever accepts, by default)."""
    person = responsible or (by if isinstance(by, User) else None)
    referral = move(Referral, referral_id, "accept", by=by, at=at, seen=seen, responsible=person)
    tell_sender(referral, Notice.INFO)
    if person is not None and person is not by:
        tell_receiver(referral)
    return referral


@transaction.atomic
def ask(
    referral_id: uuid.UUID, *, words: str, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Referral:
    """Asks the sender something, without personal data. Implies receiving."""
    if Referral.objects.filter(pk=referral_id, state__in=NOT_YET_RECEIVED).exists():
        seen = receive(referral_id, by=by, at=at, seen=seen).state
    referral = move(Referral, referral_id, "ask", by=by, at=at, seen=seen)
    add_message(referral, words, kind=MessageKind.QUESTION, side=Side.RECEIVER, by=by, at=at)
    tell_sender(referral)
    return referral


@transaction.atomic
def refuse(
    referral_id: uuid.UUID,
    *,
    code: str,
    competent: Organisation | None = None,
    note: str = "",
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
) -> Referral:
    """ "Not us": goes back to the sender, who sends it on in one click."""
    check_neutral(note)
    details: dict[str, Any] = {"code": code, "competent": competent, "note": note}
    referral = move(Referral, referral_id, "refuse", by=by, at=at, seen=seen, **details)
    case_may_be_stranded(referral, by=by, at=at or timezone.now())
    tell_sender(referral)
    return referral


def start(referral_id: uuid.UUID, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Referral:
    """Work has begun."""
    return move(Referral, referral_id, "start", by=by, at=at, seen=seen)


@transaction.atomic
def answer(
    referral_id: uuid.UUID,
    *,
    kind: str,
    words: str = "",
    reason: str = "",
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
) -> Referral:
    """A response, an adjustment, a service; or unsuccessful, and why. A success goes back to the person."""
    details: dict[str, Any] = {"kind": kind, "words": words, "reason": reason}
    referral = move(Referral, referral_id, "answer", by=by, at=at, seen=seen, **details)
    moment = at or timezone.now()
    answer_to_the_person(referral, words, by=by, at=moment)
    case_may_be_stranded(referral, by=by, at=moment)
    tell_sender(referral)
    return referral


@transaction.atomic
def confirm_erasure(referral_id: uuid.UUID, *, by: Actor, at: datetime | None = None) -> Referral:
    """The receiver says that it erased what a withdrawn consent had let it know; the proof is kept.

    Its own notes on this referral go in the same act: nobody can tell which of them came of what it knew.
    """
    row = locked(Referral, referral_id)
    if Side.RECEIVER not in Referral.objects.sides_of(row, by):
        raise Refused(_("C’est au destinataire de le faire."))
    if row.erasure_asked_at is None:
        raise Refused(_("Aucun effacement n’a été demandé."))
    row.erasure_confirmed_at = row.erasure_confirmed_at or at or timezone.now()
    row.save(update_fields=["erasure_confirmed_at"])
    ReferralNote.objects.filter(referral=row, organisation=row.receiver_id).delete()
    react(row, "confirm_erasure", by=by, at=row.erasure_confirmed_at)
    audit.record("referrals.referral.confirm_erasure", by=by, target=row, at=at)
    return row
