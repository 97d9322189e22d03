"""What is said to those who call: a file a language in the country's `voice/`, spoken once its speakers approved it.

A language of which the carrier has no voice has a folder of recordings beside its file, which is their script; it is
offered once none is missing.
"""

from __future__ import annotations

from functools import cache

import yaml
from django.conf import settings
from django.templatetags.static import static

from core.twilio.voices import Voice
from feedback.outgoing import language_of as language_written_in
from feedback.sms_texts import fallback_chain, is_approved

TEXTS = settings.COUNTRY.path("voice")
SENTENCES = ("menu", "speak", "again", "received", "repeat", "goodbye")
RECORDED = (*SENTENCES, *"0123456789")


def voices() -> list[Voice]:
    """The languages offered, by the digit that chooses them."""
    found = [_voice(path.stem) for path in TEXTS.glob("*.yaml") if not (_is_recorded(path.stem) and missing(path.stem))]
    return sorted((voice for voice in found if is_approved(voice.language)), key=lambda voice: voice.digit)


def missing(language: str) -> list[str]:
    """The recordings that its folder does not hold."""
    return [name for name in RECORDED if not (TEXTS / language / f"{name}.mp3").is_file()]


def recording(name: str, language: str) -> str:
    """The address of one, from the root."""
    return static(f"voice/{language}/{name}.mp3")


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


def _is_recorded(language: str) -> bool:
    return (TEXTS / language).is_dir()


def _voice(language: str) -> Voice:
    said = _texts(language)
    return Voice(language, said.get("locale", ""), said["digit"], _is_recorded(language))
