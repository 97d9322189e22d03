"""What people see when something went wrong, without losing what they wrote."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NEVER_REPEATED = {"csrfmiddlewaretoken", "code"}
SECRETS = ("password", "passphrase", "word_")


def session_ended(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came too late: shows again what was typed, ready to be sent with a fresh token."""
    context = {"typed": typed_in(request), "path": request.get_full_path(), "had_file": bool(request.FILES)}
    return render(request, "session_ended.html", context, status=403)


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form of somebody whose session ended while they typed: kept here, to be sent once they have signed in again."""
    context = {"typed": typed_in(request), "path": request.get_full_path(), "must_sign_in": True}
    return render(request, "session_ended.html", context, status=403)


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of ours as they were sent, without its token and without secrets.

    Of a form that another site made this browser send, nothing: to be pressed again, it would be ours.
    """
    if not _is_ours(request):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER_REPEATED and not name.startswith(SECRETS)
        for value in values
    ]


def _is_ours(request: HttpRequest) -> bool:
    """Whether the form came from a page of ours, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    return request.headers.get("Origin") in (None, settings.PUBLIC_URL, f"{request.scheme}://{request.get_host()}")


class FormsOnlyMiddleware:
    """An address that only takes forms, reached by a link (a reload, another language): leads to the page above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_seen = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not is_seen or response.content:
            return response
        above = request.path.rstrip("/").rpartition("/")[0] + "/"
        page = render(request, "405.html", {"above": above}, status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response.get("Allow", "")
        return page
