"""The fixed texts sent by SMS: the country's file (`sms/<language>/`), or the wording that staff put in its place.

A text leaves only in a language whose speakers approved it: the whole language, in `sms/approval.yaml`, or this one
wording, in the settings pages. Else the text of the fall-back language leaves.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.reading_once import read_once
from core.receipt_number import grouped
from feedback.enums import SmsText
from feedback.languages import menu, menu_line, name_of
from feedback.models import TextVersion

TEXTS = settings.COUNTRY.path("sms")
SAMPLE_NUMBER = "123456789012"
# Stand where a text names something else; the number to ring is shown as missing, never invented.
SAMPLE = {"urgent": "00000000", "chosen": max(map(name_of, menu()), key=len), "languages": menu_line()}


class UnknownText(LookupError):
    """No text of this name exists, even in the language everything falls back to."""


@dataclass(frozen=True)
class Wording:
    """One text in one language, as it stands now. `version` is None where the file does."""

    name: str
    language: str
    words: str
    is_approved: bool
    version: TextVersion | None = None

    @property
    def title(self) -> str:
        return str(SmsText(self.name).label) if self.name in SmsText.values else self.name

    @property
    def sample(self) -> str:
        """As it would leave, with `SAMPLE_NUMBER`."""
        return self.words.format(**sample_values())


def text_for(name: str, language: str, *, number: str = "", **more: str) -> str:
    """The text in this language (ISO 639-3) if it is written and approved, else along the fall-back chain.

    `number` is a receipt number, digits only; `more`: what else the text names. Raises UnknownText.
    """
    return text_and_language(name, language, number=number, **more)[0]


def text_and_language(name: str, language: str, *, number: str = "", **more: str) -> tuple[str, str]:
    """As `text_for`, and the language it came out in. Raises UnknownText."""
    for candidate in dict.fromkeys([language, fallback_language()]):
        words = _sendable(name, candidate)
        if words is not None:
            return words.format(**_values(number), **more), candidate
    raise UnknownText(name)


def receipt_for(language: str, *, number: str, delay: str) -> tuple[str, str]:
    """The receipt and its language, with the usual delay (a name of `Delays.words`) where that language can say it.

    What staff wrote in the receipt's place is sent as they wrote it.
    """
    text, spoken = text_and_language(SmsText.RECEIPT.value, language, number=number)
    said = delays(spoken)
    if delay not in said.words or _versions(SmsText.RECEIPT.value, spoken):
        return text, spoken
    return said.receipt.format(**_values(number), delay=said.words[delay]), spoken


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


def fallback_language() -> str:
    """The language whose texts leave when those of another are not approved."""
    return str(_approval()["fallback"])


def fallback_chain(language: str) -> list[str]:
    """The languages to try, in order: the one asked for if approved, then the one named as fall-back."""
    wanted = [language] if is_approved(language) else []
    return [*wanted, fallback_language()]


def is_approved(language: str) -> bool:
    """Whether speakers of it approved its files, so that they are sent."""
    return bool(_approval()["approved"].get(language))


def wordings(language: str) -> list[Wording]:
    """Every text of one language as it stands, approved or not, in the order of their titles' list."""
    latest = _latest(TextVersion.objects.filter(language=language).select_related("approved_by", "written_by"), "name")
    written = [*SmsText.values, *sorted(_files(language) - set(SmsText.values))]
    return [_wording(name, language, latest.get(name)) for name in written if file_text(language, name) is not None]


def wording(name: str, language: str) -> Wording:
    """One text of one language as it stands. Raises UnknownText."""
    if file_text(language, name) is None:
        raise UnknownText(name)
    versions = TextVersion.objects.filter(name=name, language=language).select_related("approved_by", "written_by")
    return _wording(name, language, versions.first())


def all_texts(language: str) -> list[tuple[str, str]]:
    """Every text of one language, approved or not, by its title, as it would leave with `SAMPLE_NUMBER`."""
    found = [(one.title, one.sample) for one in wordings(language)]
    said = delays(language)
    if said.receipt:
        with_delay = said.receipt.format(**sample_values(), delay=said.longest)
        found.insert(1, (_("accusé de réception, quand le délai habituel est connu"), with_delay))
    return found


def own_texts() -> tuple[str, ...]:
    """Every fixed text of every language, as it would leave: what another machine may send back to us."""
    languages = sorted(path.name for path in TEXTS.iterdir() if path.is_dir())
    return tuple(text for language in languages for _title, text in all_texts(language))


def placeholders(text: str) -> set[str]:
    """What is filled in when a text leaves, with whatever is asked of it. Raises ValueError for braces left open."""
    return {
        field + (f"!{conversion}" if conversion else "") + (f":{shape}" if shape else "")
        for _words, field, shape, conversion in string.Formatter().parse(text)
        if field is not None
    }


def sample_values() -> dict[str, str]:
    """What placeholders are filled with to count and to show."""
    return _values(SAMPLE_NUMBER) | SAMPLE


@cache
def file_text(language: str, name: str) -> str | None:
    """What the file says; None where there is none."""
    path = TEXTS / language / f"{name}.txt"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _wording(name: str, language: str, version: TextVersion | None) -> Wording:
    if version is None or not version.words:
        return Wording(name, language, file_text(language, name) or "", is_approved(language))
    return Wording(name, language, version.words, version.approved_at is not None, version)


@read_once
def _sendable(name: str, language: str) -> str | None:
    """The approved words of a text. The fall-back language always has some: the last approved, or the file."""
    version = next(iter(_versions(name, language)), None)
    if version is not None and version.words:
        if version.approved_at is not None:
            return version.words
        return _last_approved(name, language) if language == fallback_language() else None
    return file_text(language, name) if is_approved(language) else None


def _last_approved(name: str, language: str) -> str | None:
    """What left until the latest wording was written: the approved one before it, or the file."""
    for version in _versions(name, language):
        if not version.words:
            break
        if version.approved_at is not None:
            return version.words
    return file_text(language, name)


@read_once
def _versions(name: str, language: str) -> list[TextVersion]:
    """What staff wrote in its place, the latest first."""
    return list(TextVersion.objects.filter(name=name, language=language))


def _latest(versions: QuerySet[TextVersion], key: str) -> dict[str, TextVersion]:
    """The latest of each, by one of its columns."""
    return {getattr(version, key): version for version in reversed(versions)}


def _files(language: str) -> set[str]:
    return {path.stem for path in (TEXTS / language).glob("*.txt")}


def _values(number: str) -> dict[str, str]:
    return {"number": grouped(number), "url": f"{settings.PUBLIC_URL}/suivi/"}


@cache
def _approval() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((TEXTS / "approval.yaml").read_text(encoding="utf-8"))
    return loaded
