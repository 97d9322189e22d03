"""Carriers are asked side by side; what came of each is written by one thread, and no fault holds up another."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from core import outbox, tasks
from core.calls import Answer, Call, make_calls
from core.gateways import GatewayError
from core.models import Outbound
from core.publishing import AT_ONCE

BUSY = GatewayError("busy", permanent=False)


def test_all_of_a_portion_wait_for_their_carrier_at_the_same_time() -> None:
    everyone = threading.Barrier(AT_ONCE)
    heard: dict[int, tuple[Answer, int]] = {}

    def call_of(number: int) -> Call:
        def ask() -> str:
            everyone.wait(timeout=20)
            return f"id-{number}"

        return Call(ask, lambda answer: heard.update({number: (answer, threading.get_ident())}))

    make_calls(call_of, range(AT_ONCE))
    assert heard == {number: (f"id-{number}", threading.get_ident()) for number in range(AT_ONCE)}


@pytest.mark.parametrize("alone", [True, False])
def test_what_goes_wrong_with_one_holds_up_no_other(alone: bool) -> None:
    heard: list[Answer] = []

    def broken() -> str:
        raise ZeroDivisionError

    def refused() -> str:
        raise BUSY

    def call_of(name: str) -> Call | None:
        if name == "unreadable":
            raise LookupError
        asks = {"broken": broken, "refused": refused, "taken": lambda: "id"}
        return Call(asks[name], heard.append) if name in asks else None

    names = ["unreadable", "broken", "nothing", "refused", "taken"]
    for portion in [[name] for name in names] if alone else [names]:
        make_calls(call_of, portion)
    assert sorted(heard, key=str) == [BUSY, "id"]


def test_receipts_of_one_task_leave_together_and_each_is_noted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = threading.Barrier(3)

    class Carrier:
        name = "carrier"

        def send(self, to: str, body: str, *, reference: str) -> str:
            everyone.wait(timeout=20)
            if body == "deux":
                raise BUSY
            return f"id-{body}"

    published: list[Any] = []
    monkeypatch.setattr(outbox, "leaving_by", lambda wanted: "carrier")
    monkeypatch.setattr(outbox, "gateway", lambda name: Carrier())
    monkeypatch.setattr(outbox, "publish_soon", lambda task, pk, **_told: published.append(pk))
    for place, body in enumerate(("un", "deux", "trois")):
        outbox.queue_sms(f"+2230000001{place}", body, kind=Outbound.Kind.RECEIPT)
    tasks.deliver(*published)
    rows = Outbound.objects.order_by("created_at").values_list("state", "provider_id", "reason")
    assert list(rows) == [("sent", "id-un", ""), ("queued", "", "busy"), ("sent", "id-trois", "")]
