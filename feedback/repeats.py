"""Carriers that name no message: what they repeat is known by its words, for a few seconds, until we write back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.actors import Actor
from core.gateways import InboundSms
from core.index import keyed_hash
from core.models import Outbound
from feedback.models import JustSaid
from feedback.preferences import phone_index

KEPT = timedelta(hours=1)
# What calls for a reply. A receipt or a menu does not: a repeat often comes just after.
CALLS_FOR_REPLY = {Outbound.Kind.QUESTION, Outbound.Kind.ANSWER}


def is_repeat(message: InboundSms, *, gateway: str, said_at: datetime) -> bool:
    """Whether these words came from this sender by this line a moment before; notes them. In the caller's transaction,
    so that what is not stored is not noted either."""
    part = f"{message.part.reference}/{message.part.number}" if message.part is not None else ""
    key = keyed_hash("\x1f".join((gateway, message.sender, message.body, part)), "just-said")
    noted = JustSaid.objects.select_for_update()
    row, is_new = noted.get_or_create(key=key, defaults={"phone_hash": phone_index(message.sender), "said_at": said_at})
    if is_new or abs(said_at - row.said_at) <= timedelta(seconds=settings.REPEAT_WINDOW_SECONDS):
        return not is_new
    row.said_at = said_at
    row.save()
    return False


def written_back(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: a question or an answer left for this person. The same word again is a new word."""
    row = Outbound.objects.get(pk=outbound_id)
    if row.kind in CALLS_FOR_REPLY and (phone := row.unsealed("recipient")):
        JustSaid.objects.filter(phone_hash=phone_index(phone)).delete()


def forget() -> None:
    """Drops what was noted long ago."""
    JustSaid.objects.filter(noted_at__lt=timezone.now() - KEPT).delete()
