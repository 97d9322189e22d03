"""Whether bytes come from a peer, unaltered and of late (Standard Webhooks)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from referrals.exchange.refusals import Fault, Unacceptable
from referrals.models import Peer
from referrals.patience import signature

TOLERANCE = timedelta(minutes=5)


def check_signature(
    peer: Peer, headers: Mapping[str, str], body: bytes, now: datetime, *, no_older_than: timedelta = TOLERANCE
) -> None:
    """Raises Unacceptable: unsigned, signed with another secret, altered, too old, or from the future."""
    secret = peer.unsealed("secret_in")
    name, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not secret or not name or not _is_of_late(moment, now, no_older_than):
        raise Unacceptable(Fault.BAD_SIGNATURE)
    expected = signature(secret, name, moment, body).encode()
    said = headers.get("webhook-signature", "").encode(errors="replace").split()
    if not any(hmac.compare_digest(expected, one) for one in said):
        raise Unacceptable(Fault.BAD_SIGNATURE)


def _is_of_late(moment: str, now: datetime, no_older_than: timedelta) -> bool:
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return False
    age = now.timestamp() - int(moment)
    return -TOLERANCE.total_seconds() <= age <= no_older_than.total_seconds()
