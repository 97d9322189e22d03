"""What happens to a case happens to its referrals, in the same act."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.actors import SYSTEM
from core.models import Outbound
from core.transitions import Refused, move
from directory.models import User, UserRole
from directory.notices import Notice
from directory.roles import Role
from feedback import actions as feedback
from feedback.actions.forget import forget_case
from feedback.actions.person import say_settled
from feedback.enums import CaseState
from feedback.models import Case
from referrals import actions
from referrals.late import flag_late
from referrals.models import LateNotice, Referral, ReferralCycle, ReferralMessage
from referrals.page import offers_for
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House
from tests.referrals.test_visibility import who_sees

__all__ = ["recovery_key"]


def protect(case: Case) -> None:
    move(Case, case.pk, "protect", by=SYSTEM)


@pytest.mark.parametrize("answered", [False, True])
def test_a_protected_case_reads_as_withdrawn_and_leaves_no_text(house: House, answered: bool) -> None:
    referral = house.sent(None, house.wish(request="Réparer la pompe"))
    actions.say(referral.pk, words="Bien reçu ?", by=house.cast.awa)
    if answered:
        actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    protect(referral.case)
    row = Referral.objects.get(pk=referral.pk)
    assert row.shown_state == "recalled"
    assert [row.unsealed(name) for name in ("request", "answer_words", "note")] == ["", "", ""]
    assert (row.summary, row.data_key) == ("", None)
    assert not ReferralMessage.objects.filter(referral=row).exists()
    if not answered:
        assert row.get_recall_reason_display() == "retiré par l’émetteur, autre motif"


def test_what_was_protected_is_found_by_those_who_had_it_and_by_nobody_else(house: House, recovery_key: bytes) -> None:
    """Its lane and whom it implicates are forgotten: neither opens it to somebody who could not know of it."""
    named = User.objects.create(email="nommee@jaabi.example", name="N", organisation=house.cast.organisations["nrc"])
    UserRole.objects.create(user=named, role=Role.INTEGRITY_FOCAL_POINT)
    house.cast.people["named"] = named
    restricted = house.sent(house.case("FRAUDE"), house.wish("nrc", None), by=house.cast.salif)
    ordinary, implicating = house.sent(), house.sent()
    implicating.case.implicated_rows.create(user=house.cast.fanta)
    before = {row.pk: who_sees(row, house) for row in (ordinary, restricted)}
    for row in (ordinary, restricted, implicating):
        feedback.protect(row.case_id, by=house.cast.salif if row == restricted else house.cast.awa)
    assert {row.pk: who_sees(row, house) for row in (ordinary, restricted)} == before
    assert who_sees(implicating, house) == set()


def test_nothing_is_done_any_more_with_what_was_protected(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    protect(referral.case)
    row = Referral.objects.get(pk=referral.pk)
    assert not any(offer.is_open for offer in offers_for(row, house.cast.awa))
    with pytest.raises(Refused, match="retiré"):
        actions.close(referral.pk, outcome="unreachable", by=house.cast.awa)


def test_a_person_who_says_no_reopens_what_was_answered_last(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    feedback.tell_person(referral.case_id, how="call", by=house.cast.awa)
    say_settled(referral.case_id, settled="no")
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.cycle, row.reopen_reason) == ("reopened", 2, "not_settled")
    assert Case.objects.get(pk=referral.case_id).state == CaseState.REOPENED


def test_a_reopened_one_can_be_answered_before_anybody_sorts_the_case_again(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    feedback.tell_person(referral.case_id, how="call", by=house.cast.awa)
    say_settled(referral.case_id, settled="no")
    actions.answer(referral.pk, kind="adjustment", words="Mardi.", by=house.cast.fanta)
    case = Case.objects.get(pk=referral.case_id)
    assert case.state == CaseState.ANSWERED
    assert case.latest_answer is not None
    assert case.latest_answer.unsealed("words") == "Mardi."


def test_sorting_again_a_case_whose_referral_runs_makes_it_referred(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    feedback.tell_person(referral.case_id, how="call", by=house.cast.awa)
    say_settled(referral.case_id, settled="no")
    case = Case.objects.get(pk=referral.case_id)
    assert case.category is not None
    feedback.triage(case.pk, feedback.Sorting(case.category, case.summary), by=house.cast.awa)
    assert Case.objects.get(pk=case.pk).state == CaseState.REFERRED


def test_telling_the_person_by_voice_is_the_feedback_of_what_was_answered(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    assert Referral.objects.get(pk=referral.pk).state == "answered"
    feedback.tell_person(referral.case_id, how="in_person", by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.told_how, row.satisfaction) == ("fed_back", "in_person", "")
    assert row.fed_back_at is not None


def test_what_the_person_says_when_told_is_kept_with_it(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    feedback.tell_person(referral.case_id, how="call", settled="partly", by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.told_how, row.satisfaction) == ("closed", "call", "partly")


def test_closing_the_case_ends_what_was_answered(house: House) -> None:
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    feedback.tell_person(referral.case_id, how="call", by=house.cast.awa, settled="yes")
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.told_how, row.satisfaction, row.outcome) == ("closed", "call", "yes", "successful")


def test_a_duplicates_referral_goes_on_for_the_case_that_stays(house: House) -> None:
    kept, duplicate = house.case(), house.case()
    referral = house.sent(duplicate)
    feedback.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.case_id, row.state) == (kept.pk, "sent")
    assert Case.objects.get(pk=kept.pk).state == CaseState.REFERRED


def test_lateness_tells_the_focal_point_then_the_deputy_then_the_manager_once_each(house: House) -> None:
    cast = house.cast
    cast.ibrahim.deputy = cast.mariam
    cast.ibrahim.save()
    referral = house.sent(house.case(), house.wish("hcr", None))
    due = referral.accept_by
    assert due is not None
    assert flag_late(due) == 0
    for after, expected in (
        (1, {("focal_point", "Ibrahim")}),
        (25, {("deputy", "Mariam")}),
        (73, {("manager", "Mariam")}),
    ):
        before = set(LateNotice.objects.values_list("step", "told__name"))
        flag_late(due + timedelta(hours=after))
        flag_late(due + timedelta(hours=after))
        assert set(LateNotice.objects.values_list("step", "told__name")) - before == expected
    assert Referral.objects.get(pk=referral.pk).state == "sent"


def test_a_deputy_stands_in_for_who_is_away(house: House) -> None:
    cast = house.cast
    cast.ibrahim.deputy, cast.ibrahim.is_away = cast.mariam, True
    cast.ibrahim.save()
    referral = house.sent(house.case(), house.wish("hcr", None))
    assert referral.accept_by is not None
    flag_late(referral.accept_by + timedelta(hours=1))
    assert list(LateNotice.objects.values_list("told__name", flat=True)) == ["Mariam"]


def test_notices_say_nothing_of_the_matter(house: House) -> None:
    referral = house.sent()
    mails = list(Outbound.objects.filter(way="email"))
    assert mails
    for mail in mails:
        said = mail.unsealed("subject") + mail.unsealed("body")
        for secret in (referral.reference, referral.summary, referral.category_label, str(referral.pk), "NRC"):
            assert secret not in said


def test_an_unknown_act_of_a_message_is_refused(house: House) -> None:
    referral = house.sent()
    with pytest.raises(Refused):
        actions.say(referral.pk, words="Bonjour", by=house.cast.ibrahim)
    assert Notice.ACT.value == "act"


def test_when_a_case_is_forgotten_what_was_written_of_it_elsewhere_goes_too(house: House) -> None:
    answered = house.sent(None, house.wish(request="Réparer la pompe"))
    actions.say(answered.pk, words="Bien reçu ?", by=house.cast.awa)
    live = house.sent(answered.case, house.wish("hcr", None))
    actions.answer(answered.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    feedback.tell_person(answered.case_id, how="call", settled="no", by=house.cast.awa)
    actions.answer(answered.pk, kind="response", words="Mardi.", by=house.cast.fanta)
    feedback.tell_person(answered.case_id, how="call", settled="yes", by=house.cast.awa)
    forget_case(answered.case_id, by=SYSTEM)

    rows = {row.pk: row for row in Referral.objects.all()}
    assert (rows[answered.pk].state, rows[live.pk].state) == ("closed", "recalled")
    assert {(row.summary, row.data_key, row.withdrawn_at) for row in rows.values()} == {("", None, None)}
    assert rows[answered.pk].answered_at is not None
    assert not ReferralMessage.objects.exists()
    assert ReferralCycle.objects.get().data_key is None
