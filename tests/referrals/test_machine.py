"""The machine reads like the table of DESIGN §3, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import PERSON, SYSTEM
from core.transitions import Conflict, Refused, move
from feedback.actions import merge, withdraw
from feedback.enums import CaseState
from feedback.models import Case
from referrals import actions, querysets
from referrals.enums import ReferralState
from referrals.models import Referral, ReferralCycle
from referrals.querysets import RECEIVER_ACTS, SENDER_ACTS
from tests.referrals.conftest import House

LIVE = {"sent", "received", "info_requested", "accepted", "in_progress"}
# DESIGN §3, with "R acts as from sent" spelt out for a reopened one.
TABLE = {
    "send": ({"draft"}, "sent"),
    "receive": ({"sent", "reopened"}, "received"),
    "accept": ({"sent", "received", "info_requested", "reopened"}, "accepted"),
    "ask": ({"received"}, "info_requested"),
    "reply": ({"info_requested"}, "received"),
    "refuse": (LIVE | {"reopened"}, "refused"),
    "start": ({"accepted"}, "in_progress"),
    "answer": ({"sent", "received", "accepted", "in_progress", "reopened"}, "answered"),
    "feed_back": ({"answered"}, "fed_back"),
    "recall": (LIVE | {"reopened"}, "recalled"),
    "close": ({"fed_back", "answered", "refused"}, "closed"),
    "reopen": ({"answered", "fed_back", "closed"}, "reopened"),
}
ACTS = sorted(TABLE)


def details_of(act: str, house: House) -> dict[str, Any]:
    clocks = {"accept_by": house.at + timedelta(days=3), "answer_by": house.at + timedelta(days=14)}
    details: dict[str, dict[str, Any]] = {
        "send": clocks,
        "accept": {"responsible": house.cast.fanta},
        "refuse": {"code": "HORS_ZONE"},
        "answer": {"kind": "response", "words": "L'eau revient lundi."},
        "feed_back": {"how": "call"},
        "recall": {"reason": "sent_in_error"},
        "close": {"outcome": "unreachable"},
        "reopen": {"reason": "not_settled", **clocks},
    }
    return details.get(act, {})


def brought_to(state: str, house: House) -> Referral:
    """A referral that came to this state by its own acts."""
    referral = actions.create(house.case().pk, house.wish(), by=house.cast.awa)
    ways: dict[str, list[str]] = {
        "draft": [],
        "sent": ["send"],
        "received": ["send", "receive"],
        "info_requested": ["send", "receive", "ask"],
        "accepted": ["send", "accept"],
        "in_progress": ["send", "accept", "start"],
        "answered": ["send", "answer"],
        "refused": ["send", "refuse"],
        "recalled": ["send", "recall"],
        "fed_back": ["send", "answer", "feed_back"],
        "closed": ["send", "answer", "feed_back", "close"],
        "reopened": ["send", "answer", "reopen"],
    }
    for act in ways[state]:
        by = house.cast.fanta if act in RECEIVER_ACTS else house.cast.awa
        referral = move(Referral, referral.pk, act, by=by, **details_of(act, house))
    return referral


def test_the_edges_are_exactly_those_of_the_table() -> None:
    every: Any = Referral().get_all_state_transitions  # type: ignore[attr-defined]  # made by django_fsm
    edges = {
        (name, str(source), str(transition.target))
        for transition in every()
        for name, source in [(transition.name, transition.source)]
    }
    assert edges == {(act, source, target) for act, (sources, target) in TABLE.items() for source in sources}


def test_every_state_is_one_that_the_table_names() -> None:
    named = {target for _, target in TABLE.values()} | {"draft"}
    assert set(ReferralState.values) == named


def test_every_act_belongs_to_one_side() -> None:
    assert SENDER_ACTS.isdisjoint(RECEIVER_ACTS)
    assert SENDER_ACTS | RECEIVER_ACTS | {"feed_back"} == set(TABLE)


@pytest.mark.parametrize("state", ReferralState.values)
def test_an_act_moves_from_its_sources_and_from_nowhere_else(house: House, state: str) -> None:
    for act in ACTS:
        sources, target = TABLE[act]
        with transaction.atomic():
            referral = brought_to(state, house)
            by = house.cast.fanta if act in RECEIVER_ACTS else house.cast.awa
            if state in sources:
                assert move(Referral, referral.pk, act, by=by, **details_of(act, house)).state == target
            else:
                with pytest.raises(Refused):
                    move(Referral, referral.pk, act, by=by, **details_of(act, house))
                assert Referral.objects.get(pk=referral.pk).state == state


def test_a_reference_that_another_referral_has_is_drawn_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["R-7KQ-4MD", "R-7KQ-4MD", "R-7KQ-4ME"])
    monkeypatch.setattr(querysets, "new_reference", lambda: next(drawn))
    assert [house.sent().reference for _ in range(2)] == ["R-7KQ-4MD", "R-7KQ-4ME"]


def test_sides_do_not_act_for_one_another(house: House) -> None:
    referral = house.sent()
    for act in sorted(RECEIVER_ACTS):
        with pytest.raises(Refused, match="destinataire"):
            move(Referral, referral.pk, act, by=house.cast.awa, **details_of(act, house))
    for act in sorted(SENDER_ACTS - {"send"}):
        with pytest.raises(Refused, match="émetteur"):
            move(Referral, referral.pk, act, by=house.cast.fanta, **details_of(act, house))


@pytest.mark.parametrize("name", ["ibrahim", "mariam", "adama", "djeneba", "robert", "salif", "aminata", "oumar"])
def test_nobody_else_acts(house: House, name: str) -> None:
    referral = house.sent()
    for act in ACTS:
        with pytest.raises(Refused):
            move(Referral, referral.pk, act, by=getattr(house.cast, name), **details_of(act, house))


def test_a_job_accepts_nothing_and_a_person_answers_nothing(house: House) -> None:
    referral = house.sent()
    for by in (SYSTEM, PERSON):
        for act in ("accept", "answer", "refuse", "start"):
            with pytest.raises(Refused):
                move(Referral, referral.pk, act, by=by, **details_of(act, house))


def test_answering_fills_the_dates_it_skipped(house: House) -> None:
    referral = house.sent()
    at = timezone.now()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta, at=at)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.received_at, row.accepted_at, row.answered_at) == (at, at, at)


def test_the_clock_goes_on_while_a_question_waits(house: House, fresh: Callable[[Referral], Referral]) -> None:
    referral = house.sent()
    before = (referral.accept_by, referral.answer_by)
    actions.ask(referral.pk, words="Quel quartier ?", by=house.cast.fanta)
    asked = fresh(referral)
    assert (asked.state, asked.accept_by, asked.answer_by) == ("info_requested", *before)
    assert asked.received_at is not None
    actions.reply(referral.pk, words="Le quatrième.", by=house.cast.awa)
    assert fresh(referral).state == "received"


def test_closing_before_feedback_needs_that_nobody_can_be_told(house: House) -> None:
    referral = brought_to("answered", house)
    with pytest.raises(Refused, match="informée"):
        actions.close(referral.pk, outcome="successful", by=house.cast.awa)
    assert actions.close(referral.pk, outcome="unreachable", by=house.cast.awa).outcome == "unreachable"


def test_a_refusal_is_never_closed_as_a_success(house: House) -> None:
    referral = brought_to("refused", house)
    with pytest.raises(Refused, match="refusé"):
        actions.close(referral.pk, outcome="successful", by=house.cast.awa)


def test_reopening_keeps_the_old_round_and_starts_a_new_clock(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    old = Referral.objects.get(pk=referral.pk)
    later = house.at + timedelta(days=30)
    row = actions.reopen(referral.pk, reason="new_facts", by=house.cast.awa, at=later)
    assert (row.cycle, row.sent_at, row.first_sent_at, row.answered_at) == (2, later, old.first_sent_at, None)
    assert row.answer_by is not None
    assert row.answer_by > later
    past = ReferralCycle.objects.get(referral=row)
    assert (past.number, past.answered_at, past.answer_by) == (1, old.answered_at, old.answer_by)
    assert past.unsealed("answer_words") == "Lundi."
    assert row.unsealed("answer_words") == ""


def test_what_the_person_objects_to_or_goes_on_elsewhere_is_not_reopened(house: House) -> None:
    answered = [house.sent() for _ in range(2)]
    for referral in answered:
        actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    withdraw(answered[0].case_id, by=house.cast.awa)
    merge(answered[1].case_id, into_id=house.case().pk, by=house.cast.awa)
    for referral, why in zip(answered, ("ne veut pas", "réuni à un autre"), strict=True):
        with pytest.raises(Refused, match=why):
            actions.reopen(referral.pk, reason="not_settled", by=house.cast.awa)


def test_the_second_of_two_people_is_told_and_overwrites_nothing(house: House) -> None:
    referral = house.sent()
    actions.accept(referral.pk, by=house.cast.fanta, seen="sent")
    with pytest.raises(Conflict):
        actions.refuse(referral.pk, code="HORS_ZONE", by=house.cast.fanta, seen="sent")
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.refusal_code) == ("accepted", "")


def test_sending_twice_with_one_form_is_one_referral(house: House) -> None:
    case = house.case()
    first = house.sent(case)
    again = house.sent(case, pk=first.pk)
    assert again.pk == first.pk
    assert Referral.objects.filter(case=case).count() == 1


def test_a_state_written_without_what_it_needs_is_refused_by_the_database(house: House) -> None:
    referral = house.sent()
    for state in ("accepted", "answered", "refused", "recalled", "fed_back", "closed", "reopened"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(state=state)


def test_the_case_follows_its_referrals(house: House) -> None:
    case = house.case()
    first, second = house.sent(case), house.sent(case, house.wish("hcr", None))
    assert Case.objects.get(pk=case.pk).state == CaseState.REFERRED
    actions.refuse(first.pk, code="HORS_ZONE", by=house.cast.fanta)
    assert Case.objects.get(pk=case.pk).state == CaseState.REFERRED
    actions.recall(second.pk, reason="sent_in_error", by=house.cast.awa)
    assert Case.objects.get(pk=case.pk).state == CaseState.TRIAGED


def test_an_unsuccessful_answer_leaves_the_case_to_be_sorted_again(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="unsuccessful", reason="MANQUE_CAPACITE", by=house.cast.fanta)
    assert Case.objects.get(pk=referral.case_id).state == CaseState.TRIAGED


def test_a_success_answers_the_case_in_the_receivers_words(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="adjustment", words="La pompe est changée.", by=house.cast.fanta)
    case = Case.objects.get(pk=referral.case_id)
    assert case.state == CaseState.ANSWERED
    assert case.latest_answer is not None
    assert case.latest_answer.unsealed("words") == "La pompe est changée."


def test_a_refused_one_goes_on_in_one_click_and_the_chain_is_kept(house: House) -> None:
    referral = house.sent()
    actions.refuse(referral.pk, code="HORS_MANDAT", competent=house.cast.organisations["hcr"], by=house.cast.fanta)
    hop = actions.forward(referral.pk, house.wish("hcr", None), by=house.cast.awa)
    assert (hop.previous_id, hop.state, hop.case_id) == (referral.pk, "sent", referral.case_id)
    with pytest.raises(Refused):
        actions.forward(hop.pk, house.wish(), by=house.cast.awa)


def test_recalling_works_although_the_receivers_people_have_left(house: House) -> None:
    referral = house.sent()
    house.cast.fanta.is_active = False
    house.cast.fanta.save()
    assert actions.recall(referral.pk, reason="solved", by=house.cast.awa).state == "recalled"


def test_an_unsorted_case_cannot_be_referred(house: House) -> None:
    case = house.unsorted()
    with pytest.raises(Refused, match="trié"):
        house.sent(case)
    assert not Referral.objects.filter(case=case).exists()
