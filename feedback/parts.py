"""Long SMS that a carrier hands over in parts: they wait for each other, and are one message before it is screened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.gateways import InboundSms
from core.index import keyed_hash
from feedback.enums import EnvelopeState
from feedback.models import Envelope

MISSING = "[…]"


def joint_of(message: InboundSms, gateway: str) -> str:
    """What the parts of one message share: a keyed hash, "" for a whole message."""
    if message.part is None:
        return ""
    said = (gateway, message.sender, message.to, message.part.reference, str(message.part.total))
    return keyed_hash("\x1f".join(said), "parts")


def locked_together(envelope: Envelope) -> list[Envelope]:
    """A waiting envelope with the other waiting parts of its message, in their order; [] when it waits no more.

    For a transaction. All are locked in one order, so that workers who hold different parts do not lock each other out.
    """
    waiting = Envelope.objects.select_for_update().filter(state=EnvelopeState.STORED)
    rows = waiting.filter(joint=envelope.joint) if envelope.joint else waiting.filter(pk=envelope.pk)
    together = sorted(rows.order_by("pk"), key=lambda row: (row.part, row.received_at))
    return together if envelope in together else []


def are_due(together: list[Envelope]) -> bool:
    """Whether all parts are there, or were waited for long enough."""
    first = min(row.recorded_at for row in together)
    waited = timezone.now() - first >= timedelta(seconds=settings.PARTS_WAIT_SECONDS)
    return waited or not _missing(together)


def joined(together: list[Envelope], messages: list[InboundSms]) -> InboundSms:
    """One message of its parts, in the same order; one that lacks some says so."""
    if not together[0].joint:
        return messages[0]
    texts: dict[int, str] = {}
    for row, message in zip(together, messages, strict=True):
        texts.setdefault(row.part, message.body)
    total, missing = together[0].parts, _missing(together)
    body = "".join(texts.get(number, MISSING) for number in range(1, total + 1))
    if missing:
        counts = {"count": total - len(missing), "total": total}
        body = "\n".join([body, _("[Message incomplet : %(count)s parties sur %(total)s]") % counts])
    moments = [message.sent_at for message in messages if message.sent_at is not None]
    return replace(messages[0], body=body, sent_at=min(moments, default=None))


def _missing(together: list[Envelope]) -> set[int]:
    if not together[0].joint:
        return set()
    return set(range(1, together[0].parts + 1)) - {row.part for row in together}
