from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.gateways import StatusUpdate
from core.models import Outbound
from core.outbox import settle
from core.receipt_number import grouped
from core.transitions import Conflict, Refused
from feedback import actions
from feedback.actions.stop import stop
from feedback.enums import CaseState, Delivery, SafeContact, ToldHow
from feedback.models import Answer, Case, ReadyAnswer
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import PHONE, made_case, sorted_case

ANSWER = "Le forage sera repare lundi par l'equipe de l'eau."
Outgoing = list[tuple[str, str]]


def answered(cast: Cast, **changes: Any) -> tuple[Case, Answer]:
    about = changes.pop("about", {})
    case = sorted_case(cast.awa, about=about, **changes)
    given = actions.answer(case.pk, words=ANSWER, by=cast.awa)
    return Case.objects.get(pk=case.pk), Answer.objects.get(pk=given.pk)


def carrier_says(answer: Answer, state: Any) -> None:
    assert answer.outbound_id is not None
    row = Outbound.objects.get(pk=answer.outbound_id)
    update = StatusUpdate(provider_id=row.provider_id, state=state, reason="", reference=str(row.pk))
    settle(update, gateway_name=row.gateway)


def test_own_words_leave_by_sms_when_chosen_and_allowed(cast: Cast, outgoing: Outgoing) -> None:
    case, answer = answered(cast, safe_contact=SafeContact.SMS, about={"sms_may_be_read": True})

    assert (PHONE, ANSWER) in outgoing
    assert case.state == CaseState.ANSWERED
    assert (answer.told_how, answer.delivery) == (ToldHow.SMS, Delivery.SENT)


@pytest.mark.parametrize("way", [SafeContact.SMS, SafeContact.NONE])
def test_without_that_leave_only_the_number_leaves(cast: Cast, outgoing: Outgoing, way: SafeContact) -> None:
    case, answer = answered(cast, safe_contact=way)

    assert [to for to, _ in outgoing] == [PHONE]
    assert grouped(case.unsealed("receipt_number")) in outgoing[0][1]
    assert "forage" not in outgoing[0][1]
    assert answer.told_how == ToldHow.SMS_NOTICE


@pytest.mark.parametrize("way", [SafeContact.CALL, SafeContact.RELAY])
def test_who_is_to_be_told_by_voice_is_sent_nothing(cast: Cast, outgoing: Outgoing, way: SafeContact) -> None:
    _, answer = answered(cast, safe_contact=way)
    assert outgoing == []
    assert (answer.told_how, answer.delivery) == (ToldHow.NOT_YET, Delivery.WAITING)


def test_a_web_reporter_reads_it_on_the_site(cast: Cast, outgoing: Outgoing) -> None:
    _, answer = answered(cast, channel="web", phone="", safe_contact=SafeContact.WEB)
    assert outgoing == []
    assert (answer.told_how, answer.delivery, answer.readable_here) == (ToldHow.WEB, Delivery.READABLE, True)


def test_a_confidential_answer_is_sent_and_shown_to_nobody_by_default(cast: Cast, outgoing: Outgoing) -> None:
    case = sorted_case(cast.awa, "FRAUDE")
    given = actions.answer(case.pk, words=ANSWER, by=cast.salif)
    assert outgoing == []
    assert (given.told_how, given.readable_here) == (ToldHow.NOT_YET, False)


def test_stop_is_respected_and_somebody_must_tell(cast: Cast, outgoing: Outgoing) -> None:
    stop(PHONE)
    outgoing.clear()
    _, answer = answered(cast, safe_contact=SafeContact.SMS)
    assert outgoing == []
    assert answer.told_how == ToldHow.NOT_YET


def test_after_own_words_comes_the_question_whether_it_is_settled_once(cast: Cast, outgoing: Outgoing) -> None:
    case, answer = answered(cast, safe_contact=SafeContact.SMS, about={"sms_may_be_read": True})
    carrier_says(answer, "delivered")

    assert len(outgoing) == 2
    assert grouped(case.unsealed("receipt_number")) in outgoing[1][1]
    assert case.settled_asked_at is not None


def test_delivered_and_failed_are_known_from_the_carrier(cast: Cast, outgoing: Outgoing) -> None:
    _, first = answered(cast)
    _, second = answered(cast)
    carrier_says(first, "delivered")
    carrier_says(second, "failed")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.delivery, second.delivery) == (Delivery.DELIVERED, Delivery.FAILED)


def test_closing_waits_until_the_answer_reached_the_person(cast: Cast, outgoing: Outgoing) -> None:
    case, answer = answered(cast)
    with pytest.raises(Refused):
        actions.close(case.pk, outcome="settled", by=cast.awa)

    carrier_says(answer, "delivered")
    actions.close(case.pk, outcome="settled", by=cast.awa)

    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED


def test_sent_without_failure_stands_after_two_days(cast: Cast, outgoing: Outgoing) -> None:
    case, _ = answered(cast)
    with time_machine.travel(timezone.now() + timedelta(hours=47)), pytest.raises(Refused):
        actions.close(case.pk, outcome="settled", by=cast.awa)
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        actions.close(case.pk, outcome="settled", by=cast.awa)


def test_an_answer_that_never_arrived_closes_only_as_unreachable(cast: Cast, outgoing: Outgoing) -> None:
    case, answer = answered(cast)
    carrier_says(answer, "failed")
    with time_machine.travel(timezone.now() + timedelta(days=9)), pytest.raises(Refused):
        actions.close(case.pk, outcome="settled", by=cast.awa)
    actions.close(case.pk, outcome="unreachable", by=cast.awa)
    assert Case.objects.get(pk=case.pk).outcome == "unreachable"


