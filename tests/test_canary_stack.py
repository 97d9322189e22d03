"""Canaries in the running product: files, tables and keys of real processes hold nothing of what was said.

Databases with their write-ahead logs, the queue, the logs of the web process and of the worker, mails, cache: all that
a stack writes. On SQLite and files, and again on PostgreSQL and Redis (`make test-services`).
"""

from __future__ import annotations

import uuid

import pytest

from tests.stack.stack import Stack
from tests.stack.visitor import Visitor

SEA = "Un agent de l'ONG demande des faveurs sexuelles contre la carte d'assistance."
WATER = "Le forage du quartier est en panne depuis trois jours."


def canary() -> str:
    return f"Kanari{uuid.uuid4().hex[:14]}"


def spellings(number: str) -> list[str]:
    """A Malian number as it may be written: whole, and its eight digits in pairs."""
    local = number.removeprefix("+223")
    pairs = [local[at : at + 2] for at in range(0, 8, 2)]
    return [number, f"00223{local}", *(sign.join(pairs) for sign in " -.")]


@pytest.fixture(scope="module")
def said(stack: Stack) -> dict[str, str]:
    """One canary by SMS and on the web, in each lane; handled, and their receipts sent."""
    words = {door: canary() for door in ("sms", "sea by sms", "later", "web", "sea on the web", "delicate on the web")}
    stack.standin.reset()
    stack.sms_in("+22371909101", f"{WATER} {words['sms']}")
    stack.sms_in("+22371909202", f"{SEA} {words['sea by sms']}")
    for number in ("+22371909101", "+22371909202"):
        stack.standin.wait_sent(number)
    stack.sms_in("+22371909202", f"Je voulais dire aussi {words['later']}")
    for door, text, listener in (
        ("web", WATER, ""),
        ("sea on the web", SEA, ""),
        ("delicate on the web", WATER, "woman"),
    ):
        visitor = stack.visitor()
        visitor.get("/parler/")
        page = visitor.submit(words=f"{text} {words[door]}", listener=listener)
        assert page.status == 200
        assert words[door] not in page.text
    stack.until(lambda: not _waits(stack))
    return words


def test_nothing_that_was_said_is_found_in_anything_that_the_product_writes(stack: Stack, said: dict[str, str]) -> None:
    assert {door: found for door, word in said.items() if (found := stack.traces_of(word))} == {}


@pytest.mark.parametrize("number", ["+22371909101", "+22371909202"])
def test_no_number_is_found_in_any_spelling(stack: Stack, said: dict[str, str], number: str) -> None:
    assert {spelled: found for spelled in spellings(number) if (found := stack.traces_of(spelled))} == {}


def test_a_trace_would_be_found(stack: Stack, said: dict[str, str]) -> None:
    planted = canary()
    (stack.var / "queue" / "planted.msg").write_text(planted)
    try:
        assert stack.traces_of(planted) == ["queue/planted.msg"]
    finally:
        (stack.var / "queue" / "planted.msg").unlink()


def test_the_ordinary_ones_are_read_by_an_operator_and_by_no_administrator(stack: Stack, said: dict[str, str]) -> None:
    operator = stack.login_as("operator")
    shown = _all_of_the_desk(operator)
    assert said["sms"] in shown
    assert said["web"] in shown
    for door in ("sea by sms", "later", "sea on the web", "delicate on the web"):
        assert said[door] not in shown
    for role in ("administrator", "observer", "focal_point", "working_group", "agency_manager"):
        page = stack.login_as(role).get("/cases/")
        assert page.status == 404, role


def _all_of_the_desk(operator: Visitor) -> str:
    """The pages of every case on the first pages of the queue, unread first."""
    texts = []
    for number in range(1, 6):
        page = operator.get(f"/cases/?liste=triage&page={number}")
        links = {href for _words, href in page.read().links if "dossier=" in href or "/cases/" in href}
        texts += [operator.get(href).text for href in sorted(links) if href.startswith(("?", "/cases/"))]
    return "".join(texts)


def _waits(stack: Stack) -> bool:
    """Whether something was published and not handled yet."""
    seen = stack.visitor().get("/metrics").text
    return any(f'jaabi_outbound{{state="{state}"}} 0.0' not in seen for state in ("queued", "sending"))
