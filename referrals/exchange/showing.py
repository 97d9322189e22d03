"""What passed between two installations about one referral, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.transitions import Sentence
from feedback.enums import Lane
from referrals.enums import DeliveryState, EnvelopeKind
from referrals.exchange.refusals import words_of
from referrals.models import EnvelopeIn, EnvelopeOut, Referral

TO_CARRY = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.FAILED)


@dataclass(frozen=True)
class Passed:
    """One envelope. `file`: its id where it can be carried by hand."""

    when: datetime
    what: str
    came: bool
    state: Sentence
    tone: str
    file: Any = None
    why: Sentence = ""


def exchange_of(referral: Referral) -> dict[str, Any] | None:
    """None where the referral is exchanged with nobody."""
    if referral.peer is None:
        return None
    # what is confidential does not go by mail
    by_mail = referral.case.lane == Lane.ORDINARY
    passed = [_out(row, by_hand=not referral.peer.url, by_mail=by_mail) for row in referral.envelopes_out.all()]
    passed += [_in(row) for row in referral.envelopes_in.all()]
    return {
        "peer": referral.peer,
        "reference": referral.peer_reference,
        "passed": sorted(passed, key=lambda one: one.when, reverse=True),
        "to_carry": any(one.file for one in passed),
    }


def _out(row: EnvelopeOut, *, by_hand: bool, by_mail: bool) -> Passed:
    state, is_left = DeliveryState(row.state), row.state in TO_CARRY
    return Passed(
        when=row.happened_at,
        what=str(EnvelopeKind(row.kind).label),
        came=False,
        state=_("à porter") if by_hand and by_mail else state.label,
        tone=state.tone,
        file=row.pk if by_mail and (is_left or by_hand) else None,
        why=words_of(row.reason) if row.reason else "",
    )


def _in(row: EnvelopeIn) -> Passed:
    return Passed(row.taken_at, str(EnvelopeKind(row.kind).label), True, row.get_taken_as_display(), "done")
