"""How many hours the promises of the vault give: those that staff set, else the usual ones (facts.md §1.4)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.reading_once import read_once

DAY = 24
USUAL = {
    "sea_transmit": 24,
    "sea_acknowledge": 48,
    "sea_assist": 24,
    "sea_investigate": 7 * DAY,
    "sea_refer": 24,
    "sea_care": 72,
    "sea_service": 14 * DAY,
    "sea_service_failed": 24,
    "sea_deferred": 7 * DAY,
    "sea_release": 12,
    "sea_copy": 14 * DAY,
}


def hours_of(promise: str) -> int:
    """In: a key of `USUAL`. They run round the clock."""
    return _set_by_staff().get(promise, USUAL[promise])


def said(hours: float) -> str:
    """`24 h`, `7 jours`."""
    days, rest = divmod(hours, 24)
    if rest or days < 3:
        return _("%(count)s h") % {"count": round(hours)}
    return ngettext("%(count)s jour", "%(count)s jours", round(days)) % {"count": round(days)}


@read_once
def _set_by_staff() -> dict[str, int]:
    """As `settings.PROMISED_HOURS` tells them: the table stands to the right of the vault."""
    provider: Callable[[], dict[str, int]] = import_string(settings.PROMISED_HOURS)
    return provider()
