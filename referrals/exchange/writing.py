"""What an envelope says, read at the moment it leaves: so that nothing leaves that may not be known any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from directory.enums import RestrictedKind
from feedback.enums import Lane
from referrals.disclosure import disclosed_to_receiver, person_of
from referrals.enums import EnvelopeKind, Level, RecallReason, ReferralState, Side
from referrals.exchange.sealed_part import sealed
from referrals.exchange.shapes import VERSION
from referrals.models import EnvelopeOut, Referral
from referrals.peers import known_to, other_side, why_lane_stays

PROFILE = ("sex", "age_group", "disability", "population_status", "language")
# Of ids alone: they leave whatever became of the referral.
ALWAYS = frozenset({EnvelopeKind.WITHDRAWAL, EnvelopeKind.ERASURE})
# Facts of one round, which a reopening puts away.
OF_A_CYCLE = frozenset(
    {EnvelopeKind.RECEIPT, EnvelopeKind.DECISION, EnvelopeKind.ANSWER, EnvelopeKind.OUTCOME, EnvelopeKind.PERSON}
)
Content = dict[str, Any] | None


def written(row: EnvelopeOut, now: datetime | None = None) -> dict[str, Any] | None:
    """The envelope as JSON; None when there is nothing left of it to say, or that may be said."""
    referral = row.referral
    sender, receiver = known_to(row.peer, referral.sender), known_to(row.peer, referral.receiver)
    content = _content(row, now or timezone.now())
    if sender is None or receiver is None or content is None:
        return None
    ours = {"id": str(referral.pk), "reference": referral.reference}
    theirs = {"id": referral.peer_ref, "reference": referral.peer_reference}
    named = (ours, theirs) if referral.is_elsewhere else (theirs, ours)
    return {
        "version": VERSION,
        "id": str(row.pk),
        "kind": row.kind,
        "by": Side.SENDER.value if referral.is_elsewhere else Side.RECEIVER.value,
        "sequence": row.sequence,
        "happened_at": row.happened_at.isoformat(),
        "sender": {"organisation": sender.code, **named[0]},
        "receiver": {"organisation": receiver.code, **named[1]},
        "content": content,
    }


def _content(row: EnvelopeOut, now: datetime) -> Content:
    kind, referral = EnvelopeKind(row.kind), row.referral
    if kind not in ALWAYS and not _may_leave(row, referral):
        return None
    return WRITE[kind](row, referral, now)


def _may_leave(row: EnvelopeOut, referral: Referral) -> bool:
    """Nothing but its withdrawal of what was taken back; nothing restricted where nobody is named for it."""
    if referral.shown_state == ReferralState.RECALLED:
        return False
    if row.kind in OF_A_CYCLE and row.cycle != referral.cycle:
        return False
    there = other_side(referral)
    return there is not None and (not referral.is_elsewhere or why_lane_stays(referral.case, there) is None)


def matter_of(referral: Referral) -> dict[str, Any]:
    """Level 1."""
    case, place = referral.case, referral.place
    restricted = RestrictedKind(case.restricted_kind).value if case.lane == Lane.RESTRICTED else ""
    return {
        "level": Level(referral.level).value,
        "priority": referral.priority,
        "category": referral.category_code,
        "restricted": restricted,
        "place": place.pcode if place is not None else "",
        "service": referral.service_wanted,
        "summary": referral.summary,
        "request": referral.unsealed("request"),
        "profile": {name: getattr(case, name) for name in PROFILE},
    }


def _matter(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    return matter_of(referral)


def _receipt(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    return {"received": bool(row.detail)}


def _decision(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    said: dict[str, Any] = {"decision": row.detail}
    if row.detail != "refused":
        return said
    note = referral.unsealed("note") if _words_may_leave(referral) else ""
    return {**said, "reason": referral.refusal_code, "competent": str(referral.competent or ""), "note": note}


def _message(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    if row.message is None or not _words_may_leave(referral):
        return None
    return {"role": row.message.kind, "words": row.message.unsealed("words")}


def _person(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    seen, said = disclosed_to_receiver(referral, now), referral.consent
    if not seen.person or said is None:
        return None
    names = ("status", "method", "giver", "language")
    consent = {
        **{name: getattr(said, name) for name in names},
        "override": said.override_code,
        "given_at": said.given_at.isoformat(),
        "expires_at": said.expires_at.isoformat() if said.expires_at is not None else None,
    }
    part = {**person_of(referral, seen), "consent": consent}
    return {"sealed": sealed(part, row.peer.unsealed("secret_out"), str(row.pk))}


def _answer(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    words = referral.unsealed("answer_words")
    return {"kind": referral.answer_kind, "words": words, "reason": referral.unsuccessful_reason}


def _outcome(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    closed = {"outcome": referral.outcome} if row.detail == "closed" else {}
    return {"told_how": referral.told_how, "satisfaction": referral.satisfaction, **closed}


def _reopening(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    return {"reason": referral.reopen_reason}


def _withdrawal(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    """A case that was protected says what any other says."""
    if row.detail == "person":
        return {"reason": RecallReason.CONSENT_WITHDRAWN.value, "scope": row.detail}
    is_plain = referral.withdrawn_at is None and referral.recall_reason
    return {"reason": referral.recall_reason if is_plain else RecallReason.OTHER.value, "scope": row.detail}


def _erasure(row: EnvelopeOut, referral: Referral, now: datetime) -> Content:
    return {}


def _words_may_leave(referral: Referral) -> bool:
    """What is written between the two sides stays here once it is restricted here and not known to be so there."""
    there = other_side(referral)
    return there is not None and why_lane_stays(referral.case, there) is None


WRITE: Mapping[EnvelopeKind, Callable[[EnvelopeOut, Referral, datetime], Content]] = {
    EnvelopeKind.REFERRAL: _matter,
    EnvelopeKind.RECEIPT: _receipt,
    EnvelopeKind.DECISION: _decision,
    EnvelopeKind.MESSAGE: _message,
    EnvelopeKind.PERSON: _person,
    EnvelopeKind.ANSWER: _answer,
    EnvelopeKind.OUTCOME: _outcome,
    EnvelopeKind.REOPENING: _reopening,
    EnvelopeKind.WITHDRAWAL: _withdrawal,
    EnvelopeKind.ERASURE: _erasure,
}
