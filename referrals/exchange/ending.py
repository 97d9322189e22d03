"""A withdrawal from the origin: always taken, whatever the state here; what is held is erased, and that is said."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import audit
from core.actors import SYSTEM
from core.transitions import Refused, react
from directory.notices import Notice
from feedback.actions.forget import erase_case
from feedback.actions.person_known import forget_person
from feedback.enums import CaseState
from feedback.models import Case
from referrals.actions.consent import withdraw_consent
from referrals.actions.following import sorted_as_before
from referrals.actions.sending import recall
from referrals.enums import LIVE, ConsentStatus, Level, RecallReason
from referrals.exchange.arriving import case_of
from referrals.models import Referral
from referrals.peering import PeerActor
from referrals.people import tell_receiver
from referrals.reactions import forget_referral


def take_back(referral: Referral, reason: str, *, by: PeerActor, at: datetime) -> None:
    """All of it. Whoever had accepted it at level 2 may have noted something elsewhere, and confirms in person."""
    row = Referral.objects.get(pk=referral.pk)
    if row.state in LIVE:
        recall(row.pk, reason=reason, by=by, at=at)
    is_erased = _erase_its_case(row, by, at)
    if row.withdrawn_at is None:
        forget_referral(row.pk, at)
    _ask_erasure(row, at, of_people=not is_erased)


def take_back_person(referral: Referral, reason: str, *, by: PeerActor, at: datetime) -> None:
    """What touches the person, and nothing else: a service under way goes on without their name."""
    row = Referral.objects.select_related("consent").get(pk=referral.pk)
    if row.consent is not None and row.consent.status != ConsentStatus.WITHDRAWN:
        withdraw_consent(row.consent.pk, by=by, at=at, spares_services=True)
    if row.case_id == case_of(by.peer_id, row.peer_ref):
        forget_person(row.case_id, by=by, at=at)
    _ask_erasure(row, at)


def _erase_its_case(row: Referral, by: PeerActor, at: datetime) -> bool:
    """The case that was opened here for it, wherever the referral stands now; never one that it was joined to.

    False where people made something of it that only people can end: then they are asked.
    """
    case = Case.objects.filter(pk=case_of(by.peer_id, row.peer_ref)).first()
    if case is None or case.state == CaseState.PROTECTED:
        return True
    for onward in Referral.objects.filter(case=case).live():
        recall(onward.pk, reason=RecallReason.OTHER, by=SYSTEM, at=at)
    case.refresh_from_db()
    if case.state == CaseState.REOPENED:
        sorted_as_before(case, at)
    try:
        with transaction.atomic():
            erase_case(case.pk, by=by, at=at)
    except Refused:
        forget_person(case.pk, by=by, at=at)
        return False
    return True


def _ask_erasure(row: Referral, at: datetime, *, of_people: bool = False) -> None:
    """Of people who may hold it otherwise; else it is done, and said at once."""
    row.refresh_from_db()
    row.erasure_asked_at = row.erasure_asked_at or at
    knew_person = row.level == Level.PERSON and row.accepted_at is not None
    is_for_people = (of_people or knew_person) and row.erasure_confirmed_at is None
    if not is_for_people:
        row.erasure_confirmed_at = row.erasure_confirmed_at or at
    row.save(update_fields=["erasure_asked_at", "erasure_confirmed_at"])
    if is_for_people:
        tell_receiver(row, Notice.ACT)
        return
    react(row, "confirm_erasure", by=SYSTEM, at=at)
    audit.record("referrals.referral.confirm_erasure", by=SYSTEM, target=row, at=at)
