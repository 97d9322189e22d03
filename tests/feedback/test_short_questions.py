"""Short questions that staff put, one at a time, two at most; the answer joins the case and fills what it asked."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from core.models import Outbound
from core.receipt_number import grouped
from core.transitions import Refused
from directory.models import User
from feedback import actions
from feedback.actions.short_questions import questions_to_ask
from feedback.enums import SafeContact, ShortQuestion
from feedback.models import Case, CaseMessage
from feedback.places import place_in
from psea.models import SealedMessage
from referrals.actions import ask_consent
from referrals.actions.asking import is_asking_consent
from referrals.models import Consent, Referral
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import place, sorted_case
from tests.referrals.conftest import House

ORDINARY = "Nous n'avons pas eu d'eau au forage depuis dix jours"
SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"
Q = ShortQuestion


@pytest.fixture
def case(telephone: Telephone) -> Case:
    """Said by SMS, nobody has sorted it."""
    telephone.says(ORDINARY)
    return Case.objects.get()


def asked(case: Case, asks: str, by: User, pk: uuid.UUID | None = None) -> CaseMessage:
    return actions.ask_short(case.pk, asks=asks, pk=pk or uuid.uuid4(), by=by)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_place_that_is_known_by_name_fills_the_field(case: Case, cast: Cast, telephone: Telephone) -> None:
    asked(case, Q.PLACE, cast.awa)
    assert telephone.heard()[-1].startswith(f"{grouped(telephone.last_number())} : dans quelle région")
    telephone.says("Bandiagara, quartier 4")
    case = fresh(case)
    assert (str(case.place), case.unsealed("place_said")) == ("Bandiagara", "Bandiagara, quartier 4")
    assert telephone.heard()[-1].endswith("c'est noté, merci.")
    assert [message.unsealed("body") for message in case.messages.all()] == ["Où est-ce ?", "Bandiagara, quartier 4"]
    assert Case.objects.count() == 1


def test_a_place_that_is_not_known_stays_in_their_words(case: Case, cast: Cast, telephone: Telephone) -> None:
    asked(case, Q.PLACE, cast.awa)
    telephone.says("derrière le vieux marché")
    case = fresh(case)
    assert (case.place, case.unsealed("place_said")) == (None, "derrière le vieux marché")


def test_a_story_in_answer_is_words_and_no_place(case: Case, cast: Cast, telephone: Telephone) -> None:
    asked(case, Q.PLACE, cast.awa)
    telephone.says("je ne peux pas le dire maintenant parce que mon voisin lit ce telephone chaque soir")
    assert fresh(case).unsealed("place_said") == ""
    assert case.messages.count() == 2


@pytest.mark.parametrize(
    ("said", "way"),
    [("1", SafeContact.SMS), ("2", SafeContact.CALL), ("Appel", SafeContact.CALL), ("3", SafeContact.RELAY)],
)
def test_the_way_they_choose_is_their_safe_contact(
    case: Case, cast: Cast, telephone: Telephone, said: str, way: str
) -> None:
    asked(case, Q.SAFE_CONTACT, cast.awa)
    telephone.says(said)
    assert fresh(case).safe_contact == way
    assert Case.objects.count() == 1


def test_ignoring_it_is_an_answer_too(case: Case, cast: Cast, telephone: Telephone) -> None:
    asked(case, Q.SAFE_CONTACT, cast.awa)
    with time_machine.travel(timezone.now() + timedelta(hours=settings.QUESTION_OPEN_HOURS + 1)):
        telephone.says("2")
    assert fresh(case).safe_contact == SafeContact.NONE
    assert [one.unsealed("words") for one in Case.objects.exclude(pk=case.pk)] == ["2"]


def test_it_is_answered_although_the_case_was_joined_to_another(case: Case, cast: Cast, telephone: Telephone) -> None:
    kept = sorted_case(cast.awa)
    question, of_another = asked(case, Q.SAFE_CONTACT, cast.awa), asked(kept, Q.SAFE_CONTACT, cast.awa)
    actions.merge(case.pk, into_id=kept.pk, by=cast.awa)
    telephone.says("2")
    assert (fresh(case).safe_contact, fresh(kept).safe_contact) == (SafeContact.CALL, SafeContact.NONE)
    waiting = CaseMessage.objects.filter(pk__in=[question.pk, of_another.pk], awaits_reply=True)
    assert [one.pk for one in waiting] == [of_another.pk], "who was asked on the other telephone has not answered"
    assert kept.messages.filter(direction="in").count() == 1
    assert Case.objects.count() == 2


def test_one_at_a_time_and_two_in_all(case: Case, cast: Cast, telephone: Telephone) -> None:
    asked(case, Q.PLACE, cast.awa)
    with pytest.raises(Refused, match="attend déjà"):
        asked(case, Q.SAFE_CONTACT, cast.awa)
    telephone.says("chez nous, c'est loin")
    asked(case, Q.SAFE_CONTACT, cast.awa)
    telephone.says("4")
    with pytest.raises(Refused, match="Deux questions"):
        asked(case, Q.PLACE, cast.awa)
    assert questions_to_ask(fresh(case)) == []


def test_sent_twice_it_is_asked_once(case: Case, cast: Cast, telephone: Telephone) -> None:
    pk = uuid.uuid4()
    assert asked(case, Q.PLACE, cast.awa, pk) == asked(case, Q.PLACE, cast.awa, pk)
    assert len(telephone.heard()) == 2


def test_only_what_is_not_known_is_asked(case: Case, cast: Cast, telephone: Telephone) -> None:
    Case.objects.filter(pk=case.pk).update(safe_contact=SafeContact.SMS, place=place("ML0703"))
    assert questions_to_ask(fresh(case)) == []
    telephone.says("STOP")
    Case.objects.filter(pk=case.pk).update(place=None)
    assert questions_to_ask(fresh(case)) == []


def test_whoever_may_not_sort_it_asks_nothing(case: Case, cast: Cast) -> None:
    with pytest.raises(Case.DoesNotExist):
        asked(case, Q.PLACE, cast.oumar)


def test_nothing_is_asked_of_a_telephone_whose_latest_case_is_sealed_and_nothing_shows_it(
    case: Case, cast: Cast, telephone: Telephone
) -> None:
    telephone.says(SEA)
    before = (len(telephone.heard()), Outbound.objects.count())
    assert questions_to_ask(fresh(case)) == [Q.PLACE, Q.SAFE_CONTACT]
    question = asked(case, Q.PLACE, cast.awa)
    assert (len(telephone.heard()), Outbound.objects.count()) == before
    assert (question.asks, question.awaits_reply) == (Q.PLACE, True)
    telephone.says("Bandiagara")
    assert (fresh(case).place, SealedMessage.objects.using("vault").count()) == (None, 1)


def test_an_answer_that_suggests_sea_goes_to_the_vault(case: Case, cast: Cast, telephone: Telephone) -> None:
    asked(case, Q.PLACE, cast.awa)
    telephone.says("Bandiagara, il m'a demandé de coucher avec lui pour la liste")
    assert (fresh(case).place, fresh(case).messages.count()) == (None, 1)


def test_it_is_one_click_on_the_page(case: Case, cast: Cast, telephone: Telephone, signed_in: Any) -> None:
    browser = signed_in(cast.awa)
    assert "Poser une question courte" in browser.get(f"/cases/{case.pk}/").content.decode()
    posted = {"once": str(uuid.uuid4()), "asks": Q.PLACE}
    assert browser.post(f"/cases/{case.pk}/ask-short/", posted).status_code == 302
    assert "dans quelle région" in telephone.heard()[-1]
    assert "Poser une question courte" not in browser.get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.parametrize(
    ("words", "pcode"),
    [
        ("Bandiagara", "Bandiagara"),
        ("a koro", "Koro"),
        ("je suis à Ménaka ville", "Ménaka"),
        ("menaka", "Ménaka"),
        ("entre Bandiagara et Koro", None),
        ("derrière le marché", None),
        ("je ne peux pas le dire", None),
        ("cercle de Diré", "Diré"),
    ],
)
def test_names_of_regions_and_cercles_are_found(db: None, words: str, pcode: str | None) -> None:
    found = place_in(words)
    assert (found.name if found else None) == pcode


def test_a_name_of_both_is_the_region_unless_cercle_is_said(db: None) -> None:
    region, cercle = place_in("Gao"), place_in("cercle de Gao")
    assert region is not None
    assert cercle is not None
    assert (region.level, cercle.level) == (1, 2)


# -- « may they have your number » -----------------------------------------------------------------------------------


@pytest.fixture
def referral(telephone: Telephone, cast: Cast) -> Referral:
    """Sent to NRC Gao at level 1, for someone who chose SMS."""
    case = sorted_case(cast.awa, phone=telephone.number, safe_contact=SafeContact.SMS)
    return House(cast).sent(case)


def test_yes_is_a_consent_for_that_receiver_by_sms_with_its_date(
    referral: Referral, cast: Cast, telephone: Telephone
) -> None:
    ask_consent(referral.pk, pk=uuid.uuid4(), by=cast.awa)
    assert "pouvons-nous donner votre numéro" in telephone.heard()[-1]
    assert not Consent.objects.exists()
    telephone.says("OUI")
    consent = Consent.objects.get()
    assert (consent.status, consent.method, consent.giver) == ("given", "sms", "self")
    assert (consent.receiver, consent.receiver_office) == (referral.receiver, referral.receiver_office)
    assert (consent.scope_contact, consent.scope_words, consent.recorded_by) == (True, False, None)
    assert timezone.now() - consent.given_at < timedelta(minutes=1)
    referral.refresh_from_db()
    assert (referral.level, referral.consent) == ("2", consent)


def test_no_keeps_it_at_level_1_and_is_no_case(referral: Referral, cast: Cast, telephone: Telephone) -> None:
    ask_consent(referral.pk, pk=uuid.uuid4(), by=cast.awa)
    telephone.says("non")
    referral.refresh_from_db()
    assert (referral.level, referral.state, Consent.objects.get().status) == ("1", "sent", "refused")
    assert Case.objects.count() == 1


def test_silence_is_no_consent(referral: Referral, cast: Cast, telephone: Telephone) -> None:
    ask_consent(referral.pk, pk=uuid.uuid4(), by=cast.awa)
    with time_machine.travel(timezone.now() + timedelta(hours=settings.QUESTION_OPEN_HOURS + 1)):
        assert not is_asking_consent(Referral.objects.get(pk=referral.pk))
        telephone.says("oui")
    assert (Consent.objects.count(), Referral.objects.get(pk=referral.pk).level) == (0, "1")


def test_non_to_nothing_of_ours_refuses_nothing(referral: Referral, telephone: Telephone) -> None:
    telephone.says("NON")
    assert not Consent.objects.exists()
    assert Case.objects.count() == 2


def test_the_question_asked_last_is_the_one_answered(referral: Referral, cast: Cast, telephone: Telephone) -> None:
    ask_consent(referral.pk, pk=uuid.uuid4(), by=cast.awa)
    telephone.says(f"ANNULER {referral.case.unsealed('receipt_number')}")
    telephone.says("NON")
    assert "rien ne change" in telephone.heard()[-1]
    assert not Consent.objects.exists()
    telephone.says("OUI")
    assert Consent.objects.get().status == "given"


def test_only_who_chose_sms_is_asked_by_sms_and_only_by_the_sender(referral: Referral, cast: Cast) -> None:
    with pytest.raises(Refused, match="émetteur"):
        ask_consent(referral.pk, pk=uuid.uuid4(), by=cast.fanta)
    Case.objects.update(safe_contact=SafeContact.CALL)
    with pytest.raises(Refused, match="moyen sûr"):
        ask_consent(referral.pk, pk=uuid.uuid4(), by=cast.awa)


def test_the_senders_page_offers_it_then_waits(
    referral: Referral, cast: Cast, telephone: Telephone, signed_in: Any
) -> None:
    browser = signed_in(cast.awa)
    page = f"/referrals/{referral.pk}/"
    assert "Le lui demander par SMS" in browser.get(page).content.decode()
    assert "Le lui demander par SMS" not in signed_in(cast.fanta).get(page).content.decode()
    browser.post(f"{page}demander-accord/", {"once": str(uuid.uuid4())})
    assert "on attend sa réponse" in browser.get(page).content.decode()
    telephone.says("1")
    assert "par SMS, en réponse à notre question" in browser.get(page).content.decode()
