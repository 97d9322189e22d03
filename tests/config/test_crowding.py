"""Of the threads of a process, one address holds half at most, pages all but an eighth, and each is given back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings as known
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import crowding
from config.crowding import ShareOfThreadsMiddleware, crowd_of

THREADS = 16
ONE, OTHER = "203.0.113.9", "198.51.100.7"


class Held:
    """Requests that are being answered until `let_go`."""

    def __init__(self) -> None:
        self.pool, self._go = ThreadPoolExecutor(32), threading.Event()
        self.running = threading.Semaphore(0)
        self.middleware = ShareOfThreadsMiddleware(self._answered)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/fails/":
            raise RuntimeError
        self.running.release()
        self._go.wait(30)
        return HttpResponse()

    def begin(self, address: str) -> Future[HttpResponse]:
        asked = self.pool.submit(self.middleware, ask(address))
        assert self.running.acquire(timeout=30)
        return asked

    def let_go(self) -> None:
        self._go.set()
        self.pool.shutdown()


def ask(address: str, path: str = "/parler/", **fields: str) -> HttpRequest:
    request = RequestFactory().post(path, fields, REMOTE_ADDR=address)
    request.user = AnonymousUser()
    return request


@pytest.fixture
def held(settings: Any) -> Iterator[Held]:
    settings.WEB_THREADS = THREADS
    held = Held()
    yield held
    held.let_go()
    assert crowding._held == {crowding.EVERYBODY: 0}


def test_one_address_holds_half_and_what_it_typed_beyond_comes_back(held: Held) -> None:
    for _one in range(THREADS // 2):
        held.begin(ONE)
    refused = held.middleware(ask(ONE, words="La pompe est en panne", csrfmiddlewaretoken="x"))
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert "no-store" in refused["Cache-Control"]
    assert 'name="words" value="La pompe est en panne"' in refused.content.decode()
    held.begin(OTHER)
    problem = held.middleware(ask(ONE, "/api/v1/cases/"))
    assert (problem.status_code, problem["Content-Type"]) == (429, "application/problem+json")
    assert b"#too-many" in problem.content


def test_pages_never_hold_all_threads_and_the_question_whether_it_lives_is_answered(held: Held) -> None:
    asked = [held.begin(f"192.0.2.{place}") for place in range(THREADS - 2)]
    assert held.middleware(ask("192.0.2.200")).status_code == 429
    alive = held.pool.submit(held.middleware, ask("192.0.2.200", "/healthz"))
    held.let_go()
    assert {one.result(timeout=30).status_code for one in [*asked, alive]} == {200}


def test_a_page_that_fails_gives_its_thread_back(held: Held) -> None:
    for _one in range(THREADS):
        with pytest.raises(RuntimeError):
            held.middleware(ask(ONE, "/fails/"))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("203.0.113.9", "203.0.113.10", False),
        ("", "unknown", False),
    ],
)
def test_of_ipv6_a_network_is_one_subscriber(one: str, other: str, *, is_same: bool) -> None:
    assert (crowd_of(one) == crowd_of(other)) == is_same


def test_the_units_have_as_many_threads_as_the_setting_says() -> None:
    unit = (known.BASE_DIR / "deploy/systemd/jaabi-web.service").read_text(encoding="utf-8")
    assert "--blocking-threads 16" in unit
    assert 'WEB_THREADS = env.int("WEB_THREADS", default=16' in (known.BASE_DIR / "config/settings.py").read_text()
