"""What is over does not stay for ever: texts are destroyed, a bare row goes on being counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.gateways.console import ConsoleGateway
from core.locks import lease
from core.models import AuditEntry, Outbound
from core.outbox import forget_sent
from core.receipt_number import new_number
from core.transitions import Refused
from feedback import actions
from feedback.actions.person import add_words
from feedback.actions.stop import stop
from feedback.enums import CaseState, EnvelopeState, SafeContact
from feedback.models import Answer, Case, CaseMessage, Envelope, PhonePreference
from feedback.tasks import forget_what_is_over
from feedback.whereabouts import where_is
from tests.cast import Cast
from tests.feedback.making import PHONE, made_case, sorted_case

KEPT_BY_FIGURES = ("category_id", "place_id", "concerned_id", "sex", "received_at", "closed_at", "outcome", "channel")


def days(count: int) -> Any:
    """That many days from now, when the job runs."""
    return time_machine.travel(timezone.now() + timedelta(days=count), tick=False)


def ended(cast: Cast, category: str = "INSAT_MIN", **changes: Any) -> Case:
    """Sorted, answered, told and closed, with a message and an answer."""
    reader = cast.salif if category == "FRAUDE" else cast.awa
    case = sorted_case(cast.awa, category, safe_contact=SafeContact.CALL, **changes)
    add_words(case.pk, source_key=f"more:{case.pk}", words="Toujours rien", channel="sms")
    actions.mark_read(case.pk, messages=case.messages.values_list("pk", flat=True), by=reader)
    actions.answer(case.pk, words="Lundi.", by=reader)
    actions.tell_person(case.pk, how="call", by=reader)
    return actions.close(case.pk, outcome="settled", by=reader)


@pytest.mark.parametrize(("category", "kept", "over"), [("INSAT_MIN", 729, 731), ("FRAUDE", 364, 366)])
def test_the_texts_of_an_ended_case_are_destroyed_when_its_lane_says(
    cast: Cast, category: str, kept: int, over: int
) -> None:
    number = new_number()
    case = ended(cast, category, receipt_number=number)
    with days(kept):
        forget_what_is_over()
        assert Case.objects.get(pk=case.pk).unsealed("words")
    with days(over):
        forget_what_is_over()
        assert where_is(number).stage is None

    bare = Case.objects.get(pk=case.pk)
    assert {name: getattr(bare, name) for name in KEPT_BY_FIGURES} == {
        name: getattr(case, name) for name in KEPT_BY_FIGURES
    }
    sealed = [getattr(bare, name) for name in (*Case.sealed_fields(), "data_key", "receipt_hash")]
    assert {*sealed, bare.summary, bare.phone_hash, bare.code_hash} == {None, ""}
    assert not CaseMessage.objects.filter(case=case).exists()
    answer = Answer.objects.get(case=case)
    assert (answer.words, answer.data_key, answer.delivery) == (None, None, "told")
    assert list(Case.objects.counted()) == [bare]
    entry = AuditEntry.objects.get(act="feedback.case.forget")
    assert (entry.target_id, entry.actor_id) == (str(case.pk), "retention")


def test_the_contact_goes_first_and_the_number_still_opens_it(cast: Cast) -> None:
    number = new_number()
    case = ended(cast, receipt_number=number, name="Aminata Cissé")
    with days(89):
        forget_what_is_over()
        assert Case.objects.get(pk=case.pk).unsealed("contact") == PHONE
    with days(91):
        forget_what_is_over()
    left = Case.objects.get(pk=case.pk)
    assert (left.name, left.contact, left.phone_hash) == (None, None, "")
    assert left.unsealed("words")
    assert where_is(number).case == case


def test_what_is_open_or_unread_or_spoke_lately_is_kept(cast: Cast) -> None:
    live = sorted_case(cast.awa)
    unread = ended(cast)
    add_words(unread.pk, source_key="late", words="Encore", channel="web")
    spoke = ended(cast)
    with days(700):
        said = add_words(spoke.pk, source_key="later", words="Encore", channel="web")
        actions.mark_read(spoke.pk, messages=[said.pk], by=cast.awa)
    with days(780):
        forget_what_is_over()
    assert [Case.objects.get(pk=case.pk).unsealed("contact") for case in (live, unread, spoke)] == [PHONE] * 3


def test_a_duplicate_goes_with_the_case_it_was_joined_to(cast: Cast) -> None:
    first, second, third = made_case(), made_case(), sorted_case(cast.awa)
    actions.merge(first.pk, into_id=second.pk, by=cast.awa)
    actions.merge(second.pk, into_id=third.pk, by=cast.awa)
    with days(731):
        forget_what_is_over()
        assert not Case.objects.filter(forgotten_at__isnull=False).exists()
    actions.answer(third.pk, words="Lundi.", by=cast.awa)
    actions.tell_person(third.pk, how="call", by=cast.awa)
    actions.close(third.pk, outcome="settled", by=cast.awa)
    with days(731):
        forget_what_is_over()
    assert Case.objects.filter(forgotten_at__isnull=False, summary="").count() == 3


def test_a_second_round_does_nothing_and_the_page_says_what_is_left(cast: Cast, signed_in: Any) -> None:
    case = ended(cast)
    with days(731):
        forget_what_is_over()
        forget_what_is_over()
    assert AuditEntry.objects.filter(act="feedback.case.forget").count() == 1
    page = signed_in(cast.awa).get(f"/cases/{case.pk}/")
    assert "les textes sont détruits" in page.content.decode()
    assert (page.context["offers"], page.context["protect"]) == ([], None)
    with pytest.raises(Refused, match="détruits"):
        actions.reopen(case.pk, by=cast.awa, reason_code="new_facts")


def test_two_machines_do_not_do_it_at_once(cast: Cast) -> None:
    case = ended(cast)
    with days(731), lease("retention", seconds=60):
        forget_what_is_over()
    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED
    assert Case.objects.get(pk=case.pk).forgotten_at is None


def test_handled_envelopes_and_silent_telephones_go_and_a_stop_stays(db: None) -> None:
    old = timezone.now() - timedelta(days=91)
    for state, received in ((EnvelopeState.HANDLED, old), (EnvelopeState.FLAGGED, old), (EnvelopeState.HANDLED, None)):
        Envelope.objects.create(
            gateway="twilio", provider_id=f"{state}{received}", state=state, received_at=received or timezone.now()
        )
    PhonePreference.objects.create(phone_hash="silent", last_spoke_at=old)
    stop(PHONE)
    PhonePreference.objects.update(last_spoke_at=old)
    forget_what_is_over()
    assert sorted(Envelope.objects.values_list("state", flat=True)) == ["flagged", "handled"]
    assert PhonePreference.objects.get().stopped_at is not None


def test_what_the_carrier_never_confirmed_loses_its_text(
    cast: Cast, outgoing: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConsoleGateway, "name", "carrier")
    case = sorted_case(cast.awa, about={"sms_may_be_read": True}, safe_contact=SafeContact.SMS)
    answer = actions.answer(case.pk, words="Lundi.", by=cast.awa)
    now: datetime = timezone.now()
    assert forget_sent(now + timedelta(days=89)) == 0
    forget_sent(now + timedelta(days=91))
    assert answer.outbound_id is not None
    row = Outbound.objects.get(pk=answer.outbound_id)
    assert (row.state, row.body, row.recipient, row.data_key) == ("sent", None, None, None)
