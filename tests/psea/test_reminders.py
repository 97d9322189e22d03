"""Clocks that are passed are said again, to those who can act, in the sentences of every lane."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine

from core.models import AuditEntry, Outbound
from core.transitions import Refused
from directory import notices
from directory.enums import ServiceType
from directory.implicated import Implicated
from directory.models import User, UserRole
from directory.roles import Role
from feedback.deadlines import hours_in_the_vault
from feedback.enums import CLOCKS_OF_THE_VAULT
from feedback.models import DeadlineRule
from feedback.reference_data import load_deadlines
from psea import actions
from psea.actions.chasing import ring_order
from psea.actions.reminding import remind
from psea.clocks import CLOCKS, Waits, next_due
from psea.databases import VAULT
from psea.enums import CaseState, Heard
from psea.facts import Facts
from psea.health import is_cared_for, windows
from psea.models import AssistanceOffer, SealedCase
from psea.promises import USUAL
from psea.service_clocks import service_dues, waiting_offers
from psea.tasks import remind_handlers
from tests.psea.conftest import INTAKE, NUMBER, Vault, on_duty

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


@pytest.mark.parametrize(
    ("hours", "people"),
    [
        (0.9, set()),
        (1.1, {"rokia"}),
        (3.9, {"rokia"}),
        (4.1, {"rokia", "aminata", "coumba"}),
        (12.1, {"rokia", "aminata", "coumba", "custodian-1", "custodian-2"}),
    ],
)
def test_the_first_officer_is_called_each_hour_then_the_second_and_the_coordination(
    vault: Vault, receive: Receive, told: list[tuple[str, str]], hours: float, people: set[str]
) -> None:
    now = datetime.now(UTC)
    on_duty(vault, "rokia", "aminata", at=now - timedelta(hours=hours))
    with time_machine.travel(now - timedelta(hours=hours), tick=False):
        receive(received_at=now - timedelta(hours=hours))
    assert set(told) == {("rokia", "act")}, "the first of the week alone is called at once"
    told.clear()
    assert remind(at=now) == bool(people)
    assert set(told) == {(name, "late") for name in people}


def test_an_opened_case_calls_nobody_any_more(vault: Vault, receive: Receive, told: list[tuple[str, str]]) -> None:
    case_id = receive(received_at=hours_ago(13))
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    told.clear()
    assert (remind(at=datetime.now(UTC)), told) == (0, [])


def test_the_case_itself_says_who_was_called_and_when(vault: Vault, receive: Receive) -> None:
    case_id = receive(received_at=hours_ago(5))
    now = datetime.now(UTC)
    for at in (now, now + timedelta(hours=1), now + timedelta(hours=8), now + timedelta(hours=9)):
        remind(at=at)
    steps = AuditEntry.objects.using(VAULT).filter(target_id=str(case_id), actor_id="vault-clocks")
    assert sorted(steps.values_list("act", flat=True)) == ["psea.sealedcase.call_second", "psea.sealedcase.ring_round"]


def test_a_stand_in_outside_the_vault_is_not_told_for_they_would_find_nothing(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    receive(received_at=hours_ago(5))
    told.clear()
    User.objects.filter(pk=vault.cast.aminata.pk).update(is_away=True, deputy=vault.cast.ibrahim)
    User.objects.filter(pk=vault.cast.coumba.pk).update(is_away=True, deputy=vault.cast.rokia)
    remind(at=datetime.now(UTC))
    assert set(told) == {("rokia", "late")}


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
    case_id = receive(received_at=hours_ago(26))
    actions.open_case(case_id=case_id, at=hours_ago(25), **vault.as_("aminata"))
    told.clear()
    assert remind(at=datetime.now(UTC)) == 1
    assert set(told) == {("aminata", "late"), ("rokia", "late")}

    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, at=hours_ago(25), **vault.as_("aminata"))
    told.clear()
    now = datetime.now(UTC)
    assert remind(at=now) == 1
    assert set(told) == {("hawa", "late")}
    told.clear()
    assert remind(at=now + timedelta(hours=24)) == 1
    assert set(told) == {("hawa", "late"), ("coumba", "late")}


def test_an_entity_reached_by_hand_is_chased_by_the_officers_and_silence_is_chased_again(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    case_id = receive(received_at=hours_ago(26))
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.reach_outside(case_id=case_id, at=hours_ago(25), **vault.as_("aminata"))
    now = datetime.now(UTC)
    told.clear()
    remind(at=now)
    assert set(told) == {("aminata", "late"), ("rokia", "late")}

    actions.acknowledge(case_id=case_id, by=vault.cast.aminata, at=now)
    actions.advance(case_id=case_id, act="assess", by=vault.cast.aminata, at=now)
    told.clear()
    assert remind(at=now + timedelta(days=29)) == 0
    assert remind(at=now + timedelta(days=30)) == 1
    assert set(told) == {("aminata", "late"), ("rokia", "late"), ("coumba", "late")}
    with pytest.raises(Refused, match="entité à relancer"):
        actions.chase(case_id=receive("SM2"), heard=Heard.NO_NEWS, by=vault.cast.coumba)
    actions.chase(case_id=case_id, heard=Heard.NO_NEWS, by=vault.cast.coumba, at=now + timedelta(days=31))
    told.clear()
    late = {days: remind(at=now + timedelta(days=days)) for days in (40, 90, 91)}
    assert late == {40: 2, 90: 2, 91: 3}, "the other report, to be opened and to be transmitted; then this one again"


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


def of_service(vault: Vault, receive: Receive, service: ServiceType) -> AssistanceOffer:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.extract_facts(case_id=case_id, services=(service,), **vault.as_("aminata"))
    return AssistanceOffer.objects.using(VAULT).get()


@pytest.mark.parametrize(
    ("service", "acts", "hours"),
    [
        (ServiceType.CLINICAL_CARE, ("offer", "accept"), 24),
        (ServiceType.CLINICAL_CARE, ("offer", "accept", "refer"), 72),
        (ServiceType.LEGAL, ("offer", "accept", "refer"), 14 * 24),
        (ServiceType.LEGAL, ("offer", "accept", "refer", "fail_service"), 24),
        (ServiceType.LEGAL, ("offer", "defer"), 7 * 24),
    ],
)
def test_a_service_that_was_accepted_is_late_until_it_was_had(
    vault: Vault, receive: Receive, service: ServiceType, acts: tuple[str, ...], hours: int
) -> None:
    offer, now = of_service(vault, receive, service), datetime.now(UTC)
    for act in acts:
        actions.move_offer(offer_id=offer.pk, act=act, at=now, **vault.as_("aminata"))
    offer = AssistanceOffer.objects.using(VAULT).get()
    assert list(waiting_offers(now + timedelta(hours=hours - 1))) == []
    assert list(waiting_offers(now + timedelta(hours=hours))) == [offer]
    assert [deadline for deadline, _label, _rule in service_dues([offer])] == [now + timedelta(hours=hours)]


@pytest.mark.parametrize("acts", [("offer",), ("offer", "decline"), ("offer", "accept", "refer", "confirm_service")])
def test_a_service_that_nobody_waits_for_has_no_clock(vault: Vault, receive: Receive, acts: tuple[str, ...]) -> None:
    offer = of_service(vault, receive, ServiceType.LEGAL)
    for act in acts:
        actions.move_offer(offer_id=offer.pk, act=act, **vault.as_("aminata"))
    assert list(waiting_offers(datetime.now(UTC) + timedelta(days=90))) == []


def test_how_long_a_service_may_wait_is_set_in_the_table_of_deadlines(vault: Vault, receive: Receive) -> None:
    assert set(USUAL) == set(CLOCKS_OF_THE_VAULT)
    load_deadlines()
    assert hours_in_the_vault() == USUAL
    DeadlineRule.objects.filter(clock="sea_refer").update(hours=6)
    offer, now = of_service(vault, receive, ServiceType.LEGAL), datetime.now(UTC)
    for act in ("offer", "accept"):
        actions.move_offer(offer_id=offer.pk, act=act, at=now, **vault.as_("aminata"))
    assert len(list(waiting_offers(now + timedelta(hours=6)))) == 1


def test_an_early_chase_does_not_stand_for_the_one_of_thirty_days_and_silence_is_chased_after_a_week(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    case_id, now = receive(), datetime.now(UTC)
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.reach_outside(case_id=case_id, at=now, **vault.as_("aminata"))
    for act in ("acknowledge", "assess"):
        actions.advance(case_id=case_id, act=act, by=vault.cast.aminata, at=now)
    actions.chase(case_id=case_id, heard=Heard.NO_NEWS, by=vault.cast.coumba, at=now + timedelta(days=5))
    late = {days: remind(at=now + timedelta(days=days)) for days in (12, 29, 30)}
    assert late == {12: 0, 29: 0, 30: 1}
    actions.chase(case_id=case_id, heard=Heard.NO_ANSWER, by=vault.cast.coumba, at=now + timedelta(days=31))
    late = {days: remind(at=now + timedelta(days=days)) for days in (37, 38)}
    assert late == {37: 0, 38: 1}
    actions.chase(case_id=case_id, heard=Heard.UNDER_WAY, by=vault.cast.coumba, at=now + timedelta(days=39))
    late = {days: remind(at=now + timedelta(days=days)) for days in (47, 98, 99)}
    assert late == {47: 0, 98: 0, 99: 1}


def added(words: str, said_at: datetime, source: str = "SM9") -> None:
    assert actions.add_to_sealed(
        source_id=source, receipt_number=NUMBER, phone=None, words=words, channel="sms", said_at=said_at, by=INTAKE,
    )  # fmt: skip


def test_what_a_person_adds_is_told_to_whoever_reads_the_case_each_day_until_it_is_read(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    case_id, now = receive(implicated=Implicated(users=frozenset({vault.cast.rokia.pk}))), datetime.now(UTC)
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    told.clear()
    added("Il est revenu", now)
    assert told == [], "intake does not know who may read it"
    counts = []
    for hours in (0.1, 0.3, 23.9, 24.1):
        told.clear()
        before = Outbound.objects.count()
        remind(at=now + timedelta(hours=hours))
        assert {name for name, notice in told if notice == "act"} == {"aminata", "hawa"}
        counts.append(Outbound.objects.count() > before)
    assert counts == [True, False, False, True], "once a day"
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    told.clear()
    remind(at=now + timedelta(hours=49))
    assert "act" not in {notice for _name, notice in told}


def test_after_twelve_hours_the_custodians_are_told_and_stand_last_on_the_list(
    vault: Vault, receive: Receive, told: list[tuple[str, str]]
) -> None:
    keeper = vault.cast.oumar
    UserRole.objects.create(user=keeper, role=Role.RECOVERY_CUSTODIAN)
    case_id = receive(received_at=hours_ago(12.5))
    case = SealedCase.objects.using(VAULT).get(pk=case_id)
    told.clear()
    remind(at=datetime.now(UTC) - timedelta(hours=1))
    assert "oumar" not in dict(told)
    remind(at=datetime.now(UTC))
    assert dict(told)["oumar"] == "late"
    assert ring_order(case)[-1] == keeper
    actions.note_call(case_id=case_id, user_id=keeper.pk, was_reached=True, by=vault.cast.coumba)


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


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("state", "hours", "rank"),
    [("received", 24, 3), ("transmitted", 24, 4), ("acknowledged", 168, 5), ("investigation", 720, 6)],
)
def test_what_is_due_next_follows_the_state(state: str, hours: int, rank: int) -> None:
    since = hours_ago(1)
    case = SealedCase(state=state, state_since=since, received_at=since, opened_at=since)

    due = next_due(case, Facts(), datetime.now(UTC), Waits(True))
    assert due is not None
    assert (due.rank, due.deadline) == (rank, since + timedelta(hours=hours))


@pytest.mark.usefixtures("db")
def test_the_health_window_runs_from_the_incident_and_comes_first() -> None:
    now = datetime(2022, 3, 12, 12, tzinfo=UTC)
    case = SealedCase(state="received", state_since=now, received_at=now)
    facts = Facts(incident_on=datetime(2022, 3, 11, tzinfo=UTC).date())

    first = next_due(case, facts, now, Waits(False))
    assert first is not None
    assert (first.rank, first.deadline) == (0, datetime(2022, 3, 14, tzinfo=UTC))
    later = next_due(case, facts, now + timedelta(days=3), Waits(False))
    assert later is not None
    assert later.deadline == datetime(2022, 3, 16, tzinfo=UTC)
    over = next_due(case, facts, now + timedelta(days=6), Waits(False))
    assert over is not None
    assert over.rank == 1


def test_a_known_hour_is_counted_from_and_said_in_words() -> None:
    now = datetime(2022, 3, 12, 12, tzinfo=UTC)
    facts = Facts(incident_on=date(2022, 3, 10), incident_time=time(19, 30))
    first, second = windows(facts, now)
    assert first.sentence == "Il reste 31 h pour les soins à donner dans les 72 h."
    assert second.sentence == "Il reste 79 h pour les soins à donner dans les 120 h."
    first, second = windows(facts, now + timedelta(hours=31, minutes=10))
    assert first.sentence == "Il reste moins d’une heure pour les soins à donner dans les 72 h."
    first, second = windows(facts, now + timedelta(hours=31, minutes=30))
    assert (first.is_open, second.is_open) == (False, True)
    assert "Les 72 h sont passées" in first.sentence
    assert windows(Facts(), now) == []
    assert Facts.from_json(facts.to_json()) == facts


@pytest.mark.parametrize(
    ("offers", "settled"),
    [
        ([], False),
        ([("mhpss", "service_confirmed")], False),
        ([("clinical_care", "offered")], False),
        ([("clinical_care", "accepted")], False),
        ([("clinical_care", "unreachable")], False),
        ([("clinical_care", "declined"), ("mhpss", "to_offer")], True),
        ([("clinical_care", "service_confirmed"), ("clinical_care", "referred")], False),
        ([("clinical_care", "service_confirmed")], True),
    ],
)
def test_care_hurries_until_it_was_had_or_is_not_wanted(offers: list[tuple[str, str]], settled: bool) -> None:
    assert is_cared_for(offers) is settled


def test_a_case_that_is_over_has_no_clock() -> None:
    now = datetime.now(UTC)
    ended = [SealedCase(state=state, state_since=now, copy_held_at=now) for state in ("substantiated", "closed_other")]
    for case in [*ended, SealedCase(state="reclassified", state_since=now, words_destroyed_at=now)]:
        assert next_due(case, Facts(), now, Waits(True)) is None


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("state", "hours"), [("reclassified", 12), ("substantiated", 14 * 24)])
def test_what_is_left_in_the_vault_after_the_end_has_a_clock(state: str, hours: int) -> None:
    now = datetime.now(UTC)
    due = next_due(SealedCase(state=state, state_since=now), Facts(), now, Waits(True))
    assert due is not None
    assert due.deadline == now + timedelta(hours=hours)


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
    assert set(CaseState) - clocked == set()
    SealedCase.objects.using(VAULT).update(words=None, contact=None, words_destroyed_at=when)
    destroyed = {
        rows[case.pk]
        for clock in CLOCKS
        for case in SealedCase.objects.using(VAULT).filter(clock.waiting, state_since__lte=datetime.now(UTC))
    }
    assert {str(state) for state in set(CaseState) - destroyed} == over | {"reclassified"}
