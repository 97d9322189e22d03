"""The words of the plan, as the document shows them."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FOCUS = re.compile(r"(Liptako[ -]Gourma)")


@register.filter
def focus(text: str) -> SafeString:
    """Escaped text with "Liptako Gourma" in red, as in the original document."""
    return mark_safe(FOCUS.sub(r'<span class="lg">\1</span>', escape(text)))  # noqa: S308  escaped just before
