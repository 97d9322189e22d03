"""Numbers, dates and what is left of a deadline, as people read them in French (and English)."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

NARROW = "\u202f"
HARD = "\u00a0"
DASH = "–"

# As French writes them short: Django's own cut "juin" and "juillet" to the same three letters.
MONTHS = (
    pgettext_lazy("mois abrégé", "janv."),
    pgettext_lazy("mois abrégé", "févr."),
    pgettext_lazy("mois abrégé", "mars"),
    pgettext_lazy("mois abrégé", "avr."),
    pgettext_lazy("mois abrégé", "mai"),
    pgettext_lazy("mois abrégé", "juin"),
    pgettext_lazy("mois abrégé", "juil."),
    pgettext_lazy("mois abrégé", "août"),
    pgettext_lazy("mois abrégé", "sept."),
    pgettext_lazy("mois abrégé", "oct."),
    pgettext_lazy("mois abrégé", "nov."),
    pgettext_lazy("mois abrégé", "déc."),
)

Number = int | float | Decimal


def format_number(value: Number | None, decimals: int = 0) -> str:
    """`12345.6` as "12 346" in French (narrow no-break spaces, decimal comma), "12,346" in English; None as "–"."""
    if value is None:
        return DASH
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,.{decimals}f}"
    if _in_english():
        return text
    return text.replace(",", NARROW).replace(".", ",").replace("-", "\u2212")


def format_counted(count: int, *, is_longer: bool) -> str:
    """`312`, or "plus de 10 000" where the counting stopped there."""
    shown = format_number(count)
    return _("plus de %(shown)s") % {"shown": shown} if is_longer else shown


def percent(numerator: int, denominator: int) -> int:
    """Whole percentage, halves rounded up. Raises ZeroDivisionError when the denominator is 0."""
    return (200 * numerator + denominator) // (2 * denominator)


def format_percent(value: int | Decimal) -> str:
    """`62` as "62 %" in French, "62%" in English; a Decimal with its tenths, if it has any."""
    shown = format_number(value, 1).removesuffix(".0").removesuffix(",0") if isinstance(value, Decimal) else value
    return f"{shown}%" if _in_english() else f"{shown}{NARROW}%"


def format_fraction(numerator: int | None, denominator: int | None) -> str:
    """A percentage never goes without its fraction: "62 % (31/50)"; "–" when there is nothing to divide by."""
    if numerator is None or not denominator:
        return DASH
    share = format_percent(percent(numerator, denominator))
    return f"{share}{HARD}({format_number(numerator)}/{format_number(denominator)})"


def format_date(value: date) -> str:
    """The date in full, in the active language and the current time zone: "12 mars 2022", "1er mars 2022"."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    if _in_english():
        return formats.date_format(local, "j F Y")
    return formats.date_format(local, "j\\e\\r F Y" if local.day == 1 else "j F Y")


def format_month(year: int, month: int) -> str:
    """A month where room is short: "juil. 22" in French, "Jul 22" in English."""
    return f"{MONTHS[month - 1]} {year % 100:02}"


def alphabetical(name: str) -> str:
    """What names are sorted by, as a French index does: accents and capitals count for nothing."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()


def format_time(value: datetime) -> str:
    """The hour in the current time zone: "14 h 05" in French, "14:05" in English."""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if _in_english() else f"{local.hour}{HARD}h{HARD}{local:%M}"


def relative(value: date, now: datetime | None = None) -> str:
    """How far `value` is from now, in words: "il y a 3 jours", "hier", "dans 2 h". Days are calendar days."""
    now = now or timezone.now()
    if isinstance(value, datetime) and abs(value - now) < timedelta(hours=12):
        return _relative_hours(value - now)
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _relative_days((day - timezone.localtime(now).date()).days)


def format_when(value: date, now: datetime | None = None) -> str:
    """Distance and date together: "il y a 3 jours · 12 mars 2022"."""
    return f"{relative(value, now)} · {format_date(value)}"


def format_left(deadline: datetime, now: datetime | None = None) -> str:
    """What is left of a deadline: "reste 5 h", "reste 3 jours", "en retard de 40 min"."""
    return format_left_of(deadline - (now or timezone.now()))


def format_left_of(left: timedelta) -> str:
    """The same from a duration; negative means late."""
    if left < timedelta(0):
        return _("en retard de %(duration)s") % {"duration": format_duration(-left)}
    return _("reste %(duration)s") % {"duration": format_duration(left)}


def format_duration(span: timedelta) -> str:
    """Minutes under an hour, hours under two days, else days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)}{HARD}min"
    if minutes < 48 * 60:
        return f"{minutes // 60}{HARD}h"
    days = minutes // (24 * 60)
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": format_number(days)}


def _relative_hours(distance: timedelta) -> str:
    if abs(distance) < timedelta(minutes=1):
        return _("à l’instant")
    return _around(format_duration(abs(distance)), past=distance < timedelta(0))


def _relative_days(days: int) -> str:
    named = {0: _("aujourd’hui"), -1: _("hier"), 1: _("demain")}
    if days in named:
        return named[days]
    return _around(_long_span(abs(days)), past=days < 0)


def _long_span(days: int) -> str:
    if days < 31:
        return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}
    if days < 365:
        months = max(1, round(days / 30.44))
        return ngettext("%(n)s mois", "%(n)s mois", months) % {"n": months}
    years = int(days // 365.25) or 1
    return ngettext("%(n)s an", "%(n)s ans", years) % {"n": years}


def _around(span: str, *, past: bool) -> str:
    return (_("il y a %(span)s") if past else _("dans %(span)s")) % {"span": span}


def _in_english() -> bool:
    return (translation.get_language() or "fr").startswith("en")
