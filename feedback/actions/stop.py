"""STOP and START: messages stop and begin again, and nothing else changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.models import Outbound
from core.outbox import queue_sms, withhold
from feedback.outgoing import fixed_sms
from feedback.preferences import learn, locked_preference, phone_index
from feedback.sms_cost import as_it_leaves
from feedback.sms_texts import text_and_language


@transaction.atomic
def stop(phone: str, *, was_told: bool = False) -> None:
    """From now on this number (E.164) is sent nothing but one confirmation; what waits already is taken back.

    An answer among it comes back to those who must tell it otherwise. A second STOP is not answered.
    `was_told`: the carrier confirmed it already, and takes nothing more for this number.
    """
    known = locked_preference(phone_index(phone))
    if known.stopped_at is not None:
        return
    learn(known, stopped_at=timezone.now())
    withhold(phone)
    if not was_told:
        text, language = text_and_language("stopped", known.language)
        queue_sms(phone, as_it_leaves(text, language, known.line), kind=Outbound.Kind.MENU, line=known.line)


def opted_out_at_carrier(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: the carrier refused a message because the person had it stop ours. It holds by every line."""
    row = Outbound.objects.get(pk=outbound_id)
    stop(row.unsealed("recipient"), was_told=True)


@transaction.atomic
def restart(phone: str, *, was_told: bool = False) -> None:
    """This number is written to again. `was_told`: the carrier said so already."""
    learn(locked_preference(phone_index(phone)), stopped_at=None)
    if not was_told:
        fixed_sms(phone, "restarted", kind=Outbound.Kind.MENU)
