"""From a stored envelope to what is made of it: one transaction, harmless to repeat."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from core import erasures
from core.even_answers import answering
from core.gateways import InboundSms
from core.line_health import note_received
from core.phones import normalise
from core.reading_once import reading_once
from feedback import envelopes, kept_forms, parts, recordings
from feedback.conversation import Heard, take
from feedback.enums import Channel
from feedback.models import Envelope
from feedback.preferences import phone_index
from feedback.recordings import Brought

logger = logging.getLogger(__name__)


def handle(*pks: Any) -> None:
    """Handles, one by one, those envelopes that still wait. What goes wrong with one is counted on it.

    What staff set (texts, lines, the usual delay) is read once for all of them.
    """
    with reading_once():
        lines = {_tried(envelope) for envelope in envelopes.waiting(*pks)}
    for line in filter(None, lines):
        note_received(line)


def _tried(envelope: Envelope) -> str:
    """Out: the line by which a message came that was handled, or ""."""
    try:
        return _handle(envelope, recordings.fetched(envelope))
    except Exception as error:
        # A task has no reader: whatever went wrong, the message stays stored and is tried again, then flagged.
        logger.exception("envelope not handled", extra={"error": type(error).__name__})
        envelopes.note_failure(envelope, error)
        return ""


@transaction.atomic
def _handle(envelope: Envelope, brought: Brought) -> str:
    """Out: the line it came by, "" when there was nothing to do, or when other parts of the message are waited for."""
    together = parts.locked_together(envelope)
    if not together or not parts.are_due(together):
        return ""
    first = together[0]
    if first.gateway == kept_forms.FORM:
        kept_forms.take_in(first)
        envelopes.forget(first)
        return ""
    messages = [envelopes.with_extras(part) for part in together]
    heard = _heard(first, parts.joined(together, messages), brought, min(row.received_at for row in together))
    with answering(max(row.received_at for row in together)):
        take(heard)
    left = [name for message in messages for name in _left_at_the_carrier(message)]
    erasures.ask(first.gateway, *left, *brought.resources)
    for part in together:
        envelopes.forget(part)
    return str(first.gateway)


def _left_at_the_carrier(message: InboundSms) -> list[str]:
    """A call leaves no text there."""
    return [] if message.channel == "voice" else [message.provider_id]


def _heard(envelope: Envelope, message: InboundSms, brought: Brought, received_at: datetime) -> Heard:
    sender = message.sender
    phone = normalise(sender)
    return Heard(
        source_key=f"envelope:{envelope.pk}",
        receipt_number=message.receipt_number,
        sender=sender,
        phone=phone or "",
        phone_hash=phone_index(phone) if phone else "",
        body="\n".join(filter(None, [message.body.replace("\x00", " ").strip(), *brought.notes])),
        channel=Channel(message.channel).value,
        received_at=received_at,
        said_at=message.sent_at or received_at,
        line=envelope.gateway,
        order=message.order,
        recording=brought.recording,
    )
