"""A referral that comes from another installation: a case of its own here, marked with who collected it, and the
referral to the organisation that it names."""

from __future__ import annotations

import uuid

from django.utils import timezone

from core.transitions import Refused
from directory.models import Organisation, Place
from feedback.actions.receive import Spoken, receive
from feedback.actions.triage import Sorting, triage
from feedback.enums import Channel, SafeContact
from feedback.level_one import why_not_neutral
from feedback.models import Category
from feedback.screening import suggests_sea
from feedback.source_keys import row_id
from referrals.actions.sending import Wish, create_and_send
from referrals.exchange.refusals import Fault, Unacceptable
from referrals.exchange.shapes import Envelope
from referrals.models import Peer, PeerOrganisation, Referral
from referrals.peering import PeerActor


def case_of(peer_id: uuid.UUID, ref: str) -> uuid.UUID:
    """The id of the case that was opened here for a peer's referral."""
    return row_id(_source(peer_id, ref), "case")


def take_referral(peer: Peer, envelope: Envelope) -> Referral:
    """Case and referral, by the acts that any go through. Raises Unacceptable."""
    said, ref = envelope.content, envelope.sender["id"]
    if not ref:
        raise Unacceptable(Fault.BAD_ENVELOPE)
    sender = _named(peer, envelope.sender["organisation"], is_there=True, fault=Fault.UNKNOWN_ORGANISATION)
    receiver = _named(peer, envelope.receiver["organisation"], is_there=False, fault=Fault.NOT_ADDRESSABLE)
    category = _category(said["category"])
    check_level_1(said["summary"], said["request"])
    by = PeerActor(peer.pk, sender, ref, envelope.sender["reference"])
    now = timezone.now()
    place = Place.objects.filter(pcode=said["place"]).first() if said["place"] else None
    case = receive(
        Spoken(
            source_key=_source(peer.pk, ref),
            receipt_number="",
            words="",
            channel=Channel.API,
            received_at=now,
            place=place,
            concerned=receiver,
            entered_for=sender,
            # Its origin is who tells the person.
            safe_contact=SafeContact.RELAY,
            **said["profile"],
        ),
        by=by,
    )
    if case is None:
        raise Unacceptable(Fault.SEALED_MATTER)
    sorting = Sorting(category, said["summary"], said["restricted"], about={"priority": said["priority"]})
    wish = Wish(receiver.pk, request=said["request"], priority=said["priority"], service=said["service"])
    try:
        triage(case.pk, sorting, by=by, at=now)
        return create_and_send(case.pk, wish, by=by, at=now)
    except Refused as error:
        raise Unacceptable(Fault.NO_FOCAL_POINT, error.reason) from error


def check_level_1(*texts: str) -> None:
    """Raises Unacceptable for what may not travel so."""
    if any(suggests_sea(text) for text in texts):
        raise Unacceptable(Fault.SEALED_MATTER)
    if any(why_not_neutral(text) is not None for text in texts):
        raise Unacceptable(Fault.NOT_NEUTRAL)


def _source(peer_id: uuid.UUID, ref: str) -> str:
    return f"peer:{peer_id}:{ref}"


def _named(peer: Peer, code: str, *, is_there: bool, fault: Fault) -> Organisation:
    known = PeerOrganisation.objects.select_related("organisation").filter(peer=peer, code=code, is_there=is_there)
    row = known.filter(organisation__is_active=True).first()
    if row is None:
        raise Unacceptable(fault)
    return row.organisation


def _category(code: str) -> Category:
    """The category, or the one above it where this installation does not divide it so."""
    for known in (code, code.partition(".")[0]):
        category = Category.objects.filter(pk=known, is_active=True).first()
        if category is not None and category.is_vault:
            raise Unacceptable(Fault.SEALED_MATTER)
        if category is not None:
            return category
    raise Unacceptable(Fault.UNKNOWN_CATEGORY)
