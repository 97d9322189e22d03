"""The language of pages: French, until someone chooses another."""

from __future__ import annotations

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
        translation.activate(_chosen(request) or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


def _chosen(request: HttpRequest) -> str | None:
    try:
        return translation.get_supported_language_variant(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
    except LookupError:
        return None
