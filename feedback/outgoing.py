"""SMS to people. Whoever said STOP is sent nothing but the confirmation of it."""

from __future__ import annotations

from datetime import datetime

from core.index import keyed_hash
from core.models import Outbound
from core.outbox import queue_sms
from directory.enums import Language
from feedback.models import PhonePreference
from feedback.sms_cost import as_it_leaves
from feedback.sms_texts import text_and_language

Kind = Outbound.Kind


def phone_index(phone: str) -> str:
    """The keyed hash under which a number (E.164) is found again on this side."""
    return keyed_hash(phone, "phone")


def sms_to_person(
    phone: str, body: str, *, kind: Kind, dedupe_key: str | None = None, language: str = ""
) -> Outbound | None:
    """Queues `body` for this number (E.164). None when there is no number, or it asked to be left alone.

    `language`: what `body` is written in, the person's own if not said; some lines fold some languages.
    """
    if not phone or has_stopped(phone):
        return None
    line = line_of(phone)
    body = as_it_leaves(body, language or language_of(phone), line)
    return queue_sms(phone, body, kind=kind, dedupe_key=dedupe_key, line=line)


def fixed_sms(phone: str, name: str, *, kind: Kind, number: str = "", dedupe_key: str | None = None) -> Outbound | None:
    """As `sms_to_person`, with a fixed text in the person's language."""
    text, language = text_and_language(name, language_of(phone), number=number)
    return sms_to_person(phone, text, kind=kind, dedupe_key=dedupe_key, language=language)


def has_stopped(phone: str) -> bool:
    """Whether this number said STOP, and not START since."""
    return PhonePreference.objects.filter(phone_hash=phone_index(phone), stopped_at__isnull=False).exists()


def still_wanted(phone: str, /, *, queued_at: datetime) -> bool:
    """Whether a message queued then may leave for this number now: nothing from before a STOP does."""
    stopped = PhonePreference.objects.filter(phone_hash=phone_index(phone), stopped_at__gt=queued_at)
    return not stopped.exists()


def line_of(phone: str) -> str:
    """The line this number wrote to last, "" if none is known: what we send goes out the same way."""
    return PhonePreference.objects.filter(phone_hash=phone_index(phone)).values_list("line", flat=True).first() or ""


def remember_line(phone: str, line: str) -> None:
    """This number wrote to that line."""
    known = PhonePreference.objects.filter(phone_hash=phone_index(phone))
    if not known.filter(line=line).exists():
        PhonePreference.objects.update_or_create(phone_hash=phone_index(phone), defaults={"line": line})


def language_of(phone: str) -> str:
    """The language we write to this number in."""
    known = PhonePreference.objects.filter(phone_hash=phone_index(phone)).values_list("language", flat=True).first()
    return known or Language.FRENCH.value


def remember_language(phone: str, language: str) -> None:
    """What the person speaks, when we learn it; nothing is changed by not knowing."""
    if phone and language not in ("", Language.NOT_SAID, Language.OTHER):
        PhonePreference.objects.update_or_create(phone_hash=phone_index(phone), defaults={"language": language})
