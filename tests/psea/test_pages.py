from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.enums import ServiceType
from psea import actions
from psea.databases import VAULT
from psea.models import AssistanceOffer, SealedCase
from psea.trust import INVESTIGATION
from tests.psea.conftest import PHONE, WORDS, Vault
from tests.psea.test_session import SignedIn, opened

pytestmark = pytest.mark.once

Receive = Callable[..., UUID]


def bare(response: Any) -> str:
    """A page without its tokens, made anew each time, and the address that was asked for."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode()).replace(response.request["PATH_INFO"], "")


def shown(browser: Client, name: str, *args: object) -> str:
    response = browser.get(reverse(f"psea:{name}", args=args))
    assert response.status_code == 200, name
    return response.content.decode()


@pytest.mark.parametrize("name", ["awa", "oumar", "mariam", "kadia", "djeneba", "robert", "adama"])
def test_for_everyone_else_the_vault_does_not_exist(
    vault: Vault, signed_in: SignedIn, receive: Receive, name: str
) -> None:
    case_id = receive()
    browser = signed_in(vault.cast.people[name])

    absent = browser.get("/vault/nothing-here/")
    for page, args in (("locked", []), ("enrol", []), ("cases", []), ("case", [case_id]), ("figures", [])):
        response = browser.get(reverse(f"psea:{page}", args=args))
        assert response.status_code == 404
        assert bare(response) == bare(absent)


def test_a_case_one_may_not_see_looks_like_one_that_is_not_there(
    vault: Vault, signed_in: SignedIn, receive: Receive
) -> None:
    case_id = receive()
    browser = opened(vault, signed_in, "hawa")

    hidden = browser.get(reverse("psea:case", args=[case_id]))
    absent = browser.get(reverse("psea:case", args=[uuid4()]))
    assert hidden.status_code == absent.status_code == 404
    assert bare(hidden) == bare(absent)
    assert browser.post(reverse("psea:open", args=[case_id])).status_code == 404


def test_the_list_names_nothing_and_puts_the_health_window_first(
    vault: Vault, signed_in: SignedIn, receive: Receive
) -> None:
    older = receive("SM1", received_at=timezone.now() - timedelta(hours=20), place_pcode="ML0703")
    fresh = receive("SM2", received_at=timezone.now() - timedelta(hours=1))
    yesterday = timezone.localdate() - timedelta(days=1)
    actions.extract_facts(case_id=fresh, incident_on=yesterday, **vault.as_("aminata"))
    browser = opened(vault, signed_in)

    page = shown(browser, "cases")
    assert page.index(str(fresh)) < page.index(str(older))
    assert WORDS not in page
    assert "Gao" not in page
    assert "<title>Jaabi</title>" in page


def test_the_list_takes_the_same_number_of_queries_for_one_case_and_three(
    vault: Vault, signed_in: SignedIn, receive: Receive, django_assert_max_num_queries: Any
) -> None:
    browser = opened(vault, signed_in)
    for number in range(3):
        receive(f"SM{number}")
        with django_assert_max_num_queries(11, using=VAULT):
            shown(browser, "cases")


def test_an_officers_way_through_a_case(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    browser = opened(vault, signed_in)
    pam = vault.cast.organisations["pam"]

    before = shown(browser, "case", case_id)
    assert WORDS not in before
    assert "Ouvrir le signalement" in before
    browser.post(reverse("psea:open", args=[case_id]))
    page = shown(browser, "case", case_id)
    assert "Kumasigi-canari" in page
    assert "Relever les faits" in page

    facts = {"organisation_id": pam.pk, "place_pcode": "ML0703", "child": "no", "danger": "yes", "survivors": "1"}
    answer = browser.post(reverse("psea:facts", args=[case_id]), facts | {"services": ["clinical_care"]})
    assert answer.status_code == 302
    assert "Proposer l&#x27;assistance" in shown(browser, "case", case_id)

    offer = AssistanceOffer.objects.using(VAULT).get()
    for act in ("offer", "accept", "refer"):
        browser.post(reverse("psea:offer", args=[case_id, offer.pk, act]))
    assert AssistanceOffer.objects.using(VAULT).get().state == "referred"

    assert browser.post(reverse("psea:transmit", args=[case_id]), {"organisation_id": ""}).status_code == 422
    asked = browser.post(reverse("psea:transmit", args=[case_id]), {"organisation_id": pam.pk})
    assert "Transmettre à PAM ?" in asked.content.decode()
    assert SealedCase.objects.using(VAULT).get().state == "received", "an entity is named twice before it reads"
    browser.post(reverse("psea:transmit", args=[case_id]), {"organisation_id": pam.pk, "confirmed": "on"})
    assert SealedCase.objects.using(VAULT).get().state == "transmitted"
    told = {"about": "transmission", "was_told": "yes", "on": "2022-03-12"}
    browser.post(reverse("psea:inform", args=[case_id]), told)
    browser.post(reverse("psea:note", args=[case_id]), {"words": "Préfère une femme."})
    page = shown(browser, "case", case_id)
    assert "Préfère une femme." in page
    assert "12 mars 2022" in page


def test_the_entitys_focal_point_goes_on_from_there(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    browser = opened(vault, signed_in, "hawa")

    browser.post(reverse("psea:open", args=[case_id]))
    for act in ("acknowledge", "assess", "investigate", "not_substantiate"):
        browser.post(reverse("psea:act", args=[case_id, act]))
    assert SealedCase.objects.using(VAULT).get().state == "unsubstantiated"
    assert str(case_id) not in shown(browser, "cases")
    assert str(case_id) in browser.get(reverse("psea:cases"), {"etat": "clos"}).content.decode()


def test_the_coordination_sees_tracks_and_figures_but_no_narrative_and_no_button(
    vault: Vault, signed_in: SignedIn, receive: Receive
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.extract_facts(case_id=case_id, services=(ServiceType.LEGAL,), **vault.as_("aminata"))
    browser = opened(vault, signed_in, "coumba")

    page = shown(browser, "case", case_id)
    assert "Kumasigi-canari" not in page
    assert PHONE not in page
    acts = set(re.findall(rf'"/vault/cases/{case_id}/([^"]+)/"', page))
    assert acts == {"hold", "conflict/raise"}, "neither track, nor the words"
    assert "Chiffres exacts" in shown(browser, "figures")
    assert "Retirer la clé" in shown(browser, "people")
    refused = browser.post(reverse("psea:open", args=[case_id]), follow=True)
    assert "jamais le récit" in refused.content.decode()


def test_a_refused_form_keeps_what_was_typed(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    browser = opened(vault, signed_in)

    page = browser.post(reverse("psea:facts", args=[case_id]), {"survivors": "99", "place_pcode": "ML0703"})
    assert page.status_code == 422
    assert 'value="99"' in page.content.decode()
    empty = browser.post(reverse("psea:note", args=[case_id]), {"words": " "})
    assert empty.status_code == 422


def test_the_page_says_what_to_do_next_to_each_of_those_who_read_it(
    vault: Vault, signed_in: SignedIn, receive: Receive
) -> None:
    case_id = receive()
    officer, entity = opened(vault, signed_in), opened(vault, signed_in, "hawa")

    def next_step(browser: Client) -> str:
        return str(browser.get(reverse("psea:case", args=[case_id])).context["next"].label)

    assert next_step(officer) == "Ouvrir le signalement"
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    assert next_step(officer) == "Relever les faits"
    actions.extract_facts(case_id=case_id, services=(ServiceType.LEGAL,), **vault.as_("aminata"))
    offer = AssistanceOffer.objects.using(VAULT).get()
    assert next_step(officer) == "Proposer l'assistance"
    actions.move_offer(offer_id=offer.pk, act="offer", **vault.as_("aminata"))
    actions.move_offer(offer_id=offer.pk, act="decline", **vault.as_("aminata"))
    assert next_step(officer) == "Transmettre à l'entité"
    actions.transmit(case_id=case_id, organisation_id=vault.cast.organisations["pam"].pk, **vault.as_("aminata"))
    assert next_step(officer) == "Noter ce que la personne sait"
    assert next_step(entity) == "Accuser réception"


def test_an_act_out_of_turn_says_why(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    browser = opened(vault, signed_in)

    page = browser.post(reverse("psea:act", args=[case_id, "acknowledge"]), follow=True)
    assert "personnes habilitées de l&#x27;entité" in page.content.decode()
    assert browser.post(reverse("psea:act", args=[case_id, "explode"])).status_code == 404


def state_of(case_id: UUID) -> str:
    return str(SealedCase.objects.using(VAULT).get(pk=case_id).state)


def test_an_entity_outside_is_noted_from_the_page(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive(concerned_organisation_id=vault.cast.organisations["line"].pk)
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    browser = opened(vault, signed_in)

    assert browser.post(reverse("psea:outside", args=[case_id]), {}).status_code == 422
    browser.post(reverse("psea:outside", args=[case_id]), {"handed_over": "on"})
    assert state_of(case_id) == "entity_outside"
    assert "Accuser réception" in shown(browser, "case", case_id)


def test_reclassifying_asks_for_the_confirmation(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    browser, where = opened(vault, signed_in), reverse("psea:reclassify", args=[case_id])

    assert browser.post(where, {"as_what": "nonsense"}).status_code == 422
    refused = browser.post(where, {"as_what": "ordinary"})
    assert refused.status_code == 422
    assert "aucune révélation" in refused.content.decode()
    chosen = {"as_what": "ordinary", "no_disclosure": "on"}
    assert "Toute l’équipe de tri" in browser.post(where, chosen).content.decode()
    assert state_of(case_id) == "received", "who will read it is said before it is done"
    release = reverse("feedback:release", args=[case_id])
    assert browser.post(where, chosen | {"confirmed": "on"})["Location"] == release
    assert state_of(case_id) == "reclassified"
    page = shown(browser, "case", case_id)
    assert f'<a class="btn btn-primary btn-lg" href="{release}">' in page, "the next thing to do is to let it go"
    listed, over = (browser.get(reverse("psea:cases") + query).content.decode() for query in ("", "?etat=clos"))
    address = reverse("psea:case", args=[case_id])
    assert (address in listed, address in over) == (True, False)
    SealedCase.objects.using(VAULT).update(words=None, contact=None, words_destroyed_at=timezone.now())
    listed, over = (browser.get(reverse("psea:cases") + query).content.decode() for query in ("", "?etat=clos"))
    assert (address in listed, address in over) == (False, True)


def test_the_entity_gives_back_what_is_not_its_own(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    browser = opened(vault, signed_in, "hawa")

    assert browser.post(reverse("psea:act", args=[case_id, "not_ours"]))["Location"] == reverse("psea:cases")
    assert browser.get(reverse("psea:case", args=[case_id])).status_code == 404


def test_the_investigation_function_confirms_its_copy(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    vault.approve("hawa", INVESTIGATION)
    case_id = receive()
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa)
    actions.open_case(case_id=case_id, **vault.as_("hawa"))
    browser, where = opened(vault, signed_in, "hawa"), reverse("psea:copy_held", args=[case_id])

    assert "nous détenons notre copie" in shown(browser, "case", case_id)
    stated = {"reference": "OIG-17", "held_on": "2022-03-01"}
    assert browser.post(where, stated).status_code == 422
    mistyped = browser.post(where, stated | {"statement": "oui"}, follow=True)
    assert "Tapez la phrase" in mistyped.content.decode()
    assert browser.post(where, stated | {"statement": "Nous détenons notre copie"}).status_code == 302
    assert SealedCase.objects.using(VAULT).get(pk=case_id).copy_held_at is not None


def test_another_service_is_offered_from_the_page(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.extract_facts(case_id=case_id, **vault.as_("aminata"))
    survivor = SealedCase.objects.using(VAULT).get().survivors.using(VAULT).get()
    browser, where = opened(vault, signed_in), reverse("psea:add_offer", args=[case_id, survivor.pk])

    assert browser.post(where, {"service": "massage"}).status_code == 422
    assert browser.post(where, {"service": "legal"})["Location"].endswith("#assistance")
    assert AssistanceOffer.objects.using(VAULT).get().state == "offered"


def test_a_transmission_to_an_entity_without_anybody_is_refused_in_words(
    vault: Vault, signed_in: SignedIn, receive: Receive
) -> None:
    case_id = receive()
    browser, where = opened(vault, signed_in), reverse("psea:transmit", args=[case_id])

    line = vault.cast.organisations["line"].pk
    page = browser.post(where, {"organisation_id": line, "confirmed": "on"}, follow=True)
    assert "main propre" in page.content.decode()
    assert browser.post(where, {"organisation_id": "x"}).status_code == 422
    assert state_of(case_id) == "received"


@pytest.mark.parametrize("page", ["inform", "facts", "note"])
def test_an_empty_form_is_shown_again_with_what_is_wrong(
    vault: Vault, signed_in: SignedIn, receive: Receive, page: str
) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))

    response = opened(vault, signed_in).post(reverse(f"psea:{page}", args=[case_id]), {})
    assert response.status_code == 422


def test_reopening_after_an_outcome(vault: Vault, signed_in: SignedIn, receive: Receive) -> None:
    case_id = receive()
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    for act in ("acknowledge", "assess", "not_investigate"):
        actions.advance(case_id=case_id, act=act, by=vault.cast.hawa)
    browser = opened(vault, signed_in)

    browser.post(reverse("psea:act", args=[case_id, "reopen"]))
    assert state_of(case_id) == "reopened"
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    assert state_of(case_id) == "transmitted"
