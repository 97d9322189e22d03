"""The short way of gateways: without sessions and cookies, for public addresses of gateways only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from hypothesis import given
from hypothesis import strategies as st

from config.wsgi import application
from core import short_way
from core.short_way import ShortWayMiddleware


def long_way(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the long way")


def through_the_server(request: Any) -> tuple[Any, bytes]:
    """What the web server would be told: status and headers, and the body."""
    said: list[Any] = []

    def start(*head: Any) -> Any:
        said.append(head)

    body = b"".join(application(request.environ, start))
    return said[0], body


def test_a_gateway_is_answered_without_cookie_and_not_kept_by_anyone(db: None) -> None:
    answer = Client().post("/sms/nobody/")
    assert (answer.status_code, answer.content) == (404, b"")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/", "/parler/", "/cases/", "/smsx/twilio/", "/sms/a/b/c/"])
def test_everything_else_goes_the_long_way(path: str) -> None:
    answer = ShortWayMiddleware(long_way)(RequestFactory().get(path))
    assert answer.content == b"the long way"


def test_what_is_not_public_never_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def private(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        raise AssertionError

    monkeypatch.setattr(short_way, "_resolved", lambda path: ResolverMatch(private, (), {}, "private"))
    answer = ShortWayMiddleware(long_way)(RequestFactory().post("/sms/twilio/"))
    assert answer.content == b"the long way"


@given(st.lists(st.tuples(st.text(), st.text())).map(urlencode) | st.text("a%F9+&=;é\x00", max_size=30))
def test_a_form_is_read_as_django_reads_it(body: str) -> None:
    request = RequestFactory().post("/sms/twilio/", body, content_type="application/x-www-form-urlencoded")
    short_way._read_form(request)
    assert QueryDict(body.encode()) == request.POST
    assert request.POST.encoding == "utf-8"
    with pytest.raises(AttributeError):
        request.POST.update({"Body": "autre chose"})


def test_behind_the_web_server_it_says_the_same_as_within_django(db: None) -> None:
    head, body = through_the_server(RequestFactory().post("/sms/nobody/"))
    inside = Client().post("/sms/nobody/")
    assert (head, body) == (("404 Not Found", list(inside.items())), inside.content)


# Django's own way ends PostgreSQL's connection, and with it the test's own transaction
@pytest.mark.once
def test_behind_the_web_server_pages_are_django_s(db: None) -> None:
    (_status, headers), body = through_the_server(RequestFactory().get("/parler/"))
    assert b"<form" in body
    assert "Content-Security-Policy" in dict(headers)
