"""Whether the person was reached: asked once more, tried again, flagged; and nothing closes by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core.gateways import GatewayError, StatusUpdate
from core.gateways.console import ConsoleGateway
from core.models import AuditEntry, Outbound
from core.outbox import settle
from feedback import actions
from feedback.actions import reach
from feedback.actions.stop import stop
from feedback.enums import CaseState, Delivery, SafeContact, ToldHow
from feedback.models import Answer, Case
from feedback.queue import QueueName, queue
from feedback.tasks import ask_again, bring_again
from referrals.actions import create_and_send
from referrals.actions.sending import Wish
from referrals.enums import ReferralState
from referrals.models import Referral
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import PHONE, place, sorted_case

ANSWER = "Le forage sera repare lundi."
BY_SMS: dict[str, Any] = {"safe_contact": SafeContact.SMS, "about": {"sms_may_be_read": True}}
Outgoing = list[tuple[str, str]]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-10 12:00+00:00", tick=False) as traveller:
        yield traveller


def answered(cast: Cast, **about: Any) -> Case:
    case = sorted_case(cast.awa, **(BY_SMS | about))
    actions.answer(case.pk, words=ANSWER, by=cast.awa)
    return Case.objects.get(pk=case.pk)


def carrier_says(state: Any, reason: str = "") -> None:
    """Of the latest answer's message."""
    answer = Answer.objects.latest("given_at")
    assert answer.outbound_id is not None
    row = Outbound.objects.get(pk=answer.outbound_id)
    settle(StatusUpdate(row.provider_id, state, reason, reference=str(row.pk)), gateway_name=row.gateway)


def questions(outgoing: Outgoing) -> int:
    return sum("est-ce réglé" in body for _, body in outgoing)


# -- did this settle it? ---------------------------------------------------------------------------------------------


def test_it_is_asked_once_more_after_a_week_and_never_a_third_time(cast: Cast, outgoing: Outgoing, clock: Any) -> None:
    answered(cast)
    carrier_says("delivered")
    counted = []
    for days in (6, 1.5, 7, 7, 30, 100):
        clock.shift(timedelta(days=days))
        ask_again()
        ask_again()
        counted.append(questions(outgoing))
    assert counted == [1, 2, 2, 2, 2, 2]


@pytest.mark.parametrize("said", ["1", "2", "3"])
def test_who_has_said_is_not_asked_again(cast: Cast, telephone: Telephone, clock: Any, said: str) -> None:
    answered(cast, phone=telephone.number)
    carrier_says("delivered")
    clock.shift(timedelta(hours=1))
    telephone.says(said)
    clock.shift(timedelta(days=8))
    ask_again()
    assert questions(telephone.outgoing) == 1


def test_the_second_question_can_be_answered_and_no_reopens(cast: Cast, telephone: Telephone, clock: Any) -> None:
    case = answered(cast, phone=telephone.number)
    carrier_says("delivered")
    clock.shift(timedelta(days=8))
    ask_again()
    telephone.says("2")
    case.refresh_from_db()
    assert (case.state, case.settled, case.reopen_count) == (CaseState.REOPENED, "no", 1)


@pytest.mark.parametrize("why", ["stopped", "failed", "told by voice"])
def test_nobody_is_asked_about_an_answer_that_did_not_come_by_sms(
    cast: Cast, outgoing: Outgoing, clock: Any, why: str
) -> None:
    case = answered(cast)
    if why == "stopped":
        stop(PHONE)
    elif why == "failed":
        carrier_says("failed")
    else:
        actions.tell_person(case.pk, how=ToldHow.CALL, by=cast.awa)
    clock.shift(timedelta(days=8))
    ask_again()
    assert questions(outgoing) == 1


def test_a_second_answer_is_asked_about_anew(cast: Cast, outgoing: Outgoing, clock: Any) -> None:
    case = answered(cast)
    clock.shift(timedelta(days=8))
    ask_again()
    actions.record_answer(case.pk, words="Aussi repare.", kind="response", by=cast.ibrahim)
    clock.shift(timedelta(days=8))
    ask_again()
    assert questions(outgoing) == 4


# -- unreachable -----------------------------------------------------------------------------------------------------


def fail_over_two_weeks(clock: Any) -> list[int]:
    """The carrier fails each try; out: how many messages had left after each week."""
    carrier_says("failed", "twilio 30003")
    left = [_tries()]
    for _ in range(2):
        for _ in range(7 * 24):
            clock.shift(timedelta(hours=1))
            bring_again()
        carrier_says("failed", "twilio 30003")
        left.append(_tries())
    return left


def _tries() -> int:
    return Outbound.objects.filter(kind="answer").count()


