"""The fixed texts sent by SMS: one file each in `sms/<language>/`, sent only in a language its speakers approved."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from core.receipt_number import grouped
from feedback.enums import SmsText
from feedback.languages import menu_line, name_of

TEXTS = Path(__file__).parent / "sms"
SAMPLE_NUMBER = "123456789012"
# Stand where a text names something else; the number to ring is shown as missing, never invented.
SAMPLE = {"urgent": "00000000", "chosen": name_of("bam"), "languages": menu_line()}


class UnknownText(LookupError):
    """No text of this name exists, even in the language everything falls back to."""


def text_for(name: str, language: str, *, number: str = "", **more: str) -> str:
    """The text in this language (ISO 639-3) if it is approved and written, else along the fall-back chain.

    `number` is a receipt number, digits only; `more`: what else the text names. Raises UnknownText.
    """
    values = {"number": grouped(number), "url": f"{settings.PUBLIC_URL}/suivi/", **more}
    for candidate in fallback_chain(language):
        text = _text(candidate, name)
        if text is not None:
            return text.format(**values)
    raise UnknownText(name)


def fallback_chain(language: str) -> list[str]:
    """The languages to try, in order: the one asked for if approved, then the one named as fall-back."""
    approval = _approval()
    wanted = [language] if approval["approved"].get(language) else []
    return [*wanted, approval["fallback"]]


def is_approved(language: str) -> bool:
    """Whether speakers of it approved its texts, so that they are sent."""
    return bool(_approval()["approved"].get(language))


@cache
def _approval() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((TEXTS / "approval.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _text(language: str, name: str) -> str | None:
    path = TEXTS / language / f"{name}.txt"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def all_texts(language: str) -> list[tuple[str, str]]:
    """Every text of one language, approved or not, by its title, as it would leave with `SAMPLE_NUMBER`."""
    values = {"number": grouped(SAMPLE_NUMBER), "url": f"{settings.PUBLIC_URL}/suivi/", **SAMPLE}
    return [
        (str(name.label), text.format(**values))
        for name in SmsText
        if (text := _text(language, name.value)) is not None
    ]
