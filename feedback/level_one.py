"""Texts that travel without the person's consent: nothing in them may lead to the person (DESIGN §4, level 1)."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.screening import suggests_sea

MANY_DIGITS = re.compile(r"(?:\d[ .\-]?){7,}")


def why_not_neutral(text: str) -> Promise | None:
    """Why a text may not travel so: a telephone or card number, or what suggests SEA. A name it cannot know."""
    if MANY_DIGITS.search(text):
        return _("Ce texte contient un numéro : retirez-le.")
    if suggests_sea(text):
        return _("Ce texte fait penser à une EAS : protégez le dossier, des personnes formées prennent la suite.")
    return None