def test_told_by_voice_with_what_the_person_said_closes_it(cast: Cast, outgoing: Outgoing) -> None:
    case, answer = answered(cast, safe_contact=SafeContact.CALL)
    actions.tell_person(case.pk, how=ToldHow.CALL, settled="yes", by=cast.awa)
    case.refresh_from_db()
    answer.refresh_from_db()
    assert (answer.told_how, answer.delivery) == (ToldHow.CALL, Delivery.TOLD)
    assert (case.state, case.outcome, case.settled) == (CaseState.CLOSED, "settled", "yes")


def test_a_person_who_says_no_to_the_caller_reopens_it(cast: Cast, outgoing: Outgoing) -> None:
    case, _ = answered(cast, safe_contact=SafeContact.CALL)
    actions.tell_person(case.pk, how=ToldHow.CALL, settled="no", by=cast.awa)
    assert Case.objects.get(pk=case.pk).state == CaseState.REOPENED


def test_telling_is_not_for_tomorrow(cast: Cast, outgoing: Outgoing) -> None:
    case, _ = answered(cast, safe_contact=SafeContact.CALL)
    with pytest.raises(Refused):
        actions.tell_person(case.pk, how=ToldHow.CALL, at=timezone.now() + timedelta(hours=1), by=cast.awa)


def test_posting_the_same_answer_twice_sends_it_once(cast: Cast, outgoing: Outgoing) -> None:
    case = sorted_case(cast.awa)
    actions.answer(case.pk, words=ANSWER, by=cast.awa, seen="triaged")
    with pytest.raises(Conflict):
        actions.answer(case.pk, words=ANSWER, by=cast.awa, seen="triaged")
    assert (Answer.objects.count(), len(outgoing)) == (1, 1)


def test_an_answer_from_the_library_is_counted(cast: Cast, outgoing: Outgoing) -> None:
    case = sorted_case(cast.awa)
    ready = ReadyAnswer.objects.create(title="Horaires", words="Ouvert de 8 h a 16 h.")
    actions.answer(case.pk, words=ready.words, ready_answer=ready, by=cast.awa)
    ready.refresh_from_db()
    assert ready.use_count == 1
    assert Answer.objects.get().source == "library"


def test_those_joined_to_it_hear_back_under_their_own_number(cast: Cast, outgoing: Outgoing) -> None:
    case = sorted_case(cast.awa, phone="", channel="help_desk")
    other = made_case()
    actions.merge(other.pk, into_id=case.pk, by=cast.awa)

    actions.answer(case.pk, words=ANSWER, by=cast.awa)

    assert [(to, grouped(other.unsealed("receipt_number")) in body) for to, body in outgoing] == [(PHONE, True)]


def test_an_unsorted_case_cannot_be_answered(cast: Cast, outgoing: Outgoing) -> None:
    case = made_case()
    with pytest.raises(Refused):
        actions.answer(case.pk, words=ANSWER, by=cast.awa)
    assert (outgoing, Answer.objects.count()) == ([], 0)


def test_an_answer_through_a_referral_reaches_the_person(cast: Cast, outgoing: Outgoing) -> None:
    case = sorted_case(cast.awa)
    actions.mark_referred(case.pk, by=cast.awa)
    actions.record_answer(case.pk, words=ANSWER, kind="adjustment", by=cast.ibrahim)
    case.refresh_from_db()
    assert case.state == CaseState.ANSWERED
    assert [to for to, _ in outgoing] == [PHONE]


def test_a_question_leaves_only_where_its_words_are_safe(cast: Cast, outgoing: Outgoing) -> None:
    safe = sorted_case(cast.awa, safe_contact=SafeContact.SMS, about={"sms_may_be_read": True})
    unsafe = sorted_case(cast.awa, safe_contact=SafeContact.SMS)
    for _ in range(2):
        actions.ask_person(safe.pk, pk=safe.pk, words="Quel quartier ?", by=cast.awa)
    with pytest.raises(Refused):
        actions.ask_person(unsafe.pk, pk=unsafe.pk, words="Quel quartier ?", by=cast.awa)
    assert outgoing == [(PHONE, "Quel quartier ?")]
    assert [case.pk for case in Case.objects.filter(messages__awaits_reply=True)] == [safe.pk]


def test_what_the_person_sends_back_joins_the_case(cast: Cast, telephone: Telephone) -> None:
    about = {"sms_may_be_read": True}
    case = sorted_case(cast.awa, phone=telephone.number, safe_contact=SafeContact.SMS, about=about)
    actions.ask_person(case.pk, pk=case.pk, words="Quel quartier ?", by=cast.awa)
    telephone.says("Le quartier du marche")
    said = [message.unsealed("body") for message in case.messages.filter(direction="in")]
    assert (said, Case.objects.count()) == (["Le quartier du marche"], 1)


def test_a_second_organisation_that_answers_late_is_heard_too(cast: Cast, outgoing: Outgoing) -> None:
    case, _ = answered(cast, safe_contact=SafeContact.CALL)
    actions.tell_person(case.pk, how=ToldHow.CALL, settled="yes", by=cast.awa)
    late = actions.record_answer(case.pk, words="Aussi réparé.", kind="service_provided", by=cast.ibrahim)
    case.refresh_from_db()
    assert (case.state, case.latest_answer, late.told_how) == (CaseState.CLOSED, late, ToldHow.NOT_YET)
