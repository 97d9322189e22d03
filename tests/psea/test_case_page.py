"""What one page of a case tells: the health windows first, what is late, whom to ring, the rules for a child."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.transitions import Refused
from directory.models import Place, Service, User
from psea import actions
from psea.databases import VAULT
from psea.enums import Consent, Known
from psea.models import AssistanceOffer, DutyCall, SealedCase
from tests.psea.conftest import PHONE, WORDS, Vault
from tests.psea.test_pages import shown
from tests.psea.test_session import SignedIn, opened

pytestmark = pytest.mark.once

Receive = Callable[..., UUID]


def facts(vault: Vault, case_id: UUID, **changes: Any) -> None:
    actions.extract_facts(case_id=case_id, **changes, **vault.as_("aminata"))


def test_the_health_windows_stand_first_in_words_until_care_was_had(
    vault: Vault, receive: Receive, signed_in: SignedIn
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    browser = opened(vault, signed_in)
    assert "La date des faits n’est pas connue" in shown(browser, "case", case_id)

    began = timezone.localtime() - timedelta(hours=40, minutes=30)
    day = {"incident_on": began.date(), "incident_time": began.time().replace(second=0, microsecond=0)}
    facts(vault, case_id, services=("clinical_care",), **day)
    page = shown(browser, "case", case_id)
    assert "Il reste 31 h pour les soins à donner dans les 72 h." in page
    assert page.index("Il reste 31 h") < page.index("Kumasigi-canari")
    offer = AssistanceOffer.objects.using(VAULT).get()
    for act in ("offer", "accept", "refer", "confirm_service"):
        actions.move_offer(offer_id=offer.pk, act=act, **vault.as_("aminata"))
    assert "Il reste" not in shown(browser, "case", case_id)


def test_what_is_late_is_said_in_one_place(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = receive(received_at=timezone.now() - timedelta(hours=30))
    browser = opened(vault, signed_in)
    page = shown(browser, "case", case_id)
    late = page[page.index("retard-titre") : page.index("Pourquoi on vous prévient")]
    assert [word in late for word in ("à ouvrir", "à transmettre")] == [True, True]
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    assert "Pourquoi on vous prévient" not in shown(browser, "case", case_id)


def test_a_child_is_always_offered_child_protection_and_somebody_agrees_for_it(
    vault: Vault, receive: Receive, signed_in: SignedIn
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    facts(vault, case_id, child=Known.YES)
    offer = AssistanceOffer.objects.using(VAULT).get()
    assert offer.service == "child_protection"
    actions.move_offer(offer_id=offer.pk, act="offer", **vault.as_("aminata"))
    accept: dict[str, Any] = {"offer_id": offer.pk, "act": "accept", **vault.as_("aminata")}
    with pytest.raises(Refused, match="qui a donné l’accord"):
        actions.move_offer(**accept)
    browser = opened(vault, signed_in)
    page = shown(browser, "case", case_id)
    assert f'value="{Consent.CAREGIVER}"' in page
    assert "C’est un enfant." in page

    facts(vault, case_id, child=Known.YES, caregiver_implicated=Known.YES)
    page = shown(browser, "case", case_id)
    assert f'value="{Consent.CAREGIVER}"' not in page
    assert "ne lui demandez rien" in page
    with pytest.raises(Refused):
        actions.move_offer(consent_by=Consent.CAREGIVER, **accept)
    browser.post(reverse("psea:offer", args=[case_id, offer.pk, "accept"]), {"consent_by": "best_interest"})
    offer = AssistanceOffer.objects.using(VAULT).get()
    assert (offer.state, offer.consent_by) == ("accepted", Consent.BEST_INTEREST)


def test_nobody_agrees_for_an_adult(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    facts(vault, case_id, services=("legal",), child=Known.NO)
    offer = AssistanceOffer.objects.using(VAULT).get()
    actions.move_offer(offer_id=offer.pk, act="offer", **vault.as_("aminata"))
    with pytest.raises(Refused):
        actions.move_offer(offer_id=offer.pk, act="accept", consent_by=Consent.CAREGIVER, **vault.as_("aminata"))


@pytest.mark.parametrize("act", ["", "offer", "defer", "accept"])
def test_who_gives_a_service_is_looked_for_in_every_cercle_of_the_region(
    vault: Vault, receive: Receive, signed_in: SignedIn, act: str
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    cercle = Place.objects.get(pcode="ML0703")
    region = cercle.region
    assert region is not None
    facts(vault, case_id, services=("legal", "mhpss"), place_pcode=region.pcode)
    for offer in AssistanceOffer.objects.using(VAULT):
        for step in {"": (), "offer": ("offer",)}.get(act, ("offer", act)):
            actions.move_offer(offer_id=offer.pk, act=step, **vault.as_("aminata"))
    service = Service.objects.create(
        organisation=vault.cast.organisations["nrc"],
        kind="legal",
        valid_until=timezone.localdate() + timedelta(days=9),
        directions="près du marché",
    )
    service.places.add(cercle)
    page = shown(opened(vault, signed_in), "case", case_id)
    assert page.count("près du marché") == 1
    assert page.count("Aucun service connu près de là") == 1


# -- ringing round ---------------------------------------------------------------------------------------------------


def rung(browser: Client, case_id: UUID, person: object, reached: str) -> str:
    where = reverse("psea:calls", args=[case_id])
    return browser.post(where, {"person": person, "reached": reached}, follow=True).content.decode()


def test_the_coordination_rings_round_and_notes_who_was_reached(
    vault: Vault, receive: Receive, signed_in: SignedIn
) -> None:
    User.objects.filter(pk=vault.cast.rokia.pk).update(phone="+22300000088")
    case_id = receive(received_at=timezone.now() - timedelta(hours=13))
    browser = opened(vault, signed_in, "coumba")
    page = shown(browser, "calls", case_id)
    assert page.index("Aminata") < page.index("Rokia") < page.index("Coumba</strong>")
    assert 'href="tel:+22300000088"' in page
    assert WORDS not in page
    assert PHONE not in page

    assert "pas de réponse" in rung(browser, case_id, vault.cast.aminata.pk, "no")
    assert "Appel noté : jointe" in rung(browser, case_id, vault.cast.rokia.pk, "yes")
    assert "pas de la liste" in rung(browser, case_id, vault.cast.nana.pk, "yes")
    calls = {(row.user_id, row.was_reached) for row in DutyCall.objects.using(VAULT).all()}
    assert calls == {(vault.cast.aminata.pk, False), (vault.cast.rokia.pk, True)}
    assert "pas de la liste" in rung(browser, case_id, "x", "yes")

    actions.open_case(case_id=case_id, **vault.as_("rokia"))
    assert "plus personne à appeler" in shown(browser, "calls", case_id)
    assert "plus personne à appeler" in rung(browser, case_id, vault.cast.aminata.pk, "yes")
    assert DutyCall.objects.using(VAULT).count() == 2


# -- by hand, chased, kept -------------------------------------------------------------------------------------------


def test_the_note_to_hand_over_holds_routing_facts_and_nothing_else(
    vault: Vault, receive: Receive, signed_in: SignedIn
) -> None:
    case_id = receive(contact="par sa tante", place_pcode="ML0703")
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    facts(vault, case_id, child=Known.YES, organisation_id=vault.cast.organisations["line"].pk)
    browser = opened(vault, signed_in)
    page = shown(browser, "slip", case_id)
    assert "Ligne verte" in page
    assert "<title>Jaabi</title>" in page
    for never in (WORDS, PHONE, "tante", "Ansongo", str(case_id)[9:]):
        assert never not in page.replace(reverse("psea:case", args=[case_id]), "")


def test_the_entity_is_chased_and_a_hold_is_asked_and_confirmed_from_the_page(
    vault: Vault, receive: Receive, signed_in: SignedIn
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    officer, coordination = opened(vault, signed_in), opened(vault, signed_in, "coumba")
    chase, hold = reverse("psea:chase", args=[case_id]), reverse("psea:hold", args=[case_id])
    assert coordination.post(chase, {"heard": "x"}).status_code == 422
    coordination.post(chase, {"heard": "no_news"})
    assert "rien de nouveau" in shown(officer, "case", case_id).partition("Dernière relance")[2][:200]
    assert officer.post(hold, {"reason": ""}).status_code == 422
    officer.post(hold, {"reason": "Demande du juge"})
    assert "Confirmer la conservation" not in shown(officer, "case", case_id)
    assert "Confirmer la conservation" in shown(coordination, "case", case_id)
    coordination.post(reverse("psea:hold_act", args=[case_id, "confirm"]))
    assert "Conservation légale : rien n’est détruit." in shown(officer, "case", case_id)
    officer.post(reverse("psea:conflict", args=[case_id, "raise"]))
    assert "Un conflit d’intérêts est ouvert" in shown(coordination, "case", case_id)
    coordination.post(reverse("psea:conflict", args=[case_id, "settle"]))
    assert SealedCase.objects.using(VAULT).get().conflict_at is None
    assert officer.post(reverse("psea:conflict", args=[case_id, "x"])).status_code == 404


def test_who_never_gets_it_is_ticked_on_the_page(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    browser, where = opened(vault, signed_in), reverse("psea:implicated", args=[case_id])
    assert browser.post(where, {}).status_code == 422
    assert browser.post(where, {"users": [vault.cast.rokia.pk]}).status_code == 302
    assert not SealedCase.objects.visible_to(vault.cast.rokia).exists()
    gone = browser.post(where, {"organisations": [vault.cast.aminata.organisation_id]})
    assert gone["Location"].startswith(reverse("psea:case", args=[case_id])), "the last one who can open it keeps it"
    assert SealedCase.objects.using(VAULT).get().conflict_at is not None
