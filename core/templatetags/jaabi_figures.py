"""Numbers set so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formats
from core.sms_encoding import measure

register = template.Library()

Pair = tuple[int | None, int | None]

QUARTER_STATES = {
    "planned": gettext_lazy("prévu"),
    "reported": gettext_lazy("rapporté"),
    "verified": gettext_lazy("vérifié"),
    "late": gettext_lazy("en retard"),
    "not_planned": gettext_lazy("non prévu"),
}
NOT_PLANNED = "not_planned"


@register.inclusion_tag("components/fraction.html")
def fraction(numerator: int | None, denominator: int | None, plain: bool = False) -> dict[str, Any]:
    """A percentage with its fraction: "62 % (31/50)"; "–" when there is nothing to divide by."""
    whole = formats.format_fraction(numerator, denominator)
    share, _gap, parts = whole.partition(formats.HARD)
    return {"whole": whole, "share": share, "parts": parts, "plain": plain}


@register.simple_tag
def number(value: formats.Number | None, decimals: int = 0) -> str:
    """A number with the separators of the active language; None as "–"."""
    return formats.format_number(value, decimals)


@register.simple_tag
def total(page: Page[Any]) -> str:
    """How many a list holds: "312", or "plus de 10 000" where it was not counted to the end."""
    return formats.format_counted(page.paginator.count, is_longer=getattr(page.paginator, "is_longer", False))


@register.simple_tag
def counted(count: int, is_longer: bool) -> str:
    """The same of a number and whether the list goes on."""
    return formats.format_counted(count, is_longer=is_longer)


@register.inclusion_tag("components/figure.html")
def figure(
    title: str,
    value: formats.Number | str | None = None,
    fraction: Pair | None = None,
    before: formats.Number | Pair | None = None,
    href: str = "",
    definition: str = "",
    unit: str = "",
    before_label: str = "",
) -> dict[str, Any]:
    """A big number with its fraction, its definition, its change since the quarter before, and the way to its lineage.

    Without `value` the percentage of `fraction` is the big number. `before` is a number, or a (numerator, denominator).
    """
    return {
        "title": title,
        "shown": _shown(value, fraction),
        "unit": unit,
        "parts": _parts(value, fraction),
        "change": _change(value, fraction, before),
        "before_label": before_label or _("trimestre précédent"),
        "href": href,
        "definition": definition,
    }


def _shown(value: formats.Number | str | None, pair: Pair | None) -> str:
    if isinstance(value, str):
        return value
    if value is None and pair is not None:
        return _share_text(pair)
    decimals = 1 if isinstance(value, float) and not value.is_integer() else 0
    return formats.format_number(value, decimals)


def _parts(value: formats.Number | str | None, pair: Pair | None) -> str:
    if pair is None or pair[0] is None or not pair[1]:
        return ""
    if value is None:
        return f"{formats.format_number(pair[0])}/{formats.format_number(pair[1])}"
    return formats.format_fraction(*pair)


def _change(
    value: formats.Number | str | None, pair: Pair | None, before: formats.Number | Pair | None
) -> dict[str, str] | None:
    if before is None or isinstance(value, str):
        return None
    if isinstance(before, tuple | list):
        return _change_in_points(pair, (before[0], before[1]))
    if value is None:
        return None
    decimals = 1 if isinstance(value, float) or isinstance(before, float) else 0
    return _arrow(float(value) - float(before), formats.format_number(before, decimals), "", decimals)


def _change_in_points(pair: Pair | None, before: Pair) -> dict[str, str] | None:
    now, then = _share(pair), _share(before)
    if now is None or then is None:
        return None
    return _arrow(now - then, formats.format_fraction(*before), ngettext("point", "points", abs(now - then)), 0)


def _arrow(change: float, before: str, unit: str, decimals: int) -> dict[str, str]:
    shape = "arrow-up" if change > 0 else "arrow-down" if change < 0 else "arrow-right"
    sign = "+" if change > 0 else ""
    return {"shape": shape, "text": f"{sign}{formats.format_number(change, decimals)}", "unit": unit, "before": before}


def _share(pair: Pair | None) -> int | None:
    if pair is None or pair[0] is None or not pair[1]:
        return None
    return formats.percent(pair[0], pair[1])


def _share_text(pair: Pair) -> str:
    share = _share(pair)
    return formats.DASH if share is None else formats.format_percent(share)


@register.inclusion_tag("components/quarter_strip.html")
def quarter_strip(cells: Iterable[Any], href: str = "") -> dict[str, Any]:
    """Quarters as a strip of cells `{label, status}`, told as runs of one state to those who see no shape.

    The strip as a whole leads to `href`. Raises ValueError for an unknown status.
    """
    drawn = [_cell(cell) for cell in cells]
    return {"cells": drawn, "href": href, "words": _runs(drawn)}


@register.inclusion_tag("components/quarter_legend.html")
def quarter_legend() -> dict[str, Any]:
    """What the shapes of the strip mean."""
    return {"states": QUARTER_STATES}


@register.simple_tag
def quarter_word(status: str) -> str:
    """What one state of a quarter is called."""
    return str(QUARTER_STATES[status])


def _cell(raw: Any) -> dict[str, str]:
    """A quarter that is not planned says nothing by itself: a strip is mostly made of them."""
    cell = raw if isinstance(raw, Mapping) else vars(raw)
    label, status = str(cell["label"]), str(cell["status"])
    if status not in QUARTER_STATES:
        raise ValueError(f"unknown status of a quarter: {status}")
    title = "" if status == NOT_PLANNED else _told(label, status)
    return {"label": label, "status": status, "title": title}


def _runs(cells: list[dict[str, str]]) -> str:
    """ "T1 2021 – T3 2021 : vérifié, T4 2021 : en retard"."""
    told = []
    for status, run in groupby(cells, key=itemgetter("status")):
        if status != NOT_PLANNED:
            labels = [cell["label"] for cell in run]
            told.append(_told(labels[0] if len(labels) == 1 else f"{labels[0]} – {labels[-1]}", status))
    return ", ".join(told) or str(QUARTER_STATES[NOT_PLANNED])


def _told(quarters: str, status: str) -> str:
    return _("%(quarter)s : %(state)s") % {"quarter": quarters, "state": QUARTER_STATES[status]}


@register.inclusion_tag("components/sms_segments.html")
def sms_segments(text: str, id: str = "") -> dict[str, Any]:
    """What a text costs as SMS, and which letters make it dearer; `id` lets a text field keep it up to date."""
    return {"size": measure(text), "id": id}
