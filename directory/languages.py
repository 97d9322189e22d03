"""The languages of the country: those a case can be recorded in, and that forms offer, in the order of its folder.

`languages.yaml` has them by ISO 639-3 code. `label` is what staff read: one text, or one for each language of theirs
(`{fr: …, en: …}`). Languages of several countries have theirs here (facts.md §6.1).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.enums import NOT_SAID

FRENCH, ARABIC, ENGLISH, OTHER = "fra", "ara", "eng", "other"
UNNAMED = (OTHER, NOT_SAID)
SHARED: dict[str, Any] = {
    FRENCH: _("Français"),
    "bam": _("Bambara"),
    "ful": _("Fulfulde"),
    "dts": _("Dogon"),
    "ses": _("Songhay"),
    "taq": _("Tamasheq"),
    "snk": _("Soninké"),
    "mlq": _("Malinké"),
    ARABIC: _("Arabe"),
    ENGLISH: _("Anglais"),
    OTHER: _("Autre"),
    NOT_SAID: _("non communiqué"),
}


@cache
def spoken() -> dict[str, dict[str, Any]]:
    """What the country's folder says of each of its languages, in its order."""
    said = yaml.safe_load(settings.COUNTRY.path("languages.yaml").read_text(encoding="utf-8"))
    return {code: about or {} for code, about in said.items()}


def national_languages() -> list[str]:
    """The languages of the country but those of our own pages, which whoever works here reads anyway."""
    return [code for code in spoken() if code not in (FRENCH, ENGLISH)]


def language_label(code: str) -> str:
    """What staff call a language, of this country or of another one; the code itself when nobody named it."""
    label = spoken().get(code, {}).get("label")
    if isinstance(label, dict):
        return str(label.get(get_language()) or label["fr"])
    return str(label or SHARED.get(code) or spoken().get(code, {}).get("name") or code)


def language_choices() -> list[tuple[str, str]]:
    """For columns: called when asked, so that no migration holds the languages of one country."""
    return Language.choices


def named_languages() -> list[tuple[str, str]]:
    """For forms in which a language must be one: neither "other" nor "not communicated"."""
    return [(code, label) for code, label in Language.choices if code not in UNNAMED]


_make: Any = TextChoices
_label: Any = lazy(language_label, str)
Language: type[TextChoices] = _make(
    "Language", [(code.upper(), (code, _label(code))) for code in (*spoken(), *UNNAMED)], module=__name__
)