def test_a_failed_answer_is_tried_three_times_over_two_weeks_then_the_person_is_flagged(
    cast: Cast, outgoing: Outgoing, clock: Any
) -> None:
    case = answered(cast)
    assert fail_over_two_weeks(clock) == [1, 2, 3]
    case.refresh_from_db()
    assert (case.failed_deliveries, case.unreachable_at) == (3, timezone.now())
    assert (case.state, case.outcome) == (CaseState.ANSWERED, "")  # a flag: nothing closes by itself
    assert [body for _, body in outgoing].count(ANSWER) == 3
    assert AuditEntry.objects.filter(act="feedback.case.unreachable", target_id=str(case.pk)).count() == 1
    assert [sent.to for sent in mail.outbox] == [["awa@jaabi.example"]]
    assert PHONE not in str(mail.outbox[0].message())
    clock.shift(timedelta(days=20))
    bring_again()
    assert _tries() == 3
    actions.close(case.pk, outcome="unreachable", by=cast.awa)


def test_whoever_must_tell_the_person_sees_it(cast: Cast, outgoing: Outgoing, clock: Any, signed_in: Any) -> None:
    case = answered(cast)
    browser = signed_in(cast.awa)
    page = f"/cases/{case.pk}/"
    assert "non remis" not in browser.get(page).content.decode()
    fail_over_two_weeks(clock)
    assert [row.pk for row in queue(cast.awa, QueueName.TELL)] == [case.pk]
    browser = signed_in(cast.awa)  # two weeks end a session
    assert " · injoignable" in browser.get("/cases/?liste=a-dire").content.decode()
    shown = browser.get(page).content.decode()
    assert "3 envois non remis" in shown
    assert PHONE[1:] not in shown


def test_three_failures_in_a_day_are_not_two_weeks(cast: Cast, outgoing: Outgoing, clock: Any) -> None:
    case = answered(cast)
    for words in ("un", "deux", "trois"):
        carrier_says("failed")
        clock.shift(timedelta(hours=1))
        actions.record_answer(case.pk, words=words, kind="response", by=cast.ibrahim)
    case.refresh_from_db()
    assert (case.failed_deliveries, case.unreachable_at) == (3, None)


@pytest.mark.parametrize("how", ["delivered", "told", "spoke"])
def test_whoever_is_reached_after_all_is_no_longer_flagged(
    cast: Cast, telephone: Telephone, clock: Any, how: str
) -> None:
    case = answered(cast, phone=telephone.number)
    fail_over_two_weeks(clock)
    if how == "told":
        actions.tell_person(case.pk, how=ToldHow.CALL, by=cast.awa)
    elif how == "spoke":
        telephone.says(f"{case.unsealed('receipt_number')} je suis la")
    else:
        actions.record_answer(case.pk, words="Encore.", kind="response", by=cast.ibrahim)
        carrier_says("delivered")
    case.refresh_from_db()
    assert (case.failed_deliveries, case.first_failed_at, case.unreachable_at) == (0, None, None)


def test_stop_is_a_wish_and_makes_nobody_unreachable(
    cast: Cast, outgoing: Outgoing, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> str:
        raise GatewayError("down", permanent=False)

    with monkeypatch.context() as patch:
        patch.setattr(ConsoleGateway, "send", down)
        case = answered(cast)
    stop(PHONE)
    assert Answer.objects.get().delivery == Delivery.FAILED
    clock.shift(timedelta(days=30))
    bring_again()
    case.refresh_from_db()
    assert (case.failed_deliveries, _tries()) == (0, 1)


def test_a_carrier_that_refuses_because_the_person_stopped_it_says_nothing_of_reaching_them(
    cast: Cast, outgoing: Outgoing, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> str:
        raise GatewayError("twilio 21610", permanent=True, opted_out=True)

    monkeypatch.setattr(ConsoleGateway, "send", refuse)
    case = answered(cast)
    case.refresh_from_db()
    assert (Answer.objects.get().delivery, case.failed_deliveries) == (Delivery.FAILED, 0)


def test_a_failed_answer_is_not_tried_again_once_the_person_said_stop(
    cast: Cast, outgoing: Outgoing, clock: Any
) -> None:
    answered(cast)
    carrier_says("failed")
    stop(PHONE)
    clock.shift(timedelta(days=8))
    assert reach.bring_again(timezone.now()) == 0
    assert _tries() == 1


def test_a_restricted_matter_is_told_to_its_own_people_only(cast: Cast, outgoing: Outgoing, clock: Any) -> None:
    case = sorted_case(cast.awa, "FRAUDE", safe_contact=SafeContact.SMS)
    actions.answer(case.pk, words=ANSWER, by=cast.salif)
    mail.outbox.clear()
    fail_over_two_weeks(clock)
    assert [sent.to for sent in mail.outbox] == [["salif@jaabi.example"]]


# -- STOP recalls nothing --------------------------------------------------------------------------------------------


def test_stop_recalls_no_referral(cast: Cast, outgoing: Outgoing, clock: Any) -> None:
    case = sorted_case(cast.awa, "INSAT_MAJ", place=place("ML0703"), **BY_SMS)
    wish = Wish(cast.organisations["nrc"].pk, cast.offices["nrc_gao"].pk)
    referral = create_and_send(case.pk, wish, by=cast.awa)
    stop(PHONE)
    case.refresh_from_db()
    assert (case.state, Referral.objects.get(pk=referral.pk).state) == (CaseState.REFERRED, ReferralState.SENT)
