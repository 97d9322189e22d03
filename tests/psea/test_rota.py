"""The rota: two people of two organisations each week, gaps in red, turns swapped; new reports go to those on duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from core.transitions import Refused
from directory.enums import Sex
from directory.implicated import Implicated
from directory.models import DutyOfficer, DutySwap, DutyWeek, User, UserRole
from directory.roles import Role
from psea import actions
from psea.enums import Part
from psea.rota import WEEK, calendar, monday_of, officers, turn_at
from tests.psea.conftest import Vault, holders, on_duty
from tests.psea.test_session import SignedIn

Receive = Callable[..., UUID]
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
MONDAY = date(2026, 3, 9)


@pytest.fixture
def team(vault: Vault) -> Vault:
    """Four officers of three organisations with their keys, each trained and bound."""
    for name, organisation in (("oumar", "nrc"), ("ibrahim", "line")):
        person = vault.cast.people[name]
        person.organisation = vault.cast.organisations[organisation]
        person.save()
        UserRole.objects.create(user=person, role=Role.PSEA_INTAKE_OFFICER)
        vault.cast.people[name] = User.objects.get(pk=person.pk)
        vault.enrol(name)
    for name in ("aminata", "rokia", "oumar", "ibrahim"):
        described(vault, name)
    return vault


def described(vault: Vault, name: str, **changes: Any) -> DutyOfficer:
    known: dict[str, Any] = {
        "user": vault.cast.people[name],
        "trained_on": date(2025, 1, 6),
        "confidentiality_signed_on": date(2025, 1, 7),
        "sex": Sex.FEMALE,
        "languages": ["bam"],
        "conflicts": [],
        "by": vault.cast.coumba,
    }
    return actions.describe_officer(**(known | changes))


def readers_of_words(vault: Vault, case_id: UUID) -> set[str]:
    names = {reader.key_id: name for name, reader in vault.readers.items()}
    return {names[pk] for pk in holders(case_id, Part.WORDS)} - {"recovery"}


# -- who holds a week ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 3, 9, 7, 59, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 9, 8, 0, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 15, 23, 0, tzinfo=UTC), date(2026, 3, 9)),
    ],
)
def test_the_week_turns_on_monday_at_the_hour_of_the_handover(db: None, moment: datetime, monday: date) -> None:
    assert monday_of(moment) == monday


def test_two_of_one_organisation_cannot_hold_a_week_and_the_database_says_so_too(team: Vault) -> None:
    rokia, oumar, aminata = (team.cast.people[name] for name in ("rokia", "oumar", "aminata"))
    known: dict[str, Any] = {"monday": MONDAY, "by": team.cast.coumba}
    with time_machine.travel(TUESDAY):
        for first, second in ((rokia, oumar), (rokia, rokia)):
            with pytest.raises(Refused, match="deux organisations"):
                actions.set_week(first=first, second=second, **known)
        with pytest.raises(Refused, match="passée"):
            actions.set_week(first=rokia, second=aminata, **(known | {"monday": MONDAY - WEEK}))
        with pytest.raises(Refused, match="coordination"):
            actions.set_week(first=rokia, second=aminata, **(known | {"by": aminata}))
        actions.set_week(first=rokia, second=aminata, **known)
        held = turn_at(TUESDAY)
    assert held is not None
    assert (held.first, held.second) == (rokia, aminata)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyWeek.objects.create(
            monday=MONDAY + WEEK,
            first=rokia,
            second=oumar,
            first_organisation=rokia.organisation,
            second_organisation=oumar.organisation,
        )


@pytest.mark.parametrize("lacking", ["trained_on", "confidentiality_signed_on"])
def test_nobody_stands_on_duty_untrained_or_unbound(team: Vault, lacking: str) -> None:
    described(team, "aminata", **{lacking: None})
    pair: dict[str, Any] = {"first": team.cast.rokia, "second": team.cast.aminata, "by": team.cast.coumba}
    with time_machine.travel(TUESDAY), pytest.raises(Refused, match="formation et confidentialité"):
        actions.set_week(monday=MONDAY, **pair)


def test_the_calendar_says_every_gap(team: Vault) -> None:
    on_duty(team, "rokia", "aminata", at=TUESDAY)
    on_duty(team, "ibrahim", "aminata", at=TUESDAY + WEEK)
    User.objects.filter(pk=team.cast.rokia.pk).update(is_away=True)
    User.objects.exclude(pk=team.cast.ibrahim.pk).update(phone="+22370000001")
    described(team, "ibrahim", sex=Sex.MALE, languages=("fra", "eng"))
    described(team, "aminata", sex=Sex.MALE, languages=("fra",), confidentiality_signed_on=None)
    first, second, third = calendar(officers(), TUESDAY, weeks=3)
    assert (first.monday, first.is_current, second.monday) == (MONDAY, True, MONDAY + WEEK)
    assert [str(fault) for fault in first.faults] == ["Rokia : en absence", "Aminata : confidentialité non signée"]
    assert [str(fault) for fault in second.faults] == ["Aminata : confidentialité non signée"]
    assert [[str(one) for one in week.remarks] for week in (first, second)] == [
        [],
        [
            "Aucune femme de garde cette semaine.",
            "Personne de garde ne parle une langue nationale cette semaine.",
            "Ibrahim n’a pas de téléphone noté : la nuit, un courriel seul ne réveille pas.",
        ],
    ]
    assert [str(fault) for fault in third.faults] == ["Personne n’est de garde."]


# -- turns swapped ---------------------------------------------------------------------------------------------------


def test_a_turn_goes_to_the_colleague_who_takes_it_and_theirs_comes_back(team: Vault) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        mine = on_duty(team, "rokia", "aminata", at=TUESDAY + WEEK)
        theirs = on_duty(team, "ibrahim", "aminata", at=TUESDAY + 2 * WEEK)
        swap = actions.ask_swap(week=mine, colleague=team.cast.ibrahim, in_exchange=theirs, by=team.cast.rokia)
        with pytest.raises(Refused, match="attend déjà"):
            actions.ask_swap(week=mine, colleague=team.cast.ibrahim, by=team.cast.rokia)
        with pytest.raises(DutySwap.DoesNotExist):
            actions.answer_swap(swap_id=swap.pk, is_accepted=True, by=team.cast.oumar)
        mine.refresh_from_db()
        assert mine.first == team.cast.rokia, "until it is accepted nothing changes"
        actions.answer_swap(swap_id=swap.pk, is_accepted=True, by=team.cast.ibrahim)
        with pytest.raises(Refused, match="plus de réponse"):
            actions.answer_swap(swap_id=swap.pk, is_accepted=True, by=team.cast.ibrahim)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.first, mine.second) == (team.cast.ibrahim, team.cast.aminata)
    assert (theirs.first, theirs.second) == (team.cast.rokia, team.cast.aminata)
    assert (mine.first_organisation, theirs.first_organisation) == (
        team.cast.ibrahim.organisation,
        team.cast.rokia.organisation,
    )
    acts = AuditEntry.objects.filter(act__startswith="psea.duty.").values_list("act", flat=True)
    assert set(acts) == {"psea.duty.describe", "psea.duty.ask_swap", "psea.duty.answer_swap"}


def test_a_swap_that_would_leave_one_organisation_is_refused(team: Vault) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        week = on_duty(team, "rokia", "aminata", at=TUESDAY)
        with pytest.raises(Refused, match="deux organisations"):
            actions.ask_swap(week=week, colleague=team.cast.oumar, by=team.cast.aminata)
        with pytest.raises(Refused, match="pas de garde"):
            actions.ask_swap(week=week, colleague=team.cast.oumar, by=team.cast.ibrahim)
        swap = actions.ask_swap(week=week, colleague=team.cast.oumar, by=team.cast.rokia)
        on_duty(team, "oumar", "ibrahim", at=TUESDAY)
        with pytest.raises(Refused, match="a changé"):
            actions.answer_swap(swap_id=swap.pk, is_accepted=True, by=team.cast.oumar)


# -- who reads a fresh report ----------------------------------------------------------------------------------------


def test_a_fresh_report_is_wrapped_to_the_two_on_duty_alone(team: Vault, receive: Receive) -> None:
    on_duty(team, "ibrahim", "rokia", at=datetime.now(UTC))
    assert readers_of_words(team, receive()) == {"ibrahim", "rokia"}


def test_without_a_rota_everyone_who_is_there_reads_it(team: Vault, receive: Receive) -> None:
    assert readers_of_words(team, receive()) == {"aminata", "rokia", "oumar", "ibrahim"}


@pytest.mark.parametrize(
    "how", ["implicated", "conflict with whom it concerns", "conflict with whom it implicates", "away"]
)
def test_whoever_may_not_read_it_is_replaced_by_another_organisation(team: Vault, receive: Receive, how: str) -> None:
    on_duty(team, "rokia", "aminata", at=datetime.now(UTC))
    pam, aminata = team.cast.organisations["pam"], team.cast.aminata
    changes: dict[str, Any] = {}
    if how == "implicated":
        changes = {"implicated": Implicated(organisations=frozenset({aminata.organisation_id}))}
    elif how == "away":
        User.objects.filter(pk=aminata.pk).update(is_away=True)
    else:
        described(team, "aminata", conflicts=[pam])
        concerned = {"concerned_organisation_id": pam.pk}
        named = {"implicated": Implicated(organisations=frozenset({pam.pk}))}
        changes = concerned if how.endswith("concerns") else named
    case_id = receive(**changes)
    assert readers_of_words(team, case_id) == {"rokia", "ibrahim"}, "not oumar: he is of rokia's organisation"


def test_a_second_person_of_the_same_organisation_is_better_than_one_alone(team: Vault, receive: Receive) -> None:
    on_duty(team, "rokia", "aminata", at=datetime.now(UTC))
    pam = team.cast.organisations["pam"]
    for name in ("aminata", "ibrahim"):
        described(team, name, conflicts=[pam])
    assert readers_of_words(team, receive(concerned_organisation_id=pam.pk)) == {"rokia", "oumar"}


# -- from the page ---------------------------------------------------------------------------------------------------


def test_the_coordination_sets_a_week_and_a_refusal_keeps_what_was_chosen(team: Vault, signed_in: SignedIn) -> None:
    monday = monday_of(datetime.now(UTC)) + WEEK
    where = reverse("psea:duty_week", args=[monday])
    rokia, oumar, aminata = (team.cast.people[name].pk for name in ("rokia", "oumar", "aminata"))
    browser = signed_in(team.cast.coumba)

    def sent(first: int, second: int) -> Any:
        return browser.post(where, {f"{monday}-first": first, f"{monday}-second": second})

    refused = sent(rokia, oumar)
    assert refused.status_code == 422
    assert "deux organisations" in refused.content.decode()
    assert f'<option value="{oumar}" selected>' in refused.content.decode()
    assert sent(rokia, aminata).status_code == 302
    page = browser.get(reverse("psea:rota")).content.decode()
    assert "11 semaines ne sont pas assurées" in page
    assert "Changer" in page
    other = signed_in(team.cast.rokia)
    assert "Nommer les deux personnes" not in other.get(reverse("psea:rota")).content.decode()
    assert other.post(where, {}).status_code == 404


def test_a_swap_is_asked_and_taken_from_the_page(team: Vault, signed_in: SignedIn) -> None:
    week = on_duty(team, "rokia", "aminata", at=datetime.now(UTC) + WEEK)
    asked = signed_in(team.cast.rokia).post(
        reverse("psea:duty_swap", args=[week.monday]), {f"tour-{week.monday}-colleague": team.cast.ibrahim.pk}
    )
    assert asked.status_code == 302
    browser = signed_in(team.cast.ibrahim)
    shown = browser.get(reverse("psea:rota")).content.decode()
    assert "Rokia vous demande de prendre son tour" in shown
    assert all(f'href="{reverse(name)}"' in shown for name in ("psea:cases", "psea:handed", "psea:people"))
    browser.post(reverse("psea:duty_swap_answer", args=[DutySwap.objects.get().pk]), {"answer": "yes"})
    week.refresh_from_db()
    assert week.first == team.cast.ibrahim


def test_an_officer_is_described_by_the_coordination(vault: Vault, signed_in: SignedIn) -> None:
    where = reverse("psea:duty_officer", args=[vault.cast.aminata.pk])
    pam = vault.cast.organisations["pam"]
    given = {"trained_on": "2025-01-06", "confidentiality_signed_on": "2025-01-07", "sex": "female"}
    browser = signed_in(vault.cast.coumba)
    assert browser.post(where, given | {"sex": "x"}).status_code == 422
    assert browser.post(where, given | {"languages": ["bam", "ful"], "conflicts": [pam.pk]}).status_code == 302
    profile = DutyOfficer.objects.get()
    assert (profile.languages, list(profile.conflicts.all())) == (["bam", "ful"], [pam])
    assert "Bambara, Fulfulde" in browser.get(reverse("psea:rota")).content.decode()


def test_the_rota_takes_the_same_number_of_queries_however_long_it_is(team: Vault, signed_in: SignedIn) -> None:
    browser = signed_in(team.cast.coumba)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("psea:rota"))
        return len(asked)

    on_duty(team, "rokia", "aminata", at=datetime.now(UTC))
    one = count()
    for number in range(8):
        on_duty(team, "rokia", "aminata", at=datetime.now(UTC) + number * WEEK)
    assert count() == one
