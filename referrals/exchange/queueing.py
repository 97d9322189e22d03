"""An envelope for a peer: a row in the act's own transaction; it is written and sent after commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from core.publishing import publish
from core.transitions import locked
from referrals.enums import EnvelopeKind
from referrals.models import EnvelopeOut, Referral, ReferralMessage

TASK = "referrals.tasks.post_envelope"


def queue(
    referral_pk: Any, kind: EnvelopeKind, *, at: datetime, detail: str = "", message: ReferralMessage | None = None
) -> EnvelopeOut:
    """The next envelope of an exchanged referral; of a peer that is reached by hand it waits to be carried."""
    row = locked(Referral, referral_pk)
    assert row.peer is not None  # noqa: S101  whoever queues asked first
    last = EnvelopeOut.objects.filter(referral=row).aggregate(last=Max("sequence"))["last"] or 0
    made = EnvelopeOut.objects.create(
        peer=row.peer,
        referral=row,
        kind=kind,
        detail=detail,
        sequence=last + 1,
        cycle=row.cycle,
        message=message,
        happened_at=at,
        not_before=timezone.now(),
    )
    if row.peer.url:
        publish(TASK, str(made.pk))
    return made
