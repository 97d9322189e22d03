"""Taking a peer's envelope: once, in one transaction, by the acts that everybody's go through.

What comes out of order is taken where its own facts allow it, and passed over where later ones were already told.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.transitions import Refused
from feedback.actions.close import close as close_case
from feedback.enums import CaseState
from feedback.models import Case
from referrals import actions
from referrals.enums import EnvelopeKind, MessageKind, ReferralState, Side, Taken
from referrals.exchange.arriving import check_level_1, take_referral
from referrals.exchange.ending import take_back, take_back_person
from referrals.exchange.knowing import take_person
from referrals.exchange.queueing import queue
from referrals.exchange.refusals import Fault, Unacceptable
from referrals.exchange.shapes import Envelope, read
from referrals.exchange.telling import person_was_told, take_up_again
from referrals.models import EnvelopeIn, Peer, Referral
from referrals.peering import PeerActor

Act = Callable[[Referral, Envelope, PeerActor], Any]


@dataclass(frozen=True)
class Took:
    """What became of an envelope, and the referral that it is about, if one is held here."""

    envelope: uuid.UUID
    taken_as: Taken
    referral: Referral | None


def take(peer: Peer, raw: bytes) -> Took:
    """In: bytes whose signature was verified. Raises Unacceptable, and then nothing of it is kept."""
    envelope = read(raw)
    with transaction.atomic():
        return _take(peer, envelope)


def _take(peer: Peer, envelope: Envelope) -> Took:
    # One at a time: a withdrawal must not pass its referral by. Not against what is queued for the peer meanwhile.
    Peer.objects.select_for_update(no_key=True).get(pk=peer.pk)
    row, is_new = EnvelopeIn.objects.get_or_create(
        peer=peer,
        envelope=envelope.id,
        defaults={"kind": envelope.kind, "sequence": envelope.sequence, "ref": _their_name_for(envelope)},
    )
    if not is_new:
        return Took(envelope.id, Taken.KNOWN, row.referral)
    referral = _referral_of(peer, envelope)
    if envelope.kind == EnvelopeKind.REFERRAL:
        taken_as, referral = _new_one(peer, envelope, referral)
    elif referral is not None:
        taken_as = _act(peer, envelope, referral)
    elif envelope.kind == EnvelopeKind.WITHDRAWAL:
        taken_as = Taken.NOTHING_HELD
    else:
        raise Unacceptable(Fault.UNKNOWN_REFERRAL)
    row.referral, row.taken_as = referral, taken_as
    row.detail = str(envelope.content.get("decision", ""))
    row.save(update_fields=["referral", "taken_as", "detail"])
    return Took(envelope.id, taken_as, referral)


def _new_one(peer: Peer, envelope: Envelope, known: Referral | None) -> tuple[Taken, Referral | None]:
    """Its withdrawal may have come before it; and one that is here already is not here twice."""
    withdrawn = EnvelopeIn.objects.filter(peer=peer, ref=envelope.sender["id"], kind=EnvelopeKind.WITHDRAWAL)
    if known is None and withdrawn.exists():
        return Taken.NOTHING_HELD, None
    if known is not None:
        return Taken.KNOWN, known
    referral = take_referral(peer, envelope)
    queue(referral.pk, EnvelopeKind.RECEIPT, at=timezone.now())
    return Taken.TAKEN, referral


def _act(peer: Peer, envelope: Envelope, referral: Referral) -> Taken:
    """By the peer's side. What is not possible any more, because of something told later, is overtaken."""
    theirs = referral.receiver if referral.is_elsewhere else referral.sender
    by = PeerActor(peer.pk, theirs)
    _note_their_name(referral, envelope)
    happened_at = min(timezone.now(), max(envelope.happened_at, referral.sent_at or envelope.happened_at))
    try:
        with transaction.atomic():
            ACTS[envelope.kind](referral, replace(envelope, happened_at=happened_at), by)
    except Unacceptable:
        raise
    except Refused as error:
        if not _is_overtaken(referral, envelope):
            raise Unacceptable(Fault.NOT_POSSIBLE, error.reason) from error
        return Taken.OVERTAKEN
    return Taken.TAKEN


def _is_overtaken(referral: Referral, envelope: Envelope) -> bool:
    if Referral.objects.get(pk=referral.pk).shown_state == ReferralState.RECALLED:
        return True
    others = EnvelopeIn.objects.filter(referral=referral).exclude(envelope=envelope.id)
    return envelope.sequence < (others.aggregate(last=Max("sequence"))["last"] or 0)


