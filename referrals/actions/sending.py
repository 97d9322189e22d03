"""What the sender does: send, reply, recall, tell the person, close, reopen, send on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused, locked, move
from directory.api_auth import Credential
from directory.models import Office, Organisation, User
from directory.notices import Notice
from feedback.enums import Priority
from feedback.models import Case
from feedback.querysets import CaseQuerySet
from referrals.actions.following import case_may_be_stranded, case_was_referred
from referrals.actions.thread import add_message, check_neutral
from referrals.deadlines import deadlines_of
from referrals.enums import ConsentStatus, Level, MessageKind, ReferralState, ReopenReason, Side, Teller
from referrals.models import Consent, Referral, ReferralCycle
from referrals.peering import PeerActor
from referrals.peers import living_at, why_not_exchanged
from referrals.people import can_receive, goes_on_paper, tell_receiver, tell_sender

# Who may send for an organisation: one of its people, its own system, or the installation in which it works.
Member = User | Credential | PeerActor


@dataclass(frozen=True)
class Wish:
    """What the sender wants: to whom, what, at which level."""

    receiver_id: int
    office_id: int | None = None
    request: str = ""
    level: str = Level.MATTER
    priority: str = ""
    teller: str = Teller.SENDER
    service: str = ""


@transaction.atomic
def create(
    case_id: Any,
    wish: Wish,
    *,
    by: Member,
    at: datetime | None = None,
    pk: uuid.UUID | None = None,
    previous: Referral | None = None,
) -> Referral:
    """A draft, with names as they are today. The same `pk` twice is one referral. Raises Refused."""
    known = Referral.objects.filter(pk=pk, created_by=_person(by)).first() if pk else None
    if known is not None:
        return known
    check_neutral(wish.request)
    case = _case_for(case_id, by, previous)
    receiver = Organisation.objects.active().get(pk=wish.receiver_id)
    office = Office.objects.get(pk=wish.office_id, organisation=receiver) if wish.office_id else None
    _check_receiver(case, receiver, office, by)
    _check_teller(receiver, wish)
    referral = _draft(case, receiver, office, wish, by=by)
    referral.id, referral.previous = pk or referral.id, previous
    referral.consent = _standing_consent(referral, at or timezone.now())
    referral.seal(request=wish.request)
    referral.save(force_insert=True)
    audit.record("referrals.referral.create", by=by, target=referral, at=at, case=str(case.pk), level=wish.level)
    return referral


@transaction.atomic
def send(referral_id: uuid.UUID, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Referral:
    """The clock starts; the receiver is told that something waits, and nothing else."""
    moment = at or timezone.now()
    draft = Referral.objects.get(pk=referral_id)
    clocks = deadlines_of(draft, moment)
    details: dict[str, Any] = {"accept_by": clocks.accept_by, "answer_by": clocks.answer_by}
    referral = move(Referral, referral_id, "send", by=by, at=moment, seen=seen, **details)
    case_was_referred(referral.case, by=by, at=moment)
    tell_receiver(referral)
    return referral


@transaction.atomic
def create_and_send(
    case_id: Any,
    wish: Wish,
    *,
    by: Member,
    at: datetime | None = None,
    pk: uuid.UUID | None = None,
    previous: Referral | None = None,
) -> Referral:
    """One click: a referral made and sent. Raises Refused, and then leaves nothing."""
    referral = create(case_id, wish, by=by, at=at, pk=pk, previous=previous)
    if referral.state != ReferralState.DRAFT:
        return referral
    return send(referral.pk, by=by, at=at)


@transaction.atomic
def forward(
    referral_id: uuid.UUID, wish: Wish, *, by: Member, at: datetime | None = None, pk: uuid.UUID | None = None
) -> Referral:
    """The next hop after "not us": the same case to who is competent; the chain is kept."""
    refused = Referral.objects.get(pk=referral_id)
    if refused.state not in (ReferralState.REFUSED, ReferralState.RECALLED, ReferralState.CLOSED):
        raise Refused(_("Seul un référencement refusé ou retiré se transmet plus loin."))
    if Side.SENDER not in Referral.objects.sides_of(refused, by):
        raise Refused(_("C’est à l’émetteur de le faire."))
    return create_and_send(refused.case_id, wish, by=by, at=at, pk=pk, previous=refused)


@transaction.atomic
def reply(
    referral_id: uuid.UUID, *, words: str, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Referral:
    """Answers the receiver's question; the clock went on meanwhile."""
    referral = move(Referral, referral_id, "reply", by=by, at=at, seen=seen)
    add_message(referral, words, kind=MessageKind.REPLY, side=Side.SENDER, by=by, at=at)
    tell_receiver(referral)
    return referral


