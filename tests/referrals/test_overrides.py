"""Passed on without consent: rare, listed, looked at again by somebody else; and what a withdrawal asks of everyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.actors import PERSON
from core.documents import packed_document
from core.models import AuditEntry
from core.transitions import Refused
from directory.models import StaffNotice, User, UserRole
from directory.roles import Role
from feedback import actions as feedback
from feedback.models import Case, CaseImplicated
from referrals import actions
from referrals.actions.consent import Receiver
from referrals.actions.reviewing import review_override
from referrals.enums import Level
from referrals.models import Consent, Referral
from tests.core.test_documents import a_pdf
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow, seen

__all__ = ["recovery_key"]

SignIn = Callable[[Any], Client]
PAGE = "/referrals/sans-accord/"


def passed_on(
    house: House, case: Case | None = None, *, by: str = "ibrahim", code: str = "child_at_risk"
) -> tuple[Consent, Referral]:
    """HCR passes somebody's identity on to NRC, on a coded ground."""
    hcr = house.cast.organisations["hcr"]
    case = case or house.case(concerned=hcr)
    person = house.cast.people[by]
    nrc = Receiver(house.cast.organisations["nrc"].pk)
    consent = actions.override_consent(case.pk, nrc, code=code, words=True, contact=True, by=person)
    sent = house.sent(case, house.wish(office=None, level=Level.PERSON), by=person)
    return consent, sent


def with_file(referral: Referral, *, by: User) -> None:
    actions.attach(referral.pk, content=packed_document(a_pdf()), name="carte.pdf", by=by)


def listed(client: Client) -> list[int]:
    return [one["row"].pk for one in client.get(PAGE).context["shown"]]


def test_the_manager_is_told_reads_it_without_a_word_of_anyone_and_marks_it(house: House, signed_in: SignIn) -> None:
    consent, sent = passed_on(house)
    assert [row.person for row in StaffNotice.objects.filter(person=house.cast.mariam)] == [house.cast.mariam]
    client = signed_in(house.cast.mariam)
    page = client.get(PAGE).content.decode()
    assert all(text in page for text in ("enfant en danger", sent.reference, "Ibrahim", "NRC"))
    assert sent.summary not in page
    assert "Le puits est en panne" not in page
    client.post(f"{PAGE}{consent.pk}/", {"finding": "founded"})
    row = Consent.objects.get(pk=consent.pk)
    assert (row.review, row.reviewed_by, row.reviewed_at is not None) == ("founded", house.cast.mariam, True)
    assert (row.status, Referral.objects.get(pk=sent.pk).state) == ("not_required", "sent")
    assert AuditEntry.objects.filter(act="referrals.consent.review", target_id=str(consent.pk)).count() == 1
    with pytest.raises(Refused, match="déjà relu"):
        review_override(consent.pk, finding="unfounded", by=house.cast.mariam)


def test_what_nobody_of_the_organisation_could_look_at_again_is_the_working_groups(
    house: House, signed_in: SignIn
) -> None:
    """Its only manager noted it, or is implicated, or left; and the same of a restricted matter."""
    UserRole.objects.create(user=house.cast.mariam, role=Role.FOCAL_POINT)
    group, manager = signed_in(house.cast.djeneba), signed_in(house.cast.mariam)
    plain, _sent = passed_on(house)
    own, sent = passed_on(house, by="mariam")
    assert (listed(group), listed(manager)) == ([own.pk], [plain.pk, own.pk])
    assert [row.person for row in StaffNotice.objects.filter(person=house.cast.djeneba)] == [house.cast.djeneba]
    assert sent.reference in group.get(PAGE).content.decode()
    CaseImplicated.objects.create(case=plain.case, user=house.cast.mariam)
    assert (listed(group), listed(manager)) == ([plain.pk, own.pk], [own.pk])
    group.post(f"{PAGE}{own.pk}/", {"finding": "founded"})
    assert Consent.objects.get(pk=own.pk).reviewed_by == house.cast.djeneba

    for person in (house.cast.oumar, house.cast.adama):
        UserRole.objects.create(user=person, role=Role.INTEGRITY_FOCAL_POINT)
    fraud, _sent = passed_on(house, house.case("FRAUDE"), by="salif")
    receiver, other = signed_in(house.cast.oumar), signed_in(house.cast.adama)
    assert [fraud.pk in listed(client) for client in (receiver, other, group)] == [False, True, False]


