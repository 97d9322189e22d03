"""When a message may leave: not at night, not beyond the day's budget, not too often to one person; receipts do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core import outbox
from core.day_budget import budget_of
from core.gateways import GatewayError
from core.gateways.console import ConsoleGateway
from core.line_health import health_of
from core.models import NumberPace, Outbound
from core.pace import forget_paces
from core.quiet_hours import quiet_until

Kind = Outbound.Kind
BAMAKO = ZoneInfo("Africa/Bamako")
PERSON, ANOTHER = "+22300000012", "+22300000013"
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=BAMAKO)
NIGHT = datetime(2026, 3, 10, 22, 30, tzinfo=BAMAKO)
Sent = list[tuple[str, str]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    taken: Sent = []

    def take(self: ConsoleGateway, to: str, body: str, *, reference: str) -> str:
        taken.append((to, body))
        return f"id-{len(taken)}"

    monkeypatch.setattr(ConsoleGateway, "send", take)
    return taken


def queue(kind: Kind, body: str = "Bonjour", to: str = PERSON) -> Outbound:
    row = outbox.queue_sms(to, body, kind=kind)
    row.refresh_from_db()
    return row


def sweep() -> None:
    for pk in outbox.due_ids():
        outbox.deliver(pk)


# -- quiet hours -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("20:59", None),
        ("21:00", "2026-03-11 06:30"),
        ("23:59", "2026-03-11 06:30"),
        ("00:00", "2026-03-10 06:30"),
        ("06:29", "2026-03-10 06:30"),
        ("06:30", None),
    ],
)
def test_the_night_begins_and_ends_on_the_minute(settings: Settings, at: str, until: str | None) -> None:
    settings.QUIET_HOURS = "21:00-06:30"
    found = quiet_until(datetime.fromisoformat(f"2026-03-10 {at}").replace(tzinfo=BAMAKO))
    assert (found and f"{found:%Y-%m-%d %H:%M}") == until


def test_quiet_hours_within_one_day_and_none_at_all(settings: Settings) -> None:
    settings.QUIET_HOURS = "12:00-14:00"
    assert quiet_until(NOON) == NOON + timedelta(hours=2)
    assert quiet_until(NIGHT) is None
    settings.QUIET_HOURS = ""
    assert quiet_until(NIGHT) is None


def test_at_night_receipts_and_replies_leave_and_the_rest_waits_for_the_morning(
    db: None, sent: Sent, settings: Settings
) -> None:
    settings.QUIET_HOURS = "21:00-06:30"
    with time_machine.travel(NIGHT, tick=False) as clock:
        queue(Kind.RECEIPT, "recu")
        queue(Kind.MENU, "menu")
        answer, question = queue(Kind.ANSWER, "reponse"), queue(Kind.QUESTION, "question")
        assert [body for _, body in sent] == ["recu", "menu"]
        assert (answer.state, answer.reason, answer.attempts) == ("queued", "quiet hours", 0)
        clock.move_to(datetime(2026, 3, 11, 6, 29, tzinfo=BAMAKO))
        sweep()
        assert len(sent) == 2
        clock.move_to(datetime(2026, 3, 11, 6, 30, tzinfo=BAMAKO))
        sweep()
        assert [body for _, body in sent[2:]] == ["reponse", "question"]
    question.refresh_from_db()
    assert question.state == "sent"


# -- the day's budget ------------------------------------------------------------------------------------------------


def test_beyond_the_budget_receipts_leave_and_the_rest_waits_for_the_next_day(
    db: None, sent: Sent, settings: Settings
) -> None:
    settings.SMS_DAY_BUDGET = 3
    with time_machine.travel(NOON, tick=False) as clock:
        queue(Kind.ANSWER, "a" * 200)  # two segments
        queue(Kind.ANSWER, "deux segments encore " * 10, ANOTHER)
        queue(Kind.ANSWER, "un seul", ANOTHER)
        late = queue(Kind.ANSWER, "un de trop", ANOTHER)
        queue(Kind.RECEIPT, "recu")
        assert [body for _, body in sent] == ["a" * 200, "un seul", "recu"]
        assert (late.state, late.reason) == ("queued", "budget")
        assert budget_of("").spent == 4
        clock.move_to(datetime(2026, 3, 10, 23, 59, tzinfo=BAMAKO))
        sweep()
        assert len(sent) == 3
        clock.move_to(datetime(2026, 3, 11, 0, 0, tzinfo=BAMAKO))
        sweep()
        assert {body for _, body in sent[3:]} == {"deux segments encore " * 10, "un de trop"}
        assert budget_of("").spent == 3


def test_a_line_has_its_own_budget(db: None, sent: Sent, settings: Settings) -> None:
    settings.SMS_DAY_BUDGET_BY_LINE = {"console": 1, "twilio": 100}
    assert [queue(Kind.ANSWER, to=to).state for to in (PERSON, ANOTHER)] == ["sent", "queued"]


def test_what_the_carrier_refused_costs_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> str:
        raise GatewayError("no such number", permanent=True)

    monkeypatch.setattr(ConsoleGateway, "send", refuse)
    queue(Kind.ANSWER)
    assert budget_of("").spent == 0


# -- the pace for one person -----------------------------------------------------------------------------------------


def test_over_the_hours_cap_an_answer_waits_a_menu_is_dropped_and_a_receipt_leaves(
    db: None, sent: Sent, settings: Settings
) -> None:
    settings.SMS_PER_PERSON_HOUR = 3
    with time_machine.travel(NOON, tick=False) as clock:
        for kind in (Kind.RECEIPT, Kind.MENU, Kind.ANSWER):
            queue(kind)
            clock.shift(timedelta(minutes=10))
        answer, menu, receipt = queue(Kind.ANSWER), queue(Kind.MENU), queue(Kind.RECEIPT, "recu")
        assert [(row.state, row.reason) for row in (answer, menu, receipt)] == [
            ("queued", "cap"),
            ("failed", "cap"),
            ("sent", ""),
        ]
        assert queue(Kind.ANSWER, to=ANOTHER).state == "sent"
        # the first three left at 12:00, 12:10 and 12:20, the receipt at 12:30: at 13:11 two are left to count
        clock.move_to(NOON + timedelta(minutes=69))
        sweep()
        answer.refresh_from_db()
        assert answer.state == "queued"
        clock.move_to(NOON + timedelta(minutes=71))
        sweep()
        answer.refresh_from_db()
        assert answer.state == "sent"


def test_the_days_cap_holds_too_and_no_cap_holds_nothing(db: None, sent: Sent, settings: Settings) -> None:
    settings.SMS_PER_PERSON_HOUR, settings.SMS_PER_PERSON_DAY = 0, 4
    with time_machine.travel(NOON, tick=False) as clock:
        states = []
        for _ in range(6):
            states.append(queue(Kind.ANSWER).state)
            clock.shift(timedelta(hours=2))
        assert states == ["sent"] * 4 + ["queued"] * 2
    settings.SMS_PER_PERSON_DAY = 0
    assert queue(Kind.ANSWER).state == "sent"


def test_a_retry_counts_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [GatewayError("busy", permanent=False), GatewayError("busy", permanent=False)]

    def send(*_: Any, **__: Any) -> str:
        if answers:
            raise answers.pop()
        return "id"

    monkeypatch.setattr(ConsoleGateway, "send", send)
    with time_machine.travel(NOON, tick=False) as clock:
        row = queue(Kind.ANSWER)
        for _ in range(2):
            clock.shift(timedelta(minutes=5))
            sweep()
        row.refresh_from_db()
        assert (row.state, row.attempts, len(NumberPace.objects.get().left)) == ("sent", 3, 1)


def test_what_is_known_of_a_numbers_pace_is_gone_after_a_day(db: None, sent: Sent) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        queue(Kind.RECEIPT)
        assert PERSON not in str(NumberPace.objects.values_list().get())
        clock.shift(timedelta(hours=23))
        queue(Kind.RECEIPT, to=ANOTHER)
        clock.shift(timedelta(hours=2))
        assert forget_paces(timezone.now()) == 1
        assert NumberPace.objects.count() == 1


# -- what staff and monitors see -------------------------------------------------------------------------------------


def test_what_waits_for_its_hour_is_no_fault_of_the_line(db: None, sent: Sent, settings: Settings) -> None:
    settings.SMS_PER_PERSON_HOUR = 1
    for _ in range(6):
        queue(Kind.MENU)
    health = health_of(["console"])["console"]
    assert (health.tone, [said for said in health.sentences if "échec" in said]) == ("done", [])


def test_metrics_tell_what_waits_by_kind_what_failed_and_what_was_spent(
    db: None, sent: Sent, settings: Settings
) -> None:
    settings.SMS_PER_PERSON_HOUR, settings.SMS_DAY_BUDGET = 2, 500
    queue(Kind.RECEIPT, "a" * 200)
    queue(Kind.MENU)
    queue(Kind.MENU)
    for _ in range(2):
        queue(Kind.ANSWER)
    NumberPace.objects.update(silent_until=timezone.now() + timedelta(minutes=1))
    lines = Client().get("/metrics").content.decode().splitlines()
    assert {
        'jaabi_outbound_queued{kind="answer"} 2.0',
        'jaabi_outbound_queued{kind="menu"} 0.0',
        'jaabi_outbound{state="failed"} 1.0',
        'jaabi_sms_segments_today{line=""} 3.0',
        'jaabi_sms_segments_today{line="console"} 3.0',
        'jaabi_sms_budget{line=""} 500.0',
        "jaabi_loop_guard_silenced 1.0",
    } <= set(lines)


# -- never twice -----------------------------------------------------------------------------------------------------


def test_a_crash_between_the_carriers_yes_and_our_commit_sends_once(
    db: None, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The carrier is asked first, and only once: its count of what it took does not move."""
    finds: list[str] = []

    def find(self: ConsoleGateway, to: str, body: str, since: datetime) -> str | None:
        finds.append(body)
        return f"id-{sent.index((to, body)) + 1}" if (to, body) in sent else None

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ConsoleGateway, "find", find)
    with time_machine.travel(NOON, tick=False) as clock:
        with monkeypatch.context() as broken:
            broken.setattr(outbox, "_mark_sent", crash)
            with pytest.raises(KeyboardInterrupt):
                queue(Kind.ANSWER)
        row = Outbound.objects.get()
        assert (row.state, len(sent)) == ("sending", 1)
        sweep()
        assert finds == []  # the worker may be alive still
        clock.shift(timedelta(minutes=3))
        sweep()
        row.refresh_from_db()
        assert (row.state, row.provider_id, len(sent), finds) == ("sent", "id-1", 1, ["Bonjour"])


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The network is down; the call brings it back."""

    def silent(*_: Any, **__: Any) -> str:
        raise GatewayError("silent", permanent=False)

    monkeypatch.setattr(ConsoleGateway, "send", silent)
    return lambda: monkeypatch.setattr(ConsoleGateway, "send", lambda *_, **__: "id")


def test_an_answer_outlives_two_days_without_a_network_and_an_order_is_not_answered_so_late(
    db: None, sent: Sent, down: Callable[[], None]
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        answer, menu = queue(Kind.ANSWER), queue(Kind.MENU)
        waits: list[float] = []
        while timezone.now() < NOON + timedelta(days=2):
            before = timezone.now()
            due = Outbound.objects.filter(state="queued").order_by("not_before").values_list("not_before", flat=True)
            clock.move_to(due[0])
            sweep()
            waits.append((timezone.now() - before).total_seconds())
        answer.refresh_from_db()
        menu.refresh_from_db()
        assert (answer.state, answer.reason) == ("queued", "silent")
        assert (menu.state, menu.reason) == ("failed", "silent")
        assert waits == sorted(waits)  # each wait at least as long as the one before
        down()
        clock.shift(timedelta(hours=1))
        sweep()
        answer.refresh_from_db()
        assert answer.state == "sent"
