"""What surrounds the content of a page: sentences after an act, empty states, pages of a list, steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest

from core.flash import read

register = template.Library()

# BCP 47 wants the two-letter code of a language that has one.
_SHORT_CODES = {"fra": "fr", "eng": "en", "bam": "bm", "ful": "ff", "hau": "ha", "ara": "ar", "arb": "ar"}


@register.inclusion_tag("components/flashes.html", takes_context=True)
def flashes(context: template.Context, icons: bool = True) -> dict[str, Any]:
    """The sentences that wait for this person, with undo where there is one; public pages spare the sprite."""
    return {"icons": icons, "flashes": [read(message) for message in context.get("messages") or ()]}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", action_url: str = "", action_label: str = "") -> dict[str, Any]:
    """Why there is nothing here, and what to do."""
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page_obj: Page[Any], param: str = "page") -> dict[str, Any]:
    """ "26–50 sur 312" and the way to the other pages, keeping the rest of the address."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None

    def link(number: int) -> str:
        if query is None:
            return f"?{param}={number}"
        query[param] = str(number)
        return f"?{query.urlencode()}"

    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "page": page_obj,
        "many": page_obj.paginator.num_pages > 1,
        "previous": link(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": link(page_obj.number + 1) if page_obj.has_next() else "",
        "numbers": [{"n": n, "href": link(n) if isinstance(n, int) else ""} for n in numbers],
    }


@register.inclusion_tag("components/steps.html")
def steps(labels: Sequence[str], current: int) -> dict[str, Any]:
    """Where one is in a task of several pages; `current` counts from 1."""
    rows = enumerate(labels, start=1)
    return {
        "steps": [{"n": n, "label": label, "past": n < current, "now": n == current} for n, label in rows],
        "current": current,
        "total": len(labels),
    }


@register.inclusion_tag("components/marker.html")
def marker(label: str) -> dict[str, Any]:
    """A red mark with a shape, for those who do not see red, and its meaning for those who see neither."""
    return {"label": label}


@register.simple_tag
def text_direction(language: str) -> str:
    """ "rtl" for the languages of the public pages that are written from right to left, else "ltr"."""
    return "rtl" if language.split("-", maxsplit=1)[0] in {"ar", "ara", "mey", "arb"} else "ltr"


@register.simple_tag
def html_lang(language: str) -> str:
    """The `lang` attribute for a language code of the pages or of ISO 639-3: "bam" as "bm"."""
    return _SHORT_CODES.get(language, language)
