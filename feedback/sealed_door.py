"""The only place where what was said goes over to the vault, and where the vault is asked anything."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core.actors import Actor
from feedback.danger import call_by_if_danger
from feedback.enums import Channel
from feedback.source_keys import sealed_source
from psea.actions.receive import NobodyCanRead, add_to_sealed, receive_sealed
from psea.lookups import Stage, questions_for, sealed_phone, stage_of

__all__ = [
    "NobodyCanRead",
    "Stage",
    "add",
    "ask_about_data",
    "questions_for",
    "receive_sealed",
    "sealed_phone",
    "stage_of",
]


def add(
    source_key: str,
    *,
    words: str,
    channel: str,
    said_at: datetime,
    by: Actor,
    phone: str | None = None,
    receipt_number: str | None = None,
    recording: str = "",
    picture: str = "",
) -> bool:
    """Adds words to the sealed case of this phone or receipt number; False when there is none."""
    return add_to_sealed(
        source_id=sealed_source(source_key),
        receipt_number=receipt_number,
        phone=phone,
        words=words,
        channel=channel,
        said_at=said_at,
        recording=recording,
        call_by=call_by_if_danger(words, timezone.now()),
        picture=picture,
        by=by,
    )


def ask_about_data(
    source_key: str, *, number: str, wish: str, words: str, asked_at: datetime, decide_by: datetime, by: Actor
) -> bool:
    """Hands the officers what the person asks about what they said under this number; False when there is none."""
    return add_to_sealed(
        source_id=sealed_source(source_key),
        receipt_number=number,
        phone=None,
        words=words,
        channel=Channel.WEB.value,
        said_at=asked_at,
        wish=wish,
        decide_by=decide_by,
        by=by,
    )
