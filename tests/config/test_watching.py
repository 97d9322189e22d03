"""What would be sent to a Sentry of errors forced everywhere: where they were, no words, nothing of the vault."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sentry_sdk
from celery import Celery
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.urls import reverse
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

import feedback.views.public.speaking
import psea.actions.receive
from config.watching import watch
from core.access import ClosedByDefaultMiddleware, QuietCacheMiddleware
from tests import vault_keys
from tests.cast import Cast

WORD, PHONE = "Kanarikouroubali", "+22370111213"
SAID = f"Le forage est en panne {WORD} {PHONE}"
ABUSE = f"L’agent de l’ONG demande des faveurs sexuelles contre la nourriture {WORD} {PHONE}"
DSN = "https://key@watched.invalid/1"


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__({"dsn": DSN})
        self.bytes = b""
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.bytes += envelope.serialize()
        self.events += [event for event in (envelope.get_event(),) if event is not None]


@pytest.fixture
def kept() -> Iterator[Kept]:
    transport = Kept()
    before = sentry_sdk.get_client()
    watch(DSN, sample_rate=1.0, transport=transport)
    yield transport
    assert transport.bytes.count(WORD.encode()) == transport.bytes.count(PHONE[4:].encode()) == 0
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(before)


SignedIn = Callable[[Any], Client]


def fails(*_args: Any, **_options: Any) -> Any:
    words, phone = ABUSE, PHONE
    raise RuntimeError(f"{words} {phone}")


def types(kept: Kept) -> list[tuple[str, str]]:
    """Of what would be sent: the type, and the page or task."""
    return [
        (event["exception"]["values"][0]["type"], event["tags"].get("page") or event["tags"]["task"])
        for event in kept.events
    ]


def test_an_error_of_a_page_is_told_by_its_type_and_place_alone(
    kept: Kept, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = signed_in(cast.oumar)
    monkeypatch.setattr(ClosedByDefaultMiddleware, "process_view", fails)
    for client, path in ((Client(), reverse("feedback:speak")), (staff, "/cases/")):
        client.raise_request_exception = False
        assert client.get(path, {"q": SAID}, headers={"X-Said": SAID}).status_code == 500
    assert types(kept) == [("RuntimeError", "feedback:speak"), ("RuntimeError", "referrals:desk")]
    event = kept.events[0]
    assert event.keys() <= {"event_id", "timestamp", "platform", "level", "logger", "tags", "logentry", "exception"}
    assert event["exception"]["values"][0].keys() == {"type", "stacktrace"}
    (step, *_others) = reversed(event["exception"]["values"][0]["stacktrace"]["frames"])
    assert (step["module"], step["function"], step.keys()) == (__name__, "fails", {"module", "function", "lineno"})


def test_an_error_after_somebody_spoke_says_none_of_it(kept: Kept, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback.views.public.speaking, "hand_over", fails)
    visitor = Client(raise_request_exception=False)
    spoken = {"words": SAID, "phone": PHONE}
    assert visitor.post(reverse("feedback:speak"), spoken).status_code == 500
    assert types(kept) == [("RuntimeError", "feedback:speak")]


def test_of_the_vaults_pages_there_is_nothing(
    kept: Kept, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [signed_in(cast.aminata), signed_in(cast.oumar), Client()]
    monkeypatch.setattr(QuietCacheMiddleware, "__call__", fails)
    for client in clients:
        client.raise_request_exception = False
        assert client.get("/vault/", {"q": ABUSE}).status_code == 500
    assert kept.bytes == b""


def test_what_goes_to_the_vault_from_a_public_page_leaves_no_event(
    kept: Kept, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault_keys.recovery_key()
    failed: list[str] = []

    def fails_there(*_told: Any, **_more: Any) -> None:
        failed.append("in the vault")
        fails()

    monkeypatch.setattr(psea.actions.receive, "_insert_once", fails_there)
    assert Client(raise_request_exception=False).post(reverse("feedback:speak"), {"words": ABUSE}).status_code == 500
    assert failed == ["in the vault"]
    assert kept.bytes == b""


def ask(alias: str) -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("select said from nowhere where said = %s", [SAID])


def ask_and_say(alias: str) -> None:
    try:
        ask(alias)
    except DatabaseError as error:
        raise RuntimeError(SAID) from error


@pytest.mark.parametrize("name", ["psea.tasks.remind", "feedback.tasks.remind"])
@pytest.mark.parametrize("act", [ask, ask_and_say])
@pytest.mark.parametrize("alias", ["default", "vault", "vault_intake"])
def test_a_task_is_told_unless_it_is_the_vaults_or_spoke_to_a_database_of_it(
    kept: Kept, db: None, name: str, act: Callable[[str], None], alias: str
) -> None:
    app = Celery("test", broker="memory://", set_as_current=False)
    app.task(name=name)(act).apply(args=(alias,))
    told = [("OperationalError", name), ("ProgrammingError", name)] if act is ask else [("RuntimeError", name)]
    if name.startswith("psea") or alias != "default":
        assert kept.bytes == b""
    else:
        assert len(kept.events) == 1
        assert types(kept)[0] in told


def test_what_our_own_log_says_is_redacted_and_what_libraries_say_is_left_out(kept: Kept) -> None:
    logging.getLogger("core.outbox").error("call %s at %s", PHONE, ValueError(SAID), extra={"said": SAID})
    logging.getLogger("library").error(SAID)
    logging.getLogger("psea.actions").error("sealed")
    logging.getLogger("core.outbox").warning("no error")
    said = [event["logentry"]["message"] for event in kept.events]
    assert said == ["call [number] at ValueError", "library"]


def test_whatever_else_the_library_gathers_does_not_leave(kept: Kept) -> None:
    sentry_sdk.set_user({"email": SAID})
    sentry_sdk.add_breadcrumb(message=SAID)
    sentry_sdk.capture_message(SAID)
    sentry_sdk.capture_exception(RuntimeError(SAID))
    with sentry_sdk.start_transaction(name=SAID, op="task"), sentry_sdk.start_span(name=SAID):
        pass
    logging.getLogger("core.outbox").error("it failed")
    assert [event["logentry"]["message"] for event in kept.events] == ["it failed"]


def test_without_the_library_the_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="sentry-sdk"):
        watch(DSN, sample_rate=1.0)
