"""What the person permitted to be known, once the receiver here has accepted: kept with the consent it rests on."""

from __future__ import annotations

from typing import Any

from core.transitions import Refused, locked
from directory.notices import Notice
from feedback.actions.person_known import note_person
from feedback.screening import suggests_sea
from referrals.actions.consent import Receiver, grant_consent, override_consent
from referrals.enums import OF_THE_PERSON, ConsentStatus, Level, ReferralState
from referrals.exchange.arriving import case_of
from referrals.exchange.refusals import Fault, Unacceptable
from referrals.exchange.sealed_part import opened
from referrals.exchange.shapes import Envelope, SealedShape, checked
from referrals.models import Consent, Peer, Referral
from referrals.peering import PeerActor
from referrals.people import tell_receiver


def take_person(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    """Level 2. Raises Refused: taken back; Unacceptable: not accepted here, unreadable, or a matter for the vault."""
    row = locked(Referral, referral.pk)
    if row.shown_state == ReferralState.RECALLED:
        raise Refused(row.shown_state.label)
    if row.accepted_at is None or row.case_id != case_of(by.peer_id, row.peer_ref):
        raise Unacceptable(Fault.NOT_POSSIBLE)
    secret = Peer.objects.get(pk=by.peer_id).unsealed("secret_in")
    said = checked(SealedShape, opened(envelope.content["sealed"], secret, str(envelope.id)))
    known = {name: said[name] for name in OF_THE_PERSON}
    if not any(known.values()):
        raise Unacceptable(Fault.BAD_ENVELOPE)
    if suggests_sea("\n".join(known.values())):
        raise Unacceptable(Fault.SEALED_MATTER)
    row.consent = _consent(row, said, by)
    row.level = Level.PERSON
    row.save(update_fields=["consent", "level"])
    tell_receiver(row, Notice.INFO)
    note_person(row.case_id, **known, by=by, at=envelope.happened_at)


def _consent(row: Referral, said: dict[str, Any], by: PeerActor) -> Consent:
    consent: dict[str, Any] = dict(said["consent"])
    receiver, at = Receiver(row.receiver_id, row.receiver_office_id), consent["given_at"]
    known: dict[str, Any] = {name: bool(said[name]) for name in OF_THE_PERSON}
    if consent["status"] == ConsentStatus.NOT_REQUIRED:
        return override_consent(row.case_id, receiver, code=consent["override"], by=by, at=at, **known)
    how = {name: consent[name] for name in ("method", "giver", "language")}
    made = grant_consent(row.case_id, receiver, by=by, at=at, **how, **known)
    if consent["expires_at"] is not None:
        made.expires_at = consent["expires_at"]
        made.save(update_fields=["expires_at"])
    return made
