"""The fixed texts sent by SMS: one file each in `sms/<language>/`, sent only in a language its speakers approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

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
    for candidate in fallback_chain(language):
        text = _text(candidate, name)
        if text is not None:
            return text.format(**_values(number), **more)
    raise UnknownText(name)


def receipt_for(language: str, *, number: str, delay: str) -> str:
    """The receipt, with the usual delay (a name of `Delays.words`) where it is known and this language can say it."""
    spoken = next(one for one in fallback_chain(language) if _text(one, SmsText.RECEIPT.value) is not None)
    said = delays(spoken)
    if delay not in said.words:
        return text_for("receipt", spoken, number=number)
    return said.receipt.format(**_values(number), delay=said.words[delay])


@dataclass(frozen=True)
class Delays:
    """How one language says the usual delay: the receipt that holds it, and the words for each."""

    receipt: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def longest(self) -> str:
        return max(self.words.values(), key=len, default="")


@cache
def delays(language: str) -> Delays:
    """Those of a language; without any where nobody wrote them."""
    path = TEXTS / language / "delays.yaml"
    return Delays(**yaml.safe_load(path.read_text(encoding="utf-8"))) if path.is_file() else Delays()


def _values(number: str) -> dict[str, str]:
    return {"number": grouped(number), "url": f"{settings.PUBLIC_URL}/suivi/"}


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
    found = [(str(name.label), text) for name in SmsText if (text := _text(language, name.value)) is not None]
    said = delays(language)
    if said.receipt:
        found.insert(1, (_("accusé de réception, quand le délai habituel est connu"), said.receipt))
    return [(title, text.format(**_values(SAMPLE_NUMBER), **SAMPLE, delay=said.longest)) for title, text in found]


@cache
def own_texts() -> tuple[str, ...]:
    """Every fixed text of every language, as it would leave: what another machine may send back to us."""
    languages = sorted(path.name for path in TEXTS.iterdir() if path.is_dir())
    return tuple(text for language in languages for _title, text in all_texts(language))
