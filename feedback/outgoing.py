"""SMS to people. Whoever said STOP is sent nothing but the confirmation of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.leaving import WITHHELD, Turn, Verdict
from core.loop_guard import heard_from
from core.models import NumberPace, Outbound
from core.outbox import queue_sms
from feedback.enums import LanguageFrom
from feedback.models import PhonePreference
from feedback.preferences import SAYS_NOTHING, learn, locked_preference, of_language, phone_index, preference_of
from feedback.sms_cost import as_it_leaves
from feedback.sms_texts import own_texts, text_and_language

Kind = Outbound.Kind


def sms_to_person(
    phone: str,
    body: str,
    *,
    kind: Kind,
    dedupe_key: str | None = None,
    language: str = "",
    known: PhonePreference | None = None,
) -> Outbound | None:
    """Queues `body` for this number (E.164). None when there is no number, or it asked to be left alone.

    `language`: what `body` is written in, the person's own if not said; some lines fold some languages.
    `known`: what this number asked of us, where the caller has just read it.
    """
    if not phone:
        return None
    known = known or preference_of(phone)
    if known.stopped_at is not None:
        return None
    body = as_it_leaves(body, language or known.language, known.line)
    return queue_sms(phone, body, kind=kind, dedupe_key=dedupe_key, line=known.line)


def fixed_sms(
    phone: str, name: str, *, kind: Kind, number: str = "", dedupe_key: str | None = None, **more: str
) -> Outbound | None:
    """As `sms_to_person`, with a fixed text in the person's language. `more`: what else the text names."""
    known = preference_of(phone)
    text, language = text_and_language(name, known.language, number=number, **more)
    return sms_to_person(phone, text, kind=kind, dedupe_key=dedupe_key, language=language, known=known)


def has_stopped(phone: str) -> bool:
    """Whether this number said STOP, and not START since."""
    return PhonePreference.objects.filter(phone_hash=phone_index(phone), stopped_at__isnull=False).exists()


def still_wanted(turn: Turn, /) -> Verdict | None:
    """Nothing from before a STOP leaves after it."""
    stopped = PhonePreference.objects.filter(
        phone_hash=phone_index(turn.recipient), stopped_at__gt=turn.queued_at
    ).exists()
    return Verdict(WITHHELD) if stopped else None


def beware_of_machines(phone: str, said: str, *, at: datetime) -> None:
    """Something came from this number: if a machine answers there, we fall silent towards it. What it says is kept."""
    heard_from(phone, said, at=at, ours=own_texts)


def is_silenced(phone: str) -> bool:
    """Whether automatic messages to this number are stopped for now, because a machine answers there."""
    return bool(phone) and silent_numbers().filter(phone_hash=phone_index(phone)).exists()


def silent_numbers() -> QuerySet[NumberPace]:
    """The numbers towards which the loop guard is silent now."""
    return NumberPace.objects.filter(silent_until__gt=timezone.now())


def language_of(phone: str) -> str:
    """The language we write to this number in."""
    return preference_of(phone).language


@transaction.atomic
def remember_language(phone_hash: str, language: str, *, known_from: LanguageFrom) -> None:
    """What the person speaks, when we learn it; nothing is changed by not knowing."""
    if phone_hash and language not in SAYS_NOTHING:
        known = locked_preference(phone_hash)
        learn(known, **of_language(known, language, known_from=known_from))
