"""Clocks that are passed are said again, to those who can act, in the sentences of every lane."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.models import Outbound
from directory import notices
from directory.enums import ServiceType
from directory.models import User
from psea import actions
from psea.actions.reminding import remind
from psea.clocks import CLOCKS, next_due
from psea.databases import VAULT
from psea.enums import CaseState
from psea.facts import Facts
from psea.models import SealedCase
from psea.tasks import remind_handlers
from tests.psea.conftest import Vault

Receive = Callable[..., UUID]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who is told what, in order, whatever becomes of the mail."""
    seen: list[tuple[str, str]] = []
    note = notices._note

    def note_and_see(person: User, notice: notices.Notice, key: str | None, *, is_urgent: bool) -> None:
        assert is_urgent
        seen.append((person.email.split("@")[0], str(notice)))
        note(person, notice, key, is_urgent=is_urgent)

    monkeypatch.setattr(notices, "_note", note_and_see)
    return seen


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def test_an_unopened_case_is_said_after_four_hours_to_officers_and_coordination(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    receive(received_at=hours_ago(3.9))
    told.clear()
    assert remind(at=datetime.now(UTC)) == 0
    receive("SM2", received_at=hours_ago(4.1))
    told.clear()

    assert remind(at=datetime.now(UTC)) == 1
    assert set(told) == {("aminata", "late"), ("rokia", "late"), ("coumba", "late")}


def test_the_same_hour_says_it_once_and_the_next_hour_again(vault: Vault, receive: Receive) -> None:
    receive(received_at=hours_ago(4.5))
    before = Outbound.objects.count()
    now = datetime.now(UTC)
    remind(at=now)
    once = Outbound.objects.count()
    remind(at=now + timedelta(minutes=1))
    assert Outbound.objects.count() == once == before + 3

    remind(at=now + timedelta(hours=1))
    assert Outbound.objects.count() == once + 3


def test_an_opened_case_waits_for_its_transmission_a_transmitted_one_for_its_entity(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    case_id = receive(received_at=hours_ago(30))
    actions.open_case(case_id=case_id, at=hours_ago(29), **vault.as_("aminata"))
    told.clear()
    assert remind(at=datetime.now(UTC)) == 1
    assert set(told) == {("aminata", "late"), ("rokia", "late")}

    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, at=hours_ago(60), **vault.as_("aminata"))
    told.clear()
    assert remind(at=datetime.now(UTC)) == 1
    assert set(told) == {("hawa", "late"), ("coumba", "late")}


def test_a_service_that_nobody_offered_within_a_day_is_said_to_the_officers(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    services = (ServiceType.CLINICAL_CARE,)
    actions.extract_facts(case_id=case_id, services=services, at=hours_ago(25), **vault.as_("aminata"))
    told.clear()

    assert remind(at=datetime.now(UTC)) == 1
    assert set(told) == {("aminata", "late"), ("rokia", "late")}


def test_a_notice_says_nothing_of_what_it_is_about(vault: Vault, receive: Receive) -> None:
    case_id = receive(received_at=hours_ago(5))
    remind(at=datetime.now(UTC))

    keys = " ".join(key or "" for key in Outbound.objects.values_list("dedupe_key", flat=True))
    assert len(keys) > 64
    assert str(case_id) not in keys
    assert "unopened" not in keys


def test_the_hourly_job_runs_and_gives_its_lease_back(vault: Vault, receive: Receive) -> None:
    receive(received_at=hours_ago(5))
    before = Outbound.objects.count()

    remind_handlers.delay()
    remind_handlers.delay()
    assert Outbound.objects.count() == before + 3


@pytest.mark.parametrize(
    ("state", "hours", "rank"),
    [("received", 24, 1), ("transmitted", 48, 2), ("acknowledged", 168, 3), ("investigation", 720, 4)],
)
def test_what_is_due_next_follows_the_state(state: str, hours: int, rank: int) -> None:
    since = hours_ago(1)
    case = SealedCase(state=state, state_since=since, received_at=since)

    due = next_due(case, Facts(), datetime.now(UTC), is_offered=True)
    assert due is not None
    assert (due.rank, due.deadline) == (rank, since + timedelta(hours=hours))


def test_the_health_window_runs_from_the_incident_and_comes_first() -> None:
    now = datetime(2022, 3, 12, 12, tzinfo=UTC)
    case = SealedCase(state="received", state_since=now, received_at=now)
    facts = Facts(incident_on=datetime(2022, 3, 11, tzinfo=UTC).date())

    first = next_due(case, facts, now, is_offered=False)
    assert first is not None
    assert (first.rank, first.deadline) == (0, datetime(2022, 3, 14, tzinfo=UTC))
    later = next_due(case, facts, now + timedelta(days=3), is_offered=False)
    assert later is not None
    assert later.deadline == datetime(2022, 3, 16, tzinfo=UTC)
    over = next_due(case, facts, now + timedelta(days=6), is_offered=False)
    assert over is not None
    assert over.rank == 1


def test_a_case_that_is_over_has_no_clock() -> None:
    now = datetime.now(UTC)
    for state in ("substantiated", "closed_other", "reclassified"):
        assert next_due(SealedCase(state=state, state_since=now), Facts(), now, is_offered=True) is None


def test_every_state_that_waits_has_a_clock_in_the_table(db: None) -> None:
    over = {"substantiated", "unsubstantiated", "insufficient_information", "no_investigation", "closed_other"}
    rows = {}
    when = hours_ago(24 * 40)
    for state in CaseState:
        case = SealedCase(
            state=state,
            state_since=when,
            received_at=when,
            transmitted_at=when,
            outside_at=when,
            acknowledged_at=when,
            assessed_at=when,
            investigated_at=when,
            decided_at=when if state in over else None,
            entity_tag="x",
            thread_tag=str(state),
        )
        case.save(using=VAULT)
        rows[case.pk] = state
    clocked = {
        rows[case.pk]
        for clock in CLOCKS
        for case in SealedCase.objects.using(VAULT).filter(clock.waiting, state_since__lte=datetime.now(UTC))
    }
    assert {str(state) for state in set(CaseState) - clocked} == over | {"reclassified"}
