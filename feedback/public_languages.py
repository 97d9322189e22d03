"""In which languages the public pages are shown, and which of them their speakers have approved.

One file says so, `public_languages.yaml`; the settings read it. The texts are gettext catalogues, as English is: the
same templates, and Django's own sentences of a form come along.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES_FILE = Path(__file__).parent / "public_languages.yaml"


@cache
def public_languages() -> dict[str, dict[str, Any]]:
    """By code of Django's: its own `name`, `iso` (639-3), and whether its texts are `approved`."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(LANGUAGES_FILE.read_text(encoding="utf-8"))
    return loaded


def offered_languages(*, drafts: bool) -> list[tuple[str, str]]:
    """(code, own name) of those to choose from; with `drafts`, those that wait for approval too."""
    return [(code, one["name"]) for code, one in public_languages().items() if one["approved"] or drafts]


def is_approved(code: str) -> bool:
    """Whether speakers have read and approved these pages in this language."""
    return bool(public_languages().get(code, {}).get("approved"))


def spoken_language(code: str | None) -> str:
    """The language (ISO 639-3) of whoever chose to read the pages in `code`; "" for French, which nobody chooses."""
    return "" if code == "fr" else str(public_languages().get(code or "", {}).get("iso", ""))
