"""Sending events to organisations' systems, signed as Standard Webhooks asks: at least once, with patience."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from core import outside
from referrals import patience
from referrals.enums import DeliveryState
from referrals.events import may_know
from referrals.models import Delivery

KEPT_DAYS = 30
GONE = 410


def deliver(pk: Any) -> None:
    """One try of one event, if it is due. Safe to run twice: whoever receives it twice sees the same `webhook-id`."""
    row = patience.claimed(Delivery, pk, "endpoint__organisation")
    if row is None:
        return
    if not _still_stands(row):
        patience.settle(row, DeliveryState.DROPPED)
        return
    body = json.dumps(payload_of(row), separators=(",", ":")).encode()
    headers = patience.headers_of(row, row.endpoint.unsealed("secret"), body, timezone.now())
    try:
        status = outside.post(row.endpoint.url, body, headers)
    except outside.Forbidden:
        patience.settle(row, DeliveryState.FAILED)
    except outside.Unreachable:
        patience.put_back(row, None)
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


def forget_old(now: datetime) -> None:
    """What became of an event is shown for a while, and then nobody's business."""
    Delivery.objects.filter(happened_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(
        state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]
    ).delete()


def _still_stands(row: Delivery) -> bool:
    """Nothing leaves while practising, to an endpoint that was stopped, or of what its organisation may not see now."""
    endpoint = row.endpoint
    is_open = endpoint.stopped_at is None and endpoint.organisation.is_active and not settings.TRAINING
    return is_open and may_know(endpoint.organisation, row.referral_id)


def _answered(row: Delivery, status: int) -> None:
    if 200 <= status < 300:
        patience.settle(row, DeliveryState.DELIVERED, status)
    elif status == GONE:
        patience.settle(row, DeliveryState.FAILED, status)
    else:
        patience.put_back(row, status)
