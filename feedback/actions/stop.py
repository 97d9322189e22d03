"""STOP and START: messages stop and begin again, and nothing else changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.models import Outbound
from core.outbox import queue_sms, withhold
from feedback.models import PhonePreference
from feedback.outgoing import fixed_sms, has_stopped, language_of, line_of, phone_index
from feedback.sms_cost import as_it_leaves
from feedback.sms_texts import text_and_language


@transaction.atomic
def stop(phone: str, *, was_told: bool = False) -> None:
    """From now on this number (E.164) is sent nothing but one confirmation; what waits already is taken back.

    An answer among it comes back to those who must tell it otherwise. A second STOP is not answered.
    `was_told`: the carrier confirmed it already, and takes nothing more for this number.
    """
    if has_stopped(phone):
        return
    PhonePreference.objects.update_or_create(phone_hash=phone_index(phone), defaults={"stopped_at": timezone.now()})
    withhold(phone)
    if not was_told:
        line = line_of(phone)
        text, language = text_and_language("stopped", language_of(phone))
        queue_sms(phone, as_it_leaves(text, language, line), kind=Outbound.Kind.MENU, line=line)


def opted_out_at_carrier(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: the carrier refused a message because the person had it stop ours. It holds by every line."""
    row = Outbound.objects.get(pk=outbound_id)
    stop(row.unsealed("recipient"), was_told=True)


@transaction.atomic
def restart(phone: str, *, was_told: bool = False) -> None:
    """This number is written to again. `was_told`: the carrier said so already."""
    PhonePreference.objects.update_or_create(phone_hash=phone_index(phone), defaults={"stopped_at": None})
    if not was_told:
        fixed_sms(phone, "restarted", kind=Outbound.Kind.MENU)
