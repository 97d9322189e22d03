"""Posting envelopes to peers: at least once, with patience; and what a refusal there means here."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import outside
from core.actors import SYSTEM
from referrals import patience
from referrals.actions.receiving import confirm_erasure
from referrals.actions.sending import recall
from referrals.enums import LIVE, DeliveryState, EnvelopeKind, RecallReason, Taken
from referrals.exchange.refusals import FINAL
from referrals.exchange.writing import written
from referrals.models import EnvelopeOut, Referral
from referrals.peering import PeerActor
from referrals.people import tell_receiver, tell_sender

WHAT = ("peer", "message", "referral__case", "referral__place", "referral__consent", "referral__competent",
        "referral__sender", "referral__receiver")  # fmt: skip
GONE = 410


def post(pk: Any) -> None:
    """One try of one envelope, if it is due. Whoever receives it twice sees the same id."""
    row = patience.claimed(EnvelopeOut, pk, *WHAT)
    if row is None:
        return
    body = body_of(row)
    if body is None:
        patience.settle(row, DeliveryState.DROPPED)
        return
    headers = patience.headers_of(row, row.peer.unsealed("secret_out"), body, timezone.now())
    try:
        status, answer = outside.post_and_read(row.peer.url, body, headers)
    except outside.Forbidden:
        _failed(row, None, "")
    except outside.Unreachable:
        _later(row, None)
    else:
        _answered(row, status, answer)


def body_of(row: EnvelopeOut) -> bytes | None:
    """The bytes that are signed; None when nothing may leave: while practising, to a peer that was stopped, of what
    may not be known any more."""
    is_open = row.peer.stopped_at is None and not settings.TRAINING
    said = written(row) if is_open else None
    return None if said is None else json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _answered(row: EnvelopeOut, status: int, answer: bytes) -> None:
    if 200 <= status < 300:
        patience.settle(row, DeliveryState.DELIVERED, status)
        if row.kind == EnvelopeKind.WITHDRAWAL and _said(answer, "status") == Taken.NOTHING_HELD:
            _nothing_to_erase(row)
    elif status in FINAL or status == GONE:
        _failed(row, status, _said(answer, "type").rpartition("#")[2])
    else:
        _later(row, status)


def _later(row: EnvelopeOut, status: int | None) -> None:
    if not patience.put_back(row, status):
        _tell_ours(row.referral)


@transaction.atomic
def _failed(row: EnvelopeOut, status: int | None, reason: str) -> None:
    """It will not be taken. A referral that its receiver's system refuses is the sender's again, to send elsewhere."""
    patience.settle(row, DeliveryState.FAILED, status, reason=reason[:40])
    referral = Referral.objects.get(pk=row.referral_id)
    if row.kind == EnvelopeKind.REFERRAL and referral.state in LIVE:
        recall(referral.pk, reason=RecallReason.UNDELIVERED, by=SYSTEM)
    _tell_ours(referral)


def _tell_ours(referral: Referral) -> None:
    """Whoever acts for our side must speak with the other by telephone."""
    (tell_sender if referral.is_elsewhere else tell_receiver)(referral)


def _nothing_to_erase(row: EnvelopeOut) -> None:
    receiver = PeerActor(row.peer_id, row.referral.receiver)
    confirm_erasure(row.referral_id, by=receiver)


def _said(answer: bytes, name: str) -> str:
    """One text of the peer's answer, "" when there is none that can be read."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    return str(said.get(name, "")) if isinstance(said, dict) else ""
