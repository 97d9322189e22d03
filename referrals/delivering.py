"""Sending events to organisations' systems, signed as Standard Webhooks asks: at least once, with patience."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import outside
from referrals.enums import DeliveryState
from referrals.events import may_know
from referrals.models import Delivery

# Fifteen tries take two days: systems are down over a weekend, and the referral can be read by the API anyway.
MAX_ATTEMPTS = 15
LONGEST_WAIT = timedelta(hours=6)
CUT_OFF = timedelta(minutes=2)
KEPT_DAYS = 30
GONE = 410
PREFIX = "whsec_"


def deliver(pk: Any) -> None:
    """One try of one event, if it is due. Safe to run twice: whoever receives it twice sees the same `webhook-id`."""
    row = _claimed(pk)
    if row is None:
        return
    if not _still_stands(row):
        _settle(row, DeliveryState.DROPPED)
        return
    body = json.dumps(payload_of(row), separators=(",", ":")).encode()
    try:
        status = outside.post(row.endpoint.url, body, headers_of(row, body, timezone.now()))
    except outside.Forbidden:
        _settle(row, DeliveryState.FAILED)
    except outside.Unreachable:
        _put_back(row, None)
    else:
        _answered(row, status)


def payload_of(row: Delivery) -> dict[str, Any]:
    """Ids, a state and times: whatever else there is to know is asked for, and shown to whoever may see it then."""
    return {
        "type": row.event,
        "timestamp": row.happened_at.isoformat(),
        "data": {
            "id": str(row.referral_id),
            "state": row.referral_state,
            "url": f"{settings.PUBLIC_URL}/api/v1/referrals/{row.referral_id}/",
        },
    }


def headers_of(row: Delivery, body: bytes, now: datetime) -> dict[str, str]:
    """Standard Webhooks: an id that a repeat keeps, when it was sent, and a signature over both and the body."""
    name, moment = f"msg_{row.pk.hex}", str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "user-agent": "Jaabi",
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": signature(row.endpoint.unsealed("secret"), name, moment, body),
    }


def signature(secret: str, name: str, moment: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def due_ids(limit: int = 500) -> list[Any]:
    """Those whose turn has come, and those that were cut off."""
    due = Delivery.objects.filter(_due(timezone.now()))
    return list(due.order_by("not_before").values_list("pk", flat=True)[:limit])


def forget_old(now: datetime) -> None:
    """What became of an event is shown for a while, and then nobody's business."""
    Delivery.objects.filter(happened_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(
        state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]
    ).delete()


def _due(now: datetime) -> Q:
    waits = Q(state=DeliveryState.QUEUED, not_before__lte=now)
    return waits | Q(state=DeliveryState.SENDING, not_before__lte=now - CUT_OFF)


def _claimed(pk: Any) -> Delivery | None:
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint__organisation")
        row = rows.filter(_due(timezone.now()), pk=pk).first()
        if row is None:
            return None
        row.state, row.attempts, row.not_before = DeliveryState.SENDING, row.attempts + 1, timezone.now()
        row.save(update_fields=["state", "attempts", "not_before"])
        return row


def _still_stands(row: Delivery) -> bool:
    """Nothing leaves while practising, to an endpoint that was stopped, or of what its organisation may not see now."""
    endpoint = row.endpoint
    is_open = endpoint.stopped_at is None and endpoint.organisation.is_active and not settings.TRAINING
    return is_open and may_know(endpoint.organisation, row.referral_id)


def _answered(row: Delivery, status: int) -> None:
    if 200 <= status < 300:
        _settle(row, DeliveryState.DELIVERED, status)
    elif status == GONE:
        _settle(row, DeliveryState.FAILED, status)
    else:
        _put_back(row, status)


def _put_back(row: Delivery, status: int | None) -> None:
    if row.attempts >= MAX_ATTEMPTS:
        _settle(row, DeliveryState.FAILED, status)
        return
    wait = min(LONGEST_WAIT, timedelta(seconds=5 * 3 ** min(row.attempts, 9)))
    _settle(row, DeliveryState.QUEUED, status, not_before=timezone.now() + wait)


def _settle(row: Delivery, state: DeliveryState, status: int | None = None, **more: Any) -> None:
    tried = {"answered": status, "tried_at": timezone.now()}
    Delivery.objects.filter(pk=row.pk).update(state=state, **tried, **more)