@transaction.atomic
def recall(
    referral_id: uuid.UUID, *, reason: str, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Referral:
    """Takes it back from the receiver. If nobody else has the case, it goes back to triage."""
    referral = move(Referral, referral_id, "recall", by=by, at=at, seen=seen, reason=reason)
    case_may_be_stranded(referral, by=by, at=at or timezone.now())
    tell_receiver(referral, Notice.INFO)
    return referral


def feed_back(
    referral_id: uuid.UUID,
    *,
    how: str,
    satisfaction: str = "",
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
) -> Referral:
    """The person was told: how, when (`at`), and what they said of it."""
    details: dict[str, Any] = {"how": how, "satisfaction": satisfaction}
    return move(Referral, referral_id, "feed_back", by=by, at=at, seen=seen, **details)


def close(
    referral_id: uuid.UUID, *, outcome: str, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Referral:
    """Ends it, with its outcome."""
    return move(Referral, referral_id, "close", by=by, at=at, seen=seen, outcome=outcome)


@transaction.atomic
def reopen(
    referral_id: uuid.UUID,
    *,
    reason: str = ReopenReason.NOT_SETTLED,
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
) -> Referral:
    """A new cycle and clock; the old one, with its answer, is kept beside."""
    moment = at or timezone.now()
    row = locked(Referral, referral_id)
    past = _past_cycle(row, reason, moment)
    clocks = deadlines_of(row, moment)
    details: dict[str, Any] = {"reason": reason, "accept_by": clocks.accept_by, "answer_by": clocks.answer_by}
    referral = move(Referral, referral_id, "reopen", by=by, at=moment, seen=seen, **details)
    past.save(force_insert=True)
    tell_receiver(referral)
    if isinstance(by, User):
        return referral
    tell_sender(referral, Notice.INFO)
    return referral


def _person(by: Member) -> User | None:
    return by if isinstance(by, User) else None


def _case_for(case_id: Any, by: Member, previous: Referral | None) -> Case:
    """The case, if whoever asks may refer it: they see it, or hold the referral that came back."""
    visible = _cases_of(by).filter(pk=case_id).first()
    if visible is not None:
        return visible
    if previous is not None and Side.SENDER in Referral.objects.sides_of(previous, by):
        return previous.case
    raise Case.DoesNotExist


def _cases_of(by: Member) -> CaseQuerySet:
    if isinstance(by, User):
        return Case.objects.visible_to(by)
    if isinstance(by, PeerActor):
        return Case.objects.unprotected().filter(entered_for=by.organisation)
    return Case.objects.open_to_system_of(by.organisation)


def _check_receiver(case: Case, receiver: Organisation, office: Office | None, by: Member) -> None:
    implicated = case.implicated()
    if receiver.pk in implicated.organisations or (office is not None and office.pk in implicated.offices):
        raise Refused(_("Ce destinataire ne peut pas recevoir ce dossier."))
    if receiver.pk == by.organisation_id and office in (None, by.office):
        raise Refused(_("On ne s’envoie pas un référencement à soi-même."))
    there = living_at(receiver)
    if there is not None and not isinstance(by, PeerActor):
        reason = why_not_exchanged(case, there, by.organisation)
        if reason is not None:
            raise Refused(reason)
        return
    on_paper = not isinstance(by, PeerActor) and goes_on_paper(case, receiver, office)
    if not on_paper and not can_receive(case, receiver, office):
        raise Refused(_("Ce destinataire n’a personne qui puisse recevoir ce dossier ici. Joignez-le par téléphone."))


def _check_teller(receiver: Organisation, wish: Wish) -> None:
    if wish.teller == Teller.RECEIVER and living_at(receiver) is not None:
        raise Refused(_("Ce destinataire est dans une autre installation : c’est vous qui le dites à la personne."))


def _exchanged(receiver: Organisation, by: Member) -> dict[str, Any]:
    """What a referral says of another installation, where one of its sides is there."""
    if isinstance(by, PeerActor):
        names = {"peer_ref": by.ref, "peer_reference": by.reference}
        return {"peer_id": by.peer_id, "peer_holds": Side.SENDER, **names}
    there = living_at(receiver)
    return {"peer": there.peer, "peer_holds": Side.RECEIVER} if there is not None else {}


def _draft(case: Case, receiver: Organisation, office: Office | None, wish: Wish, *, by: Member) -> Referral:
    category = case.category
    return Referral(
        reference=Referral.objects.free_reference(),
        case=case,
        sender=by.organisation,
        sender_office=by.office,
        sender_name=str(by.office or by.organisation),
        receiver=receiver,
        receiver_office=office,
        receiver_name=str(office or receiver),
        created_by=_person(by),
        is_on_paper=not isinstance(by, PeerActor) and goes_on_paper(case, receiver, office),
        **_exchanged(receiver, by),
        level=wish.level,
        priority=wish.priority or case.priority or Priority.NORMAL,
        teller=wish.teller,
        category_code=category.code if category else "",
        category_label=category.label if category else "",
        place=case.place,
        service_wanted=wish.service,
        summary=case.summary,
    )


def _standing_consent(referral: Referral, at: datetime) -> Consent | None:
    """What the person last said of this receiver: it stands until they say otherwise."""
    said = Consent.objects.for_receiver(referral.case_id, referral.receiver_id, referral.receiver_office_id).first()
    if said is None or said.status == ConsentStatus.WITHDRAWN:
        return None
    return said if said.status == ConsentStatus.REFUSED or said.is_valid(at) else None


def _past_cycle(row: Referral, reason: str, at: datetime) -> ReferralCycle:
    kept = (
        "sent_at",
        "accept_by",
        "answer_by",
        "received_at",
        "accepted_at",
        "answered_at",
        "fed_back_at",
        "closed_at",
    )
    past = ReferralCycle(
        referral=row,
        number=row.cycle,
        ended_in=row.state,
        ended_at=at,
        answer_kind=row.answer_kind,
        reopen_reason=reason,
        responsible=row.responsible,
        **{name: getattr(row, name) for name in kept},
    )
    past.seal(answer_words=row.unsealed("answer_words"))
    return past
