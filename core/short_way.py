"""The short way of gateways' addresses: none of the middleware that pages of people need.

A gateway has no session, language, cookie or browser; its requests are proved by what it signs. What waits for it is
one statement. Everything else of a page is left out here, and nothing that is not public may come this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from core.access import is_public

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

Answers = Callable[[HttpRequest], HttpResponse]
PATH = "/sms/"
FORM = "application/x-www-form-urlencoded"
# As gateways write the header, with what stands in it beside the type.
PLAIN_FORMS: dict[str, dict[str, str]] = {FORM: {}, f"{FORM}; charset=UTF-8": {"charset": "UTF-8"}}
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class ShortWay:
    """The WSGI application: pages go to Django's own, what a gateway calls past its signals too.

    These would look after the database's connections before and after each request; what goes this way does so when
    something failed (`feedback.webhooks`).
    """

    def __init__(self, pages: WSGIHandler) -> None:
        self.pages = pages
        short: Any = ShortWayMiddleware(cast("Answers", pages.get_response))
        self.answered: Any = convert_exception_to_response(short)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PATH):
            return self.pages(environ, start_response)
        response: HttpResponse = self.answered(_Request(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response


class _Request(WSGIRequest):
    """One whose type is known by its looks: Django takes the header apart as a mail's, a tenth of a message's time."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        known = PLAIN_FORMS.get(meta.get("CONTENT_TYPE", ""))
        if known is None:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # unknown to the stubs
            return
        self.content_type, self.content_params = FORM, dict(known)
        self._encoding = known.get("charset")


class ShortWayMiddleware:
    """Stands first: what a gateway calls is answered from here, all else goes on."""

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PATH):
            return self.get_response(request)
        try:
            match = _resolved(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not is_public(match.func, match.view_name):
            return self.get_response(request)
        request.resolver_match = match
        _read_form(request)
        translation.activate(settings.LANGUAGE_CODE)
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except Http404:
            response = HttpResponseNotFound()
        response.headers["Content-Length"] = str(len(response.content))
        for name, value in HEADERS.items():
            response.headers[name] = value
        if settings.SECURE_HSTS_SECONDS:
            response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        return response


def _read_form(request: HttpRequest) -> None:
    """Django reads a form field by field; one of plain UTF-8 is read here at once, any other is left to Django."""
    if request.META.get("CONTENT_TYPE") not in PLAIN_FORMS or request.method != "POST":
        return
    fields: dict[str, list[str]] = {}
    body = request.body
    if body.isascii() and body.count(b"&") < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        for pair in filter(None, body.decode().replace("+", " ").split("&")):
            name, _, value = pair.partition("=")
            fields.setdefault(unquote(name), []).append(unquote(value))
        request.POST = _Form(fields)  # type: ignore[assignment]  # the stubs name a class that only they know


class _Form(QueryDict):
    """A form that was read already; as any other, it cannot be changed."""

    _mutable = False
    encoding = "utf-8"

    def __init__(self, fields: dict[str, list[str]]) -> None:
        MultiValueDict.__init__(self, fields)


@lru_cache(maxsize=64)
def _resolved(path: str) -> ResolverMatch:
    """Lines are few, and each has the same address every time."""
    return resolve(path)