def _referral_of(peer: Peer, envelope: Envelope) -> Referral | None:
    """The one it speaks of, of which the peer holds the side that speaks."""
    rows = Referral.objects.filter(peer=peer, peer_holds=envelope.by)
    if envelope.by == Side.SENDER:
        return rows.filter(peer_ref=envelope.sender["id"]).first() if envelope.sender["id"] else None
    try:
        return rows.filter(pk=uuid.UUID(envelope.sender["id"])).first()
    except ValueError:
        return None


def _their_name_for(envelope: Envelope) -> str:
    return envelope.sender["id"] if envelope.by == Side.SENDER else envelope.receiver["id"]


def _note_their_name(referral: Referral, envelope: Envelope) -> None:
    if not referral.is_elsewhere or referral.peer_ref or not envelope.receiver["id"]:
        return
    said = {"peer_ref": envelope.receiver["id"], "peer_reference": envelope.receiver["reference"]}
    Referral.objects.filter(pk=referral.pk).update(**said)


# -- each kind -------------------------------------------------------------------------------------------------------


def _receipt(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    """That their system has it moves nothing: looking is not receiving. That somebody says so does."""
    if envelope.content["received"]:
        actions.receive(referral.pk, by=by, at=envelope.happened_at)


def _decision(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    said, at = envelope.content, envelope.happened_at
    if said["decision"] == "accepted":
        actions.accept(referral.pk, by=by, at=at)
    elif said["decision"] == "started":
        actions.start(referral.pk, by=by, at=at)
    else:
        note = "\n".join(filter(None, [said["note"], said["competent"]]))
        check_level_1(note)
        actions.refuse(referral.pk, code=said["reason"], note=note, by=by, at=at)


def _message(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    """A question or its reply moves the referral while that is possible; its words are kept in any case."""
    words, at = envelope.content["words"], envelope.happened_at
    check_level_1(words)
    act = {MessageKind.QUESTION.value: actions.ask, MessageKind.REPLY.value: actions.reply}.get(
        envelope.content["role"]
    )
    try:
        with transaction.atomic():
            if act is not None:
                act(referral.pk, words=words, by=by, at=at)
                return
    except Refused:
        pass
    if referral.shown_state == ReferralState.RECALLED:
        raise Refused(Taken.OVERTAKEN.label)
    actions.say(referral.pk, words=words, by=by, at=at)


def _answer(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    actions.answer(referral.pk, by=by, at=envelope.happened_at, **envelope.content)


def _outcome(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    """The origin told the person, or ended it: so does the case that was opened here for it."""
    said, at = envelope.content, envelope.happened_at
    if said["told_how"] and referral.state == ReferralState.ANSWERED:
        actions.feed_back(referral.pk, how=said["told_how"], satisfaction=said["satisfaction"], by=by, at=at)
        person_was_told(referral, by=by, at=at)
    if said["outcome"]:
        actions.close(referral.pk, outcome=said["outcome"], by=by, at=at)
        _close_its_case(referral, said, by=by, envelope=envelope)


def _close_its_case(referral: Referral, said: Mapping[str, Any], *, by: PeerActor, envelope: Envelope) -> None:
    case = Case.objects.get(pk=referral.case_id)
    ends = {"unreachable": "unreachable", "no_answer_wanted": "no_answer_wanted"}
    settled = {"yes": "settled", "partly": "partly", "no": "not_settled"}
    outcome = ends.get(said["outcome"]) or settled.get(said["satisfaction"])
    if case.state == CaseState.ANSWERED and outcome is not None:
        close_case(case.pk, outcome=outcome, by=by, at=envelope.happened_at)


def _reopening(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    take_up_again(referral, envelope.content["reason"], by=by, at=envelope.happened_at)


def _withdrawal(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    take = take_back_person if envelope.content["scope"] == "person" else take_back
    take(referral, envelope.content["reason"], by=by, at=envelope.happened_at)


def _erasure(referral: Referral, envelope: Envelope, by: PeerActor) -> None:
    actions.confirm_erasure(referral.pk, by=by, at=envelope.happened_at)


ACTS: Mapping[EnvelopeKind, Act] = {
    EnvelopeKind.RECEIPT: _receipt,
    EnvelopeKind.DECISION: _decision,
    EnvelopeKind.MESSAGE: _message,
    EnvelopeKind.PERSON: take_person,
    EnvelopeKind.ANSWER: _answer,
    EnvelopeKind.OUTCOME: _outcome,
    EnvelopeKind.REOPENING: _reopening,
    EnvelopeKind.WITHDRAWAL: _withdrawal,
    EnvelopeKind.ERASURE: _erasure,
}
