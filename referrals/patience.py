"""Posting to other systems with patience: one claims a row, settles it, or puts it back for later; what was cut off
is taken up again. Signed as Standard Webhooks asks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from referrals.enums import DeliveryState
from referrals.models.outgoing import Outgoing

# Fifteen tries take two days: systems are down over a weekend, and what they missed can be sent again.
MAX_ATTEMPTS = 15
LONGEST_WAIT = timedelta(hours=6)
CUT_OFF = timedelta(minutes=2)
PREFIX = "whsec_"
Row = TypeVar("Row", bound=Outgoing)


def new_secret() -> str:
    """A fresh 32-byte secret, as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret. Raises ValueError for what is none."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def signature(secret: str, name: str, moment: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    digest = hmac.new(key_of(secret), f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed(row: Outgoing, secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """An id that a repeat keeps, when it was sent, and a signature over both and the body."""
    name, moment = f"msg_{row.pk.hex}", str(int(now.timestamp()))
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": signature(secret, name, moment, body),
    }


def headers_of(row: Outgoing, secret: str, body: bytes, now: datetime) -> dict[str, str]:
    return {"content-type": "application/json", "user-agent": "Jaabi", **signed(row, secret, body, now)}


def due_ids(model: type[Row], limit: int = 500) -> list[Any]:
    """Those whose turn has come, and those that were cut off."""
    due = model._default_manager.filter(_due(timezone.now())).exclude(model.by_hand)
    return list(due.order_by("not_before").values_list("pk", flat=True)[:limit])


def claimed(model: type[Row], pk: Any, *related: str) -> Row | None:
    """The row, ours for one try, if it is due."""
    with transaction.atomic():
        rows = model._default_manager.select_for_update(of=("self",)).select_related(*related)
        row = rows.filter(_due(timezone.now()), pk=pk).exclude(model.by_hand).first()
        if row is None:
            return None
        row.state, row.attempts, row.not_before = DeliveryState.SENDING, row.attempts + 1, timezone.now()
        row.save(update_fields=["state", "attempts", "not_before"])
        return row


def put_back(row: Outgoing, status: int | None) -> bool:
    """For another try, later each time; False when it was the last."""
    if row.attempts >= MAX_ATTEMPTS:
        settle(row, DeliveryState.FAILED, status)
        return False
    wait = min(LONGEST_WAIT, timedelta(seconds=5 * 3 ** min(row.attempts, 9)))
    settle(row, DeliveryState.QUEUED, status, not_before=timezone.now() + wait)
    return True


def settle(row: Outgoing, state: DeliveryState, status: int | None = None, **more: Any) -> None:
    # Nothing if it was forgotten meanwhile, with what it was about. What is posted has no state machine.
    now = {"state": state, "answered": status, "tried_at": timezone.now(), **more}
    type(row)._default_manager.filter(pk=row.pk).update(**now)


def queue_again(row: Outgoing) -> None:
    """From the first try on, under the id it had; the caller holds the row."""
    row.state, row.attempts, row.not_before = DeliveryState.QUEUED, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "not_before"])


def _due(now: datetime) -> Q:
    waits = Q(state=DeliveryState.QUEUED, not_before__lte=now)
    return waits | Q(state=DeliveryState.SENDING, not_before__lte=now - CUT_OFF)
