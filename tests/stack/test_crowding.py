"""One address posts from many connections at once: gateways and others are answered, and it loses no message."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.pages import Page
from tests.stack.processes import Process, answers, free_port
from tests.stack.stack import Stack
from tests.stack.visitor import Visitor, chosen

THREADS, PEOPLE = 4, 8
FROM_ONE_ADDRESS = {"X-Forwarded-For": "203.0.113.9"}
PHONE = "+22309808301"
# How long a post is held until its even moment, and what nobody else may be made to wait.
HELD, QUICK = 6.0, 3.0
NUMBER = re.compile(r"\b\d{4}\s\d{4}\s\d{4}\b")


@pytest.fixture
def small(stack: Stack) -> Iterator[str]:
    """The address of a web process of the same installation, of few threads, behind a proxy."""
    port = free_port()
    told = {"WEB_THREADS": str(THREADS), "EVEN_ANSWER_MS": str(int(HELD * 1000)), "TRUSTED_PROXIES": "1"}
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS)]
    process = Process(
        "small", ["-m", "granian", "--interface", "wsgi", *options, "config.wsgi:application"],
        stack.environment | told, stack.var / "logs" / "small.log",
    )  # fmt: skip
    try:
        process.wait_for(lambda: answers(f"http://localhost:{port}/healthz"), 60)
        yield f"http://localhost:{port}"
    finally:
        process.stop()


def sent(visitor: Visitor, page: Page, fields: dict[str, str | list[str]]) -> Page:
    form, pressed = chosen(page, set(fields), None)
    return visitor.post(form.action or "/parler/", form.filled(fields, pressed), FROM_ONE_ADDRESS)


def spoken(visitor: Visitor, words: str, refused: list[str]) -> str:
    """Sends the form as it stands, and what a refusal gives back, until there is a number; returns it."""
    page = sent(visitor, visitor.seen(), {"words": words})
    while page.status == 429 and "words" in page.text:
        refused.append(page.headers["retry-after"])
        assert words in page.text
        time.sleep(1)
        page = sent(visitor, page, {"words": words})
    while page.status == 429:  # taken in; the page that shows the number is asked for again
        time.sleep(1)
        page = visitor.get("/parler/recu/")
    found = NUMBER.search(page.words)
    assert found, (page.url, page.status, page.words)
    return found.group()


def test_one_address_that_floods_holds_up_nobody_else_and_loses_nothing(stack: Stack, small: str) -> None:
    people, other, refused = [Visitor(small) for _one in range(PEOPLE)], Visitor(small), list[str]()
    for visitor in (*people, other):
        assert visitor.get("/parler/").status == 200
    with ThreadPoolExecutor(PEOPLE) as crowd:
        floods = [
            crowd.submit(spoken, visitor, f"La pompe du quartier {place} est en panne", refused)
            for place, visitor in enumerate(people)
        ]
        stack.until(lambda: refused)
        began = time.monotonic()
        (answer,) = stack.standin.receive(
            f"{small}/sms/twilio/", PHONE, "Le puits est à sec", public_url=stack.base_url
        )
        assert (answer.status, time.monotonic() - began < QUICK) == (200, True), time.monotonic() - began
        page = other.get("/parler/")
        assert (page.status, page.seconds < QUICK) == (200, True), page.seconds
        page = other.submit(words="Le centre de santé est fermé")
        assert NUMBER.search(page.words)
        assert page.seconds < HELD + QUICK
        numbers = {flood.result(timeout=180) for flood in floods}
    assert len(numbers) == PEOPLE
    assert set(refused) == {"5"}