def test_unfounded_it_is_taken_back_and_its_erasure_asked_and_the_ground_stays_written(house: House) -> None:
    consent, sent = passed_on(house)
    actions.accept(sent.pk, by=house.cast.oumar)
    assert seen(sent) == (True, True, True)
    review_override(consent.pk, finding="unfounded", by=house.cast.mariam)
    row = Referral.objects.get(pk=sent.pk)
    assert (row.state, row.erasure_asked_at is not None, seen(sent)) == ("recalled", True, (False, False, False))
    again = Consent.objects.get(pk=consent.pk)
    assert (again.status, again.override_code, again.review) == ("withdrawn", "child_at_risk", "unfounded")


def test_nobody_reviews_their_own(house: House, signed_in: SignIn) -> None:
    house.cast.mariam.role_rows.create(role="focal_point")
    consent, _sent = passed_on(house, by="mariam")
    mariam = User.objects.get(pk=house.cast.mariam.pk)
    assert "Vous l’avez noté vous-même" in signed_in(mariam).get(PAGE).content.decode()
    with pytest.raises(Refused, match="vous-même"):
        review_override(consent.pk, finding="founded", by=mariam)


def test_a_restricted_one_is_for_those_who_are_named_and_no_manager(house: House, signed_in: SignIn) -> None:
    house.cast.oumar.role_rows.create(role="protection_focal_point")
    house.cast.moussa.role_rows.create(role="protection_focal_point")
    consent, _sent = passed_on(house, house.case("PROT.vbg"), by="kadia")
    assert listed(signed_in(house.cast.mariam)) == []
    assert listed(signed_in(house.cast.oumar)) == [], "of the receiver's side"
    assert listed(signed_in(house.cast.moussa)) == [consent.pk]
    assert AuditEntry.objects.filter(act="referrals.consent.read", actor_id=str(house.cast.moussa.pk)).count() == 1
    assert {row.person for row in StaffNotice.objects.filter(sentence="act")} >= {house.cast.moussa}
    assert not StaffNotice.objects.filter(person=house.cast.mariam).exists()


def test_once_protected_it_stays_in_the_hands_it_was_in(house: House, signed_in: SignIn, recovery_key: bytes) -> None:
    house.cast.oumar.role_rows.create(role="protection_focal_point")
    house.cast.moussa.role_rows.create(role="protection_focal_point")
    ordinary, _one = passed_on(house)
    restricted, _two = passed_on(house, house.case("PROT.vbg"), by="kadia")
    readers = [signed_in(person) for person in (house.cast.mariam, house.cast.moussa)]
    before = [listed(reader) for reader in readers]
    for consent, by in ((ordinary, house.cast.awa), (restricted, house.cast.kadia)):
        feedback.protect(consent.case_id, by=by)
    assert before == [listed(reader) for reader in readers]
    assert before == [[ordinary.pk], [restricted.pk]]


def test_whom_the_matter_implicates_does_not_find_it(house: House, signed_in: SignIn) -> None:
    consent, _sent = passed_on(house)
    CaseImplicated.objects.create(case_id=consent.case_id, user=house.cast.mariam)
    client = signed_in(house.cast.mariam)
    assert listed(client) == []
    assert client.post(f"{PAGE}{consent.pk}/", {"finding": "founded"}).status_code == 404


