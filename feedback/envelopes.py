"""Keeping what a gateway hands over: sealed, once, before anything is made of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import audit, clocks
from core.actors import Actor
from core.gateways import InboundSms, Media
from core.inserting import insert_once
from core.publishing import publish_soon
from core.receipt_number import new_number
from feedback import parts, repeats
from feedback.enums import EnvelopeState
from feedback.models import Envelope
from feedback.sealed_door import NobodyCanRead

TASK = "feedback.tasks.handle_envelope"
ATTEMPTS = 6
PUBLISHED_ANEW_AFTER = timedelta(seconds=15)
LONGEST_ID = 120
EXTRAS = ("channel", "media", "order")
PLAIN = {"channel": "sms", "media": (), "order": ""}
OUTAGES = (OperationalError, InterfaceError, NobodyCanRead, OSError)


def store(message: InboundSms, *, gateway: str, received_at: datetime | None = None) -> bool:
    """Seals one message under the provider's id, and publishes it after commit. False if it was there already.

    `received_at`: when it reached us, where that is not now.
    """
    envelope = _envelope(message, gateway, received_at or timezone.now())
    is_new = insert_once(envelope) if message.is_named else _insert_unless_repeated(message, envelope)
    if is_new:
        publish_soon(TASK, str(envelope.pk))
    return is_new


@transaction.atomic
def _insert_unless_repeated(message: InboundSms, envelope: Envelope) -> bool:
    """Of a carrier that names no message: by its words."""
    said_at = envelope.sent_at or envelope.received_at
    is_repeat = repeats.is_repeat(message, gateway=envelope.gateway, said_at=said_at)
    return not is_repeat and insert_once(envelope)


def _envelope(message: InboundSms, gateway: str, received_at: datetime) -> Envelope:
    envelope = Envelope(
        gateway=gateway,
        provider_id=_short(message.provider_id),
        joint=parts.joint_of(message, gateway),
        part=message.part.number if message.part is not None else 0,
        parts=message.part.total if message.part is not None else 0,
        sent_at=min(message.sent_at, received_at) if message.sent_at is not None else None,
        received_at=received_at,
    )
    envelope.seal(
        sender=message.sender,
        recipient=message.to,
        body=message.body,
        receipt_number=message.receipt_number or new_number(),
        extras=extras_of(message),
    )
    return envelope


def extras_of(message: InboundSms) -> str:
    """What a message has besides its words, to be sealed with them; "" for a plain SMS."""
    if all(getattr(message, name) == PLAIN[name] for name in EXTRAS):
        return ""
    return json.dumps({name: value for name, value in asdict(message).items() if name in EXTRAS})


def with_extras(envelope: Envelope) -> InboundSms:
    """The message that an envelope holds, as its gateway handed it over."""
    extras = json.loads(envelope.unsealed("extras") or "{}")
    media = tuple(Media(**one) for one in extras.pop("media", []))
    return InboundSms(
        provider_id=envelope.provider_id,
        sender=envelope.unsealed("sender"),
        to=envelope.unsealed("recipient"),
        body=envelope.unsealed("body"),
        sent_at=envelope.sent_at,
        media=media,
        receipt_number=envelope.unsealed("receipt_number"),
        **extras,
    )


def waiting(*pks: Any) -> list[Envelope]:
    """Those of these ids that wait to be handled, in the order given."""
    found = {str(row.pk): row for row in Envelope.objects.filter(pk__in=pks, state=EnvelopeState.STORED)}
    return [found[pk] for pk in dict.fromkeys(map(str, pks)) if pk in found]


def waiting_ids(limit: int = 500) -> list[Any]:
    """Envelopes that should have been handled by now, each later than the last time it was tried."""
    now = timezone.now()
    # what a machine received whose clock was ahead is due now, not when that hour has come
    due = Q(received_at__gt=now + clocks.ALLOWED)
    for attempts in range(ATTEMPTS):
        due |= Q(attempts=attempts, received_at__lte=now - PUBLISHED_ANEW_AFTER * (2 ** (attempts + 1) - 1))
    stored = Envelope.objects.filter(due, state=EnvelopeState.STORED)
    return list(stored.order_by("attempts", "received_at").values_list("pk", flat=True)[:limit])


def note_failure(tried: Envelope, error: Exception) -> None:
    """Counts one try that failed. After several the envelope (with its parts) is flagged and kept, and holds up nobody.

    When it is not the message but a database or the vault's readers that are missing, it is tried until they are back.
    """
    with transaction.atomic():
        for envelope in parts.locked_together(tried):
            is_last = envelope.attempts + 1 >= ATTEMPTS
            envelope.attempts += 0 if is_last and isinstance(error, OUTAGES) else 1
            envelope.reason = type(error).__name__[:80]
            if envelope.attempts >= ATTEMPTS:
                envelope.state = EnvelopeState.FLAGGED
            envelope.save(update_fields=["attempts", "reason", "state"])


def flagged() -> QuerySet[Envelope]:
    """Those that could not be processed and wait for somebody, oldest first; without what is sealed in them."""
    return Envelope.objects.filter(state=EnvelopeState.FLAGGED).defer(*Envelope.sealed_fields()).order_by("received_at")


@transaction.atomic
def take_up_flagged(*, by: Actor) -> int:
    """Once the cause is mended: flagged envelopes are tried again. Out: how many. Audited."""
    count = Envelope.objects.filter(state=EnvelopeState.FLAGGED).update(state=EnvelopeState.STORED, attempts=0)
    if count:
        audit.record("feedback.envelope.take_up", by=by, count=count)
    return count


def forget(envelope: Envelope) -> None:
    """Handled: text and number go, and no link to a case was ever kept. The provider's id stays, against repeats."""
    envelope.forget_all()
    envelope.state = EnvelopeState.HANDLED
    envelope.reason = envelope.joint = ""
    envelope.part = envelope.parts = 0
    envelope.save(update_fields=[*envelope.sealed_fields(), "data_key", "state", "reason", "joint", "part", "parts"])


def _short(provider_id: str) -> str:
    if len(provider_id) <= LONGEST_ID and "\x00" not in provider_id:
        return provider_id
    return hashlib.sha256(provider_id.encode()).hexdigest()
