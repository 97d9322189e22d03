"""The language of a page: French, until someone chooses another; and on pages of staff, one written for staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class FrenchFirstMiddleware(LocaleMiddleware):
    """A browser's own language is often the one it was bought with, on a telephone that many share.

    So only a choice made here counts on a page. Another system says what it wants in `Accept-Language`.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith("/api/"):
            super().process_request(request)
            return
        _speak(request, _chosen(request) or settings.LANGUAGE_CODE)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """The public pages know more languages than the others: outside them, one of theirs falls back to French."""
        if not getattr(view, "is_public", False) and translation.get_language() not in dict(settings.STAFF_LANGUAGES):
            _speak(request, settings.LANGUAGE_CODE)


def _speak(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()


def _chosen(request: HttpRequest) -> str | None:
    try:
        return translation.get_supported_language_variant(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
    except LookupError:
        return None
