"""SMS to people. Whoever said STOP is sent nothing but the confirmation of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.index import keyed_hash
from core.leaving import WITHHELD, Turn, Verdict
from core.loop_guard import heard_from
from core.models import NumberPace, Outbound
from core.outbox import queue_sms
from directory.enums import Language
from feedback.enums import LanguageFrom
from feedback.models import PhonePreference
from feedback.sms_cost import as_it_leaves
from feedback.sms_texts import own_texts, text_and_language

Kind = Outbound.Kind
SAID_BY_A_HUMAN = (LanguageFrom.CHOSEN, LanguageFrom.STAFF)


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


def fixed_sms(
    phone: str, name: str, *, kind: Kind, number: str = "", dedupe_key: str | None = None, **more: str
) -> Outbound | None:
    """As `sms_to_person`, with a fixed text in the person's language. `more`: what else the text names."""
    text, language = text_and_language(name, language_of(phone), number=number, **more)
    return sms_to_person(phone, text, kind=kind, dedupe_key=dedupe_key, language=language)


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


def language_known(phone_hash: str) -> str:
    """What this telephone speaks, if we ever learnt it; else `NOT_SAID`."""
    known = PhonePreference.objects.filter(phone_hash=phone_hash).exclude(language_from="")
    return known.values_list("language", flat=True).first() or Language.NOT_SAID.value


def remember_language(phone_hash: str, language: str, *, known_from: LanguageFrom) -> None:
    """What the person speaks, when we learn it; nothing is changed by not knowing.

    What we only heard in their words never undoes what they chose, or what staff noted.
    """
    if not phone_hash or language in ("", Language.NOT_SAID, Language.OTHER):
        return
    said = PhonePreference.objects.filter(phone_hash=phone_hash, language_from__in=SAID_BY_A_HUMAN)
    if known_from == LanguageFrom.HEARD and said.exists():
        return
    known = {"language": language, "language_from": known_from}
    PhonePreference.objects.update_or_create(phone_hash=phone_hash, defaults=known)
