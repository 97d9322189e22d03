"""In which languages the public pages are shown, and which of them their speakers have approved.

One file of the country says so, `public_languages.yaml`; the settings read it. The texts are gettext catalogues, as
English is: the same templates, and Django's own sentences of a form come along.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from django.conf import settings

from core.country import Country


@cache
def public_languages() -> dict[str, dict[str, Any]]:
    """By code of Django's: its own `name`, `iso` (639-3), and whether its texts are `approved`."""
    return _read(settings.COUNTRY)


def offered_languages(country: Country, *, drafts: bool) -> list[tuple[str, str]]:
    """(code, own name) of those to choose from; with `drafts`, those that wait for approval too."""
    return [(code, one["name"]) for code, one in _read(country).items() if one["approved"] or drafts]


def is_approved(code: str) -> bool:
    """Whether speakers have read and approved these pages in this language."""
    return bool(public_languages().get(code, {}).get("approved"))


def spoken_language(code: str | None) -> str:
    """The language (ISO 639-3) of whoever chose to read the pages in `code`; "" for French, which nobody chooses."""
    return "" if code == "fr" else str(public_languages().get(code or "", {}).get("iso", ""))


def _read(country: Country) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        country.path("public_languages.yaml").read_text(encoding="utf-8")
    )
    return loaded
