"""The words of the plan, as the document shows them."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from workplan.focus import FocusArea

register = template.Library()


@register.filter
def focus(text: str, area: FocusArea) -> SafeString:
    """Escaped text with the name of the plan's geographic focus in red, as in the original document."""
    return area.marked_in(text)
