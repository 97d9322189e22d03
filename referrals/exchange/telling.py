"""What the origin says of the person, for the case that was opened here: that they were told, or are not settled."""

from __future__ import annotations

from datetime import datetime

from feedback.actions.answer import tell_person
from feedback.actions.reopen import reopen as reopen_case
from feedback.enums import CaseState, ReopenReason, ToldHow
from feedback.models import Case
from referrals import actions
from referrals.models import Referral
from referrals.peering import PeerActor


def person_was_told(referral: Referral, *, by: PeerActor, at: datetime) -> None:
    """By the origin, which is whom they trust."""
    case = Case.objects.get(pk=referral.case_id)
    if case.state == CaseState.ANSWERED and case.latest_answer is not None:
        tell_person(case.pk, how=ToldHow.RELAY, by=by, at=at)


def take_up_again(referral: Referral, reason: str, *, by: PeerActor, at: datetime) -> None:
    """With its case, where that had ended: a reaction then reopens the referral too."""
    case = Case.objects.get(pk=referral.case_id)
    if case.state == CaseState.CLOSED:
        reopen_case(case.pk, reason_code=ReopenReason.PERSON_NOT_SETTLED, by=by, at=at)
    if Referral.objects.get(pk=referral.pk).cycle == referral.cycle:
        actions.reopen(referral.pk, reason=reason, by=by, at=at)
