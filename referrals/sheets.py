"""The address behind the square of a sheet of paper: whoever holds the sheet can say what the agency answers.

No row makes it and no row holds it: the referral's id and a keyed hash of it, under a key kept outside the database.
It leads to what the sheet says at level 1, for one referral on paper, while that waits for its answer.
"""

from __future__ import annotations

import base64
import hmac
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from core.index import drawn_hash, ring
from feedback.enums import Lane
from referrals.enums import LIVE
from referrals.models import Referral

# So long after the answer was expected a sheet that was mislaid opens nothing any more (a proposal, not a norm).
LASTS_AFTER = timedelta(days=30)
# What waits for the sender's people; more of it would be somebody else's game.
WAITING_AT_MOST = 3
MARK = 20


def address_of(referral: Referral) -> str:
    """What the square on the sheet says; "" for a sheet that nobody may answer so."""
    if not _is_open(referral, referral.sent_at or referral.created_at):
        return ""
    return f"{settings.PUBLIC_URL}{reverse('referrals:sheet', args=[token_of(referral)])}"


def token_of(referral: Referral, keys: int = 0) -> str:
    """Another for each round, and after each renewal. `keys`: as it was when the ring of keys had so many."""
    name = base64.urlsafe_b64encode(referral.pk.bytes).decode().rstrip("=")
    said = f"{referral.pk}:{referral.cycle}:{referral.sheet_number}"
    return f"{name}-{drawn_hash(said, 'sheet', keys=keys)[:MARK]}"


def held_by(token: str, now: datetime) -> Referral | None:
    """The referral whose sheet this is; None for what is wrong, over, renewed or no sheet's."""
    referral = _named(token[: -MARK - 1])
    if referral is None or not any(_is(token_of(referral, keys), token) for keys in _rings()):
        return None
    return referral if _is_open(referral, now) else None


def _is(token: str, other: str) -> bool:
    return hmac.compare_digest(token.encode(), other.encode())


def _rings() -> range:
    """A sheet that was printed before a key was added is good until that change is over."""
    held = ring()
    return range(held.least, len(held.keys) + 1)


def _is_open(referral: Referral, now: datetime) -> bool:
    """Ordinary, on paper, sent, not taken back, still without an answer, and not long over."""
    if not referral.is_on_paper or referral.case.lane != Lane.ORDINARY or referral.withdrawn_at is not None:
        return False
    return referral.state in LIVE and referral.answer_by is not None and now < referral.answer_by + LASTS_AFTER


def _named(name: str) -> Referral | None:
    try:
        pk = uuid.UUID(bytes=base64.urlsafe_b64decode(name + "=="))
    except ValueError:
        return None
    return Referral.objects.select_related("case", "place__parent", "sender").filter(pk=pk).first()
