"""What is said to those who call: a file a language in the country's `voice/`, spoken once its speakers approved it.

A language of which the carrier has no voice has no file.
"""

from __future__ import annotations

from functools import cache

import yaml
from django.conf import settings

from core.twilio.voices import Voice
from feedback.outgoing import language_of as language_written_in
from feedback.sms_texts import fallback_chain, is_approved

TEXTS = settings.COUNTRY.path("voice")


def voices() -> list[Voice]:
    """The languages offered, by the digit that chooses them."""
    found = [Voice(path.stem, _texts(path.stem)["locale"], _texts(path.stem)["digit"]) for path in TEXTS.glob("*.yaml")]
    return sorted((voice for voice in found if is_approved(voice.language)), key=lambda voice: voice.digit)


def words(name: str, language: str) -> str:
    """What is said there, in this language or the one everything falls back to."""
    spoken = [one for one in fallback_chain(language) if (TEXTS / f"{one}.yaml").is_file()]
    return _texts(spoken[0])[name]


def language_of(phone: str) -> str:
    """What this caller (E.164, or "") speaks, as far as we know."""
    return language_written_in(phone) if phone else ""


@cache
def _texts(language: str) -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((TEXTS / f"{language}.yaml").read_text(encoding="utf-8"))
    return loaded