def test_the_list_takes_as_many_queries_for_three_as_for_one(house: House, signed_in: SignIn) -> None:
    client, counts = signed_in(house.cast.mariam), []
    for _number in range(3):
        passed_on(house)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_a_review_without_its_reviewer_is_refused_by_the_database(house: House) -> None:
    consent, _sent = passed_on(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(review="founded")


# -- withdrawal ------------------------------------------------------------------------------------------------------


def test_a_withdrawal_reaches_every_receiver_and_each_says_that_it_erased(
    house: House, fresh: Callable[[Referral], Referral], signed_in: SignIn
) -> None:
    case = house.case()
    allow(house, case.pk)
    refused = house.sent(case, house.wish("hcr", None))
    actions.refuse(refused.pk, code="HORS_ZONE", by=house.cast.ibrahim)
    person = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(person.pk, by=house.cast.fanta)
    matter = house.sent(case, house.wish("nrc", "nrc_bamako"))
    feedback.withdraw(case.pk, by=house.cast.awa)
    assert [fresh(one).erasure_asked_at is not None for one in (refused, person, matter)] == [True, True, True]
    for row, receiver in ((refused, house.cast.ibrahim), (person, house.cast.fanta), (matter, house.cast.oumar)):
        client = signed_in(receiver)
        page = client.get("/referrals/?groupe=erase")
        assert row.reference in page.content.decode()
        assert row.summary not in page.content.decode()
        client.post(f"/referrals/{row.pk}/effacement/")
        assert client.get("/referrals/?groupe=erase").context["total"] == 0
    sender = signed_in(house.cast.awa).get(f"/referrals/{person.pk}/").content.decode()
    assert "a confirmé qu’il est fait" in sender
    proof = AuditEntry.objects.filter(act="referrals.referral.confirm_erasure")
    assert {entry.target_id for entry in proof} == {str(one.pk) for one in (refused, person, matter)}


def test_an_answered_override_ends_with_the_persons_withdrawal(
    house: House, fresh: Callable[[Referral], Referral]
) -> None:
    consent, sent = passed_on(house)
    actions.accept(sent.pk, by=house.cast.fanta)
    with_file(sent, by=house.cast.ibrahim)
    actions.answer(sent.pk, kind="response", words="Elle est à l’abri.", by=house.cast.fanta)
    assert seen(sent) == (True, True, True)
    feedback.withdraw(sent.case_id, by=house.cast.awa)
    assert seen(sent) == (True, False, False)
    assert not sent.files.exists()
    assert fresh(sent).erasure_asked_at is not None
    consent.refresh_from_db()
    assert (consent.status, consent.override_code) == ("withdrawn", "child_at_risk")


def test_a_mandatory_report_runs_until_it_is_answered(house: House, fresh: Callable[[Referral], Referral]) -> None:
    _consent, sent = passed_on(house, code="mandatory_report")
    actions.accept(sent.pk, by=house.cast.fanta)
    with_file(sent, by=house.cast.ibrahim)
    feedback.withdraw(sent.case_id, by=house.cast.awa)
    row = fresh(sent)
    assert (row.state, row.erasure_asked_at, seen(sent)) == ("accepted", None, (True, True, True))
    actions.answer(sent.pk, kind="response", words="Enregistré.", by=house.cast.fanta)
    assert (seen(sent), sent.files.exists()) == ((True, False, False), False)
    assert fresh(sent).erasure_asked_at is not None


def test_by_sms_a_rescue_goes_on_until_somebody_has_spoken_with_them(
    house: House, fresh: Callable[[Referral], Referral]
) -> None:
    consent, sent = passed_on(house)
    actions.accept(sent.pk, by=house.cast.fanta)
    feedback.withdraw(sent.case_id, by=PERSON)
    assert (fresh(sent).state, seen(sent)) == ("accepted", (True, True, True))
    feedback.spoken_with(sent.case_id, stops=True, by=house.cast.awa)
    consent.refresh_from_db()
    assert (fresh(sent).state, consent.status) == ("recalled", "withdrawn")


def test_asked_again_it_is_to_be_confirmed_again(house: House, fresh: Callable[[Referral], Referral]) -> None:
    case = house.case()
    first = allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    actions.withdraw_consent(first.pk, by=house.cast.awa)
    actions.confirm_erasure(referral.pk, by=house.cast.fanta)
    second = allow(house, case.pk)
    Referral.objects.filter(pk=referral.pk).update(consent=second)
    actions.withdraw_consent(second.pk, by=house.cast.awa)
    assert fresh(referral).erasure_confirmed_at is None
    assert AuditEntry.objects.filter(act="referrals.referral.confirm_erasure").count() == 1, "the first proof is kept"
