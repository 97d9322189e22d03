"""The plan's geographic focus, by the name that the country's own scope has: no page knows the name of a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from directory.models import Scope


@dataclass(frozen=True)
class FocusArea:
    """`code`, `name`: of the scope that is the focus; "" where the country names none."""

    code: str = ""
    name: str = ""

    def __str__(self) -> str:
        return self.name or _("axe géographique du plan")

    def marked_in(self, text: str) -> SafeString:
        """Escaped text with the name in red, as in the original document, with or without its hyphens."""
        escaped: str = escape(text)
        if self.name:
            words = "[ -]".join(re.escape(escape(word)) for word in re.split(r"[ -]+", self.name))
            escaped = re.sub(f"({words})", r'<span class="lg">\1</span>', escaped)
        return mark_safe(escaped)  # noqa: S308  escaped just before


def focus_area() -> FocusArea:
    """The focus as it is called today."""
    named = Scope.objects.filter(is_focus=True).values_list("code", "name").first()
    return FocusArea(*named) if named else FocusArea()


def focus_of_page(_request: HttpRequest) -> dict[str, Any]:
    """For templates: `focus_area`, read once by the page that shows it."""
    return {"focus_area": SimpleLazyObject(focus_area)}
