"""Closed by default: a page is for staff unless it is opened by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers

from core import audit
from core.actors import Actor
from core.errors import signed_out, typed_in

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Opens a view of ours to everyone. The access test holds the list of all that are."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark on the function itself
    return view


def is_public(view: Callable[..., Any], view_name: str) -> bool:
    """Whether anyone may call it: a marked view, or a library's view that the settings name."""
    return getattr(view, "is_public", False) or view_name in settings.PUBLIC_VIEW_NAMES


def confidential_read(row: Model, *, by: Actor, using: str = "default") -> None:
    """Writes to the audit that somebody read a restricted or sealed record."""
    audit.record(f"{row._meta.label_lower}.read", by=by, target=row, using=using)


class ClosedByDefaultMiddleware:
    """Nobody passes unsigned but to what is public. The API asks for its own credentials."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if request.user.is_authenticated or is_public(view, name) or request.path.startswith("/api/v1/"):
            return None
        if typed_in(request):
            return signed_out(request)
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))


class QuietCacheMiddleware:
    """No page stays in a shared browser or in a cache on the way, or is drawn into another site's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
