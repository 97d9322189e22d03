"""Level 1 needs no consent and shows no person; level 2 shows what the person allowed, once accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.transitions import Refused
from directory.enums import NOT_SAID
from directory.models import User
from feedback.actions.person_known import note_name
from feedback.models import Case
from referrals import actions
from referrals.actions.consent import Receiver, Said
from referrals.disclosure import disclosed_to_receiver, person_of
from referrals.enums import ConsentGiver, ConsentMethod, ConsentStatus, Level
from referrals.models import Consent, Referral
from tests.referrals.conftest import House


def allow(
    house: House,
    case_id: object,
    short: str = "nrc",
    *,
    words: bool = True,
    name: bool = False,
    contact: bool = False,
) -> Consent:
    return actions.grant_consent(
        case_id,
        Receiver(house.cast.organisations[short].pk),
        words=words,
        name=name,
        contact=contact,
        method=ConsentMethod.ORAL,
        giver=ConsentGiver.SELF,
        language=NOT_SAID,
        by=house.cast.awa,
        at=house.at,
    )


def seen(referral: Referral, days: int = 0) -> tuple[bool, bool, bool]:
    row = Referral.objects.select_related("case", "consent").get(pk=referral.pk)
    found = disclosed_to_receiver(row, timezone.now() + timedelta(days=days))
    return found.matter, found.words, found.contact


def test_level_1_goes_without_consent_and_never_shows_the_person(house: House) -> None:
    referral = house.sent()
    assert seen(referral) == (True, False, False)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert seen(referral) == (True, False, False)


def test_a_consent_for_level_2_does_not_open_a_level_1_referral(house: House) -> None:
    case = house.case()
    allow(house, case.pk, contact=True)
    referral = house.sent(case)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert seen(referral) == (True, False, False)


def test_level_2_without_consent_is_not_sent_and_leaves_nothing(house: House) -> None:
    case = house.case()
    with pytest.raises(Refused, match="accord"):
        house.sent(case, house.wish(level=Level.PERSON))
    assert not Referral.objects.filter(case=case).exists()


@pytest.mark.parametrize(("words", "contact"), [(True, False), (False, True), (True, True)])
def test_level_2_shows_what_was_allowed_once_accepted(house: House, words: bool, contact: bool) -> None:
    case = house.case()
    allow(house, case.pk, words=words, contact=contact)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    assert seen(referral) == (True, False, False)
    actions.receive(referral.pk, by=house.cast.fanta)
    assert seen(referral) == (True, False, False)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert seen(referral) == (True, words, contact)


@pytest.mark.parametrize("allowed", [("name",), ("contact",), ("name", "contact"), ("words", "name")])
def test_name_and_number_are_allowed_apart(house: House, allowed: tuple[str, ...]) -> None:
    case = house.case(words="Le puits est en panne.")
    note_name(case.pk, "Aminata Cissé", by=house.cast.awa, at=house.at)
    allow(house, case.pk, words="words" in allowed, name="name" in allowed, contact="contact" in allowed)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    row = Referral.objects.select_related("case", "consent").get(pk=referral.pk)
    known = {"words": "Le puits est en panne.", "name": "Aminata Cissé", "contact": "+22370000001"}
    shown = person_of(row, disclosed_to_receiver(row))
    assert shown == {one: known[one] if one in allowed else "" for one in known}
    assert row.consent is not None
    assert len(row.consent.what_it_covers) == len(allowed)


def test_what_was_asked_in_one_question_with_the_contact_holds_for_the_name(house: House) -> None:
    consent = allow(house, house.case().pk, contact=True)
    assert not consent.allows_name
    Consent.objects.update(scope_name=None)
    assert Consent.objects.get().allows_name


def test_a_name_is_allowed_once_it_is_known(house: House) -> None:
    case, receiver = house.case(), Receiver(house.cast.organisations["nrc"].pk)
    said = Said("given", name=True, method="oral", giver="self")
    with pytest.raises(Refused, match="nom"):
        actions.note_said(case.pk, receiver, said, by=house.cast.awa)
    assert not Consent.objects.exists()
    actions.note_said(case.pk, receiver, replace(said, given_name=" Aminata Cissé "), by=house.cast.awa)
    actions.note_said(case.pk, receiver, said, by=house.cast.awa)
    assert Case.objects.get(pk=case.pk).unsealed("name") == "Aminata Cissé"
    assert [consent.scope_name for consent in Consent.objects.all()] == [True, True]


def test_refusing_closes_what_accepting_opened(house: House) -> None:
    case = house.case()
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    actions.refuse(referral.pk, code="SANS_CAPACITE", by=house.cast.fanta)
    assert seen(referral) == (True, False, False)


def test_closing_what_was_refused_does_not_open_it_again(house: House) -> None:
    case = house.case()
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    actions.refuse(referral.pk, code="SANS_CAPACITE", by=house.cast.fanta)
    actions.close(referral.pk, outcome="unsuccessful", by=house.cast.awa)
    assert seen(referral) == (True, False, False)
    actions.reopen(referral.pk, reason="error", by=house.cast.awa)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert seen(referral) == (True, True, False)


def test_consent_is_per_receiver(house: House) -> None:
    case = house.case()
    allow(house, case.pk, "hcr")
    with pytest.raises(Refused, match="accord"):
        house.sent(case, house.wish(level=Level.PERSON))


def test_consent_expires_by_itself(house: House) -> None:
    case = house.case()
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    assert seen(referral, days=364) == (True, True, False)
    assert seen(referral, days=366) == (True, False, False)


def test_withdrawing_recalls_and_asks_for_erasure_of_which_the_proof_is_kept(house: House) -> None:
    case = house.case()
    consent = allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    with pytest.raises(Refused, match="effacement"):
        actions.confirm_erasure(referral.pk, by=house.cast.fanta)
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.recall_reason) == ("recalled", "consent_withdrawn")
    assert row.erasure_asked_at is not None
    assert seen(referral) == (False, False, False)
    with pytest.raises(Refused):
        actions.confirm_erasure(referral.pk, by=house.cast.awa)
    assert actions.confirm_erasure(referral.pk, by=house.cast.fanta).erasure_confirmed_at is not None


def test_withdrawing_reaches_what_another_organisation_sent_under_the_same_consent(
    house: House, signed_in: Callable[[User], Client]
) -> None:
    case = house.case(concerned=house.cast.organisations["hcr"])
    allow(house, case.pk)
    by_the_desk = house.sent(case, house.wish(office="nrc_gao", level=Level.PERSON))
    by_hcr = house.sent(case, house.wish(office="nrc_bamako", level=Level.PERSON), by=house.cast.ibrahim)
    page = reverse("referrals:withdraw_consent", args=[by_hcr.pk])
    assert signed_in(house.cast.ibrahim).post(page).status_code == 302
    for sent in (by_the_desk, by_hcr):
        row = Referral.objects.get(pk=sent.pk)
        assert (row.state, row.recall_reason) == ("recalled", "consent_withdrawn")
        assert row.erasure_asked_at is not None


def test_withdrawing_after_the_answer_asks_for_erasure_too(house: House) -> None:
    case = house.case()
    consent = allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    assert seen(referral) == (True, True, False)
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert row.state == "answered"
    assert row.erasure_asked_at is not None
    assert seen(referral) == (True, False, False)


def test_who_objects_is_not_referred_to_that_receiver_even_at_level_1(house: House) -> None:
    case = house.case()
    nrc = Receiver(house.cast.organisations["nrc"].pk)
    actions.refuse_consent(case.pk, nrc, objects=True, by=house.cast.awa)
    with pytest.raises(Refused, match="oppose"):
        house.sent(case)
    assert house.sent(case, house.wish("hcr", None)).state == "sent"


def test_who_only_refuses_level_2_is_referred_at_level_1(house: House) -> None:
    case = house.case()
    nrc = Receiver(house.cast.organisations["nrc"].pk)
    actions.refuse_consent(case.pk, nrc, objects=False, by=house.cast.awa)
    assert house.sent(case).state == "sent"


def test_an_override_needs_one_of_the_three_grounds(house: House) -> None:
    case = house.case()
    nrc = Receiver(house.cast.organisations["nrc"].pk)
    with pytest.raises(Refused):
        actions.override_consent(case.pk, nrc, code="parce que", words=True, contact=False, by=house.cast.awa)
    actions.override_consent(case.pk, nrc, code="child_at_risk", words=True, contact=False, by=house.cast.awa)
    assert house.sent(case, house.wish(level=Level.PERSON)).state == "sent"


def test_the_receiver_tells_the_person_only_where_contact_was_allowed(house: House) -> None:
    case = house.case()
    allow(house, case.pk, words=True)
    with pytest.raises(Refused, match="joindre"):
        house.sent(case, house.wish(level=Level.PERSON, teller="receiver"))
    allow(house, case.pk, words=True, contact=True)
    assert house.sent(case, house.wish(level=Level.PERSON, teller="receiver")).state == "sent"


def test_unknown_is_never_given(house: House) -> None:
    case, nrc = house.case(), house.cast.organisations["nrc"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(case=case, receiver=nrc, status=ConsentStatus.GIVEN, given_at=house.at)


def test_a_deployment_may_open_level_2_on_receipt(house: House, settings: Any) -> None:
    case = house.case()
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.receive(referral.pk, by=house.cast.fanta)
    assert seen(referral) == (True, False, False)
    settings.REFERRAL_PERSON_VISIBLE_FROM = "received"
    assert seen(referral) == (True, True, False)
