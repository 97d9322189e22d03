"""What acts here mean for the other installation. Listed in `config/reactions.py`; in the act's own transaction.

Only acts of our own side are told: what a peer did came from there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.actors import SYSTEM, Actor
from feedback.enums import Lane
from feedback.models import Case
from referrals.actions.sending import recall
from referrals.disclosure import disclosed_to_receiver
from referrals.enums import LIVE, EnvelopeKind, RecallReason, ReferralState, Side
from referrals.exchange.queueing import queue
from referrals.models import Consent, EnvelopeOut, Referral, ReferralMessage
from referrals.querysets import ReferralQuerySet

ALL, PERSON = "all", "person"


def tells(kind: EnvelopeKind, ours: Side, detail: str = "") -> Callable[..., None]:
    """A reaction that sends an envelope of this kind where the act is our side's."""

    def tell(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
        if _exchanged(ours).filter(pk=referral_pk).exists():
            queue(referral_pk, kind, at=at, detail=detail)

    return tell


OF_ACT: dict[str, Callable[..., None]] = {
    "receive": tells(EnvelopeKind.RECEIPT, Side.RECEIVER, "received"),
    "accept": tells(EnvelopeKind.DECISION, Side.RECEIVER, "accepted"),
    "start": tells(EnvelopeKind.DECISION, Side.RECEIVER, "started"),
    "refuse": tells(EnvelopeKind.DECISION, Side.RECEIVER, "refused"),
    "answer": tells(EnvelopeKind.ANSWER, Side.RECEIVER),
    "feed_back": tells(EnvelopeKind.OUTCOME, Side.SENDER, "told"),
    "close": tells(EnvelopeKind.OUTCOME, Side.SENDER, "closed"),
    "reopen": tells(EnvelopeKind.REOPENING, Side.SENDER),
    "confirm_erasure": tells(EnvelopeKind.ERASURE, Side.RECEIVER),
}


def sent(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Kept with it: as which restricted kind it went, "" for an ordinary matter."""
    for row in _exchanged(Side.SENDER).select_related("case").filter(pk=referral_pk):
        queue(row.pk, EnvelopeKind.REFERRAL, at=at, detail=row.case.restricted_kind)


def recalled(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Withdrawn, and its erasure asked; what never arrived there needs neither."""
    for row in _exchanged(Side.SENDER).filter(pk=referral_pk).exclude(recall_reason=RecallReason.UNDELIVERED):
        _withdraw(row, ALL, at)


def message_added(message_pk: Any, /, *, by: Actor, at: datetime) -> None:
    message = ReferralMessage.objects.select_related("referral").get(pk=message_pk)
    if message.referral.peer_id is not None and message.side != message.referral.peer_holds:
        queue(message.referral_id, EnvelopeKind.MESSAGE, at=at, detail=message.kind, message=message)


def person_may_be_known(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Accepted there, at level 2: now, and not before, what the person permitted goes."""
    row = _exchanged(Side.SENDER).select_related("consent").filter(pk=referral_pk).first()
    if row is None or not disclosed_to_receiver(row).person:
        return
    if not EnvelopeOut.objects.filter(referral=row, kind=EnvelopeKind.PERSON, cycle=row.cycle).exists():
        queue(row.pk, EnvelopeKind.PERSON, at=at)


def question_answered(question_pk: Any, /, *, by: Actor, at: datetime) -> None:
    for pk in Referral.objects.filter(consent_question=question_pk).values_list("pk", flat=True):
        person_may_be_known(pk, by=by, at=at)


def consent_withdrawn(consent_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What was not recalled with it goes on without the person: their words and contact are erased there."""
    known = Consent.objects.get(pk=consent_pk).referrals.values("pk")
    for row in _exchanged(Side.SENDER).filter(pk__in=known).exclude(state=ReferralState.RECALLED):
        _withdraw(row, PERSON, at)


def case_taken_back(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Protected or forgotten here: also what had ended is erased there. It reads as any that was withdrawn."""
    for row in _exchanged(Side.SENDER).filter(case=case_pk).exclude(state=ReferralState.RECALLED):
        _withdraw(row, ALL, at)


def lane_changed(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Restricted since it was sent: there it still stands among others, so it is taken back."""
    case = Case.objects.get(pk=case_pk)
    if case.lane != Lane.RESTRICTED:
        return
    went_so = EnvelopeOut.objects.filter(kind=EnvelopeKind.REFERRAL, detail=case.restricted_kind).values("referral")
    for row in _exchanged(Side.SENDER).filter(case=case, state__in=LIVE).exclude(pk__in=went_so):
        recall(row.pk, reason=RecallReason.OTHER, by=SYSTEM, at=at)


def _exchanged(ours: Side) -> ReferralQuerySet:
    """Referrals of which this side is here, and the other in another installation."""
    theirs = Side.RECEIVER if ours == Side.SENDER else Side.SENDER
    return Referral.objects.filter(peer__isnull=False, peer_holds=theirs).exclude(state=ReferralState.DRAFT)


def _withdraw(row: Referral, scope: str, at: datetime) -> None:
    asked = EnvelopeOut.objects.filter(referral=row, kind=EnvelopeKind.WITHDRAWAL, cycle=row.cycle)
    if asked.filter(detail__in=[ALL, scope]).exists():
        return
    Referral.objects.filter(pk=row.pk).update(erasure_asked_at=at)
    queue(row.pk, EnvelopeKind.WITHDRAWAL, at=at, detail=scope)
