"""The pages: what waits, one referral, sending, "not us", figures."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.transitions import Refused
from directory.models import Place, StaffNotice, User, UserRole
from directory.roles import Role
from feedback.models import Case, CaseImplicated
from psea.models import SealedCase
from referrals import actions, groups
from referrals.enums import Level
from referrals.models import Consent, Referral
from referrals.timeline import chain_of, hops_in
from referrals.views import mine
from tests.cast import DOMAIN
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow

__all__ = ["recovery_key"]

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]
MINE = "/referrals/"


def groups_of(client: Client, query: str = "") -> dict[str, int]:
    context = client.get(MINE + query).context
    return {shown["group"].code: shown["count"] for shown in context["groups"] if shown["count"]}


def test_each_referral_waits_in_one_group_of_each_side(house: House, signed_in: SignIn) -> None:
    awa, fanta = signed_in(house.cast.awa), signed_in(house.cast.fanta)
    referral = house.sent()
    assert (groups_of(awa), groups_of(fanta)) == ({"others": 1}, {"accept": 1})
    actions.ask(referral.pk, words="Où ?", by=house.cast.fanta)
    assert (groups_of(awa), groups_of(fanta)) == ({"back": 1}, {"others": 1})
    actions.reply(referral.pk, words="Là.", by=house.cast.awa)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert (groups_of(awa), groups_of(fanta)) == ({"others": 1}, {"answer": 1})
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    assert (groups_of(awa), groups_of(fanta)) == ({"back": 1}, {})
    actions.feed_back(referral.pk, how="call", by=house.cast.awa)
    assert (groups_of(awa), groups_of(fanta)) == ({}, {})


def test_a_late_one_stands_among_the_late_and_nowhere_else(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    Referral.objects.filter(pk=referral.pk).update(accept_by=house.at, answer_by=house.at)
    assert groups_of(signed_in(house.cast.fanta)) == {"late": 1}


def test_filters_of_the_address_narrow_the_list(house: House, signed_in: SignIn) -> None:
    house.sent(), house.sent(None, house.wish(priority="urgent"))
    fanta = signed_in(house.cast.fanta)
    assert groups_of(fanta) == {"accept": 2}
    assert groups_of(fanta, "?priority=urgent") == {"accept": 1}
    assert groups_of(fanta, "?q=panne&region=ML07&level=1") == {"accept": 2}
    assert groups_of(fanta, "?region=ML01") == {}
    assert groups_of(fanta, "?priority=nonsense") == {"accept": 2}


def test_nobody_searches_what_people_said(house: House, signed_in: SignIn) -> None:
    house.sent(house.case(words="Un mot rare : zibeline"))
    assert groups_of(signed_in(house.cast.fanta), "?q=zibeline") == {}


def test_an_empty_list_says_why_and_when_the_last_answer_was(house: House, signed_in: SignIn) -> None:
    fanta = signed_in(house.cast.fanta)
    assert "Rien n’attend votre organisation." in fanta.get(MINE).content.decode()
    referral = house.sent()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    actions.feed_back(referral.pk, how="call", by=house.cast.awa)
    assert "Dernière réponse donnée" in fanta.get(MINE).content.decode()


def test_the_list_asks_as_much_for_three_rows_as_for_one(house: House, signed_in: SignIn) -> None:
    fanta = signed_in(house.cast.fanta)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert fanta.get(MINE).status_code == 200
        return len(queries)

    house.sent()
    count()
    one = count()
    house.sent(), house.sent()
    assert count() == one


def test_a_long_list_says_that_it_goes_on_and_shows_what_presses_most(
    house: House, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (groups, mine):
        monkeypatch.setattr(module, "COUNTED_TO", 2)
    fanta, rows = signed_in(house.cast.fanta), [house.sent() for _ in range(3)]
    for days, row in zip((9, 7, 8), rows, strict=True):
        Referral.objects.filter(pk=row.pk).update(accept_by=timezone.now() + timedelta(days=days))
    page = fanta.get(MINE)
    assert {"plus de 2", "plus de 2 résultats"} <= set(re.findall(r"plus de 2(?: résultats)?", page.content.decode()))
    assert [row.pk for row in page.context["groups"][1]["rows"]] == [rows[1].pk, rows[2].pk]
    assert "plus de" not in fanta.get(f"{MINE}?groupe=late").content.decode()


def test_the_late_stand_in_the_order_of_the_commitment_that_is_over(house: House, signed_in: SignIn) -> None:
    unanswered, unaccepted, older = (house.sent() for _ in range(3))
    actions.accept(unanswered.pk, by=house.cast.fanta)
    now = timezone.now()
    for row, name, hours in ((unanswered, "answer_by", 2), (unaccepted, "accept_by", 1), (older, "accept_by", 3)):
        Referral.objects.filter(pk=row.pk).update(**{name: now - timedelta(hours=hours)})
    late = signed_in(house.cast.fanta).get(f"{MINE}?groupe=late").context["groups"][0]
    assert [row.pk for row in late["rows"]] == [older.pk, unanswered.pk, unaccepted.pk]


def test_several_are_accepted_at_once_under_one_person(house: House, signed_in: SignIn) -> None:
    fanta = signed_in(house.cast.fanta)
    mine, foreign = [house.sent(), house.sent()], house.sent(house.case(), house.wish("hcr", None))
    answer = fanta.post("/referrals/accepter/", {"referral": [row.pk for row in [*mine, foreign]]}, follow=True)
    assert "2 référencements acceptés." in answer.content.decode()
    states = dict(Referral.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in [*mine, foreign]] == ["accepted", "accepted", "sent"]


def test_work_under_way_is_given_to_a_colleague_who_sees_it(house: House, signed_in: SignIn) -> None:
    """One by its page, several from the list; never to who has another place, or is implicated in it."""
    issa, far = colleague(house, "issa"), colleague(house, "modibo")
    far.place_scope.set(Place.objects.filter(pcode="ML01"))
    one, other, implicating, waiting = house.sent(), house.sent(), house.sent(), house.sent()
    for row in (one, other, implicating):
        actions.accept(row.pk, by=house.cast.fanta)
    implicating.case.implicated_rows.create(user=issa)
    fanta = signed_in(house.cast.fanta)
    StaffNotice.objects.all().delete()

    page = fanta.post(f"/referrals/{one.pk}/assign/", {"seen": "accepted", "to": issa.pk}, follow=True)
    assert "Confié : la personne est prévenue." in page.content.decode()
    assert Referral.objects.get(pk=one.pk).responsible == issa
    assert list(StaffNotice.objects.values_list("person", flat=True)) == [issa.pk]
    assert AuditEntry.objects.filter(act="referrals.referral.assign", target_id=str(one.pk)).exists()
    assert fanta.post(f"/referrals/{one.pk}/assign/", {"seen": "accepted", "to": far.pk}).status_code == 422
    late = {"seen": "accepted", "held_by": house.cast.fanta.pk, "to": house.cast.fanta.pk}
    told = fanta.post(f"/referrals/{one.pk}/assign/", late, follow=True)
    assert "Quelqu'un d'autre vient d'agir" in unescape(told.content.decode())
    assert Referral.objects.get(pk=one.pk).responsible == issa
    for row, to in ((implicating, issa), (one, far), (one, house.cast.ibrahim), (waiting, issa)):
        with pytest.raises(Refused):
            actions.assign(row.pk, to, by=house.cast.fanta)
    with pytest.raises(Refused, match="C’est au destinataire"):
        actions.assign(one.pk, house.cast.fanta, by=house.cast.awa)

    ticked = {"referral": [other.pk, implicating.pk], "responsible": issa.pk}
    said = fanta.post("/referrals/confier/", ticked, follow=True).content.decode()
    assert "1 référencement confié à issa." in said
    assert f"{implicating.reference} : Personne d’autre de votre organisation ne peut le recevoir." in said
    assert (
        "Choisissez à qui les confier."
        in fanta.post("/referrals/confier/", {"responsible": "x"}, follow=True).content.decode()
    )
    held = dict(Referral.objects.values_list("pk", "responsible__name"))
    assert [held[row.pk] for row in (one, other, implicating)] == ["issa", "issa", "Fanta"]


def colleague(house: House, name: str) -> User:
    """One more focal point of NRC in Gao."""
    fanta = house.cast.fanta
    person: User = User.objects.create(
        email=f"{name}@{DOMAIN}", name=name, organisation=fanta.organisation, office=fanta.office
    )
    UserRole.objects.create(user=person, role=Role.FOCAL_POINT)
    return person


@pytest.mark.parametrize("name", ["adama", "djeneba", "robert", "coumba", "lassana", "hawa"])
def test_who_has_nothing_to_do_with_referrals_finds_no_page(house: House, signed_in: SignIn, name: str) -> None:
    client = signed_in(getattr(house.cast, name))
    referral = house.sent()
    for path in (MINE, f"/referrals/{referral.pk}/", f"/referrals/new/{referral.case_id}/"):
        assert client.get(path).status_code == 404


def scrub(answer: Any) -> bytes:
    """A page without what differs from one request to the next."""
    return re.sub(rb'nonce="[^"]*"|[0-9a-f-]{36}|value="\w{64}"|"X-CSRFToken": "\w+"', b"", answer.content)


def test_what_one_may_not_see_is_the_404_of_what_does_not_exist(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    ibrahim = signed_in(house.cast.ibrahim)
    hidden, absent = (ibrahim.get(f"/referrals/{pk}/") for pk in (referral.pk, uuid.uuid4()))
    assert hidden.status_code == absent.status_code == 404
    assert scrub(hidden) == scrub(absent)


def test_the_managers_page_is_that_of_figures(house: House, signed_in: SignIn) -> None:
    house.sent(house.case(), house.wish("hcr", None))
    mariam = signed_in(house.cast.mariam)
    assert mariam.get(MINE)["Location"] == reverse("referrals:statistics")
    page = mariam.get(reverse("referrals:statistics"))
    assert f'href="{MINE}"' not in page.content.decode().partition("</h1>")[0].partition("<main")[2], "no way to itself"
    assert page.context["own"].received == 1


def test_the_page_offers_what_can_be_done_and_says_why_not(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    fanta = signed_in(house.cast.fanta)
    context = fanta.get(f"/referrals/{referral.pk}/").context
    assert [offer.act.name for offer in context["main"] if offer.is_open] == ["accept", "ask", "answer"]
    actions.accept(referral.pk, by=house.cast.fanta)
    context = fanta.get(f"/referrals/{referral.pk}/").context
    assert [offer.act.name for offer in context["main"] if offer.is_open] == ["answer"]
    assert [str(offer.why_not) for offer in context["main"] if not offer.is_open] == [
        "c’est déjà fait.",
        "écrivez plutôt un message, ci-dessous.",
    ]


def test_the_four_buttons_have_their_keys(house: House, signed_in: SignIn) -> None:
    page = signed_in(house.cast.fanta).get(f"/referrals/{house.sent().pk}/").content.decode()
    keys = dict(re.findall(r'data-key="(\w)"[^>]*>([^<]+)<', page))
    assert keys == {"a": "Accepter", "n": "Pas pour nous…", "q": "Demander un complément", "r": "Répondre"}


def test_looking_is_not_receiving(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    signed_in(house.cast.fanta).get(f"/referrals/{referral.pk}/")
    assert Referral.objects.get(pk=referral.pk).state == "sent"


def test_an_act_moves_it_and_says_what_comes_next(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    fanta = signed_in(house.cast.fanta)
    page = fanta.post(f"/referrals/{referral.pk}/accept/", {"seen": "sent"}, follow=True)
    assert "le délai de réponse court" in page.content.decode()
    said = {"seen": "accepted", "kind": "response", "words": "Lundi, deux pompes."}
    page = fanta.post(f"/referrals/{referral.pk}/answer/", said, follow=True)
    assert "Lundi, deux pompes." in page.content.decode()
    assert Referral.objects.get(pk=referral.pk).state == "answered"


def test_a_form_that_is_refused_keeps_what_was_typed(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    said = {"seen": "sent", "kind": "unsuccessful", "words": "Nous avons essayé."}
    page = signed_in(house.cast.fanta).post(f"/referrals/{referral.pk}/answer/", said)
    assert page.status_code == 422
    assert "Nous avons essayé." in page.content.decode()
    assert Referral.objects.get(pk=referral.pk).state == "sent"


def test_whoever_comes_second_is_told(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    actions.accept(referral.pk, by=house.cast.fanta)
    said = {"seen": "sent", "kind": "response", "words": "Ma réponse"}
    page = signed_in(house.cast.fanta).post(f"/referrals/{referral.pk}/answer/", said)
    assert page.status_code == 409
    assert "Quelqu" in page.content.decode()
    assert "Ma réponse" in page.content.decode()
    assert Referral.objects.get(pk=referral.pk).state == "accepted"


def test_the_chain_is_asked_once_and_its_branches_are_drawn(
    house: House, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    """As many questions for five hops as for one; what goes two ways stands under where it parted."""
    case, awa = house.case(), signed_in(house.cast.awa)
    first = last = house.sent(case)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert awa.get(f"/referrals/{first.pk}/").status_code == 200
        return len(queries)

    actions.refuse(first.pk, code="HORS_MANDAT", by=house.cast.fanta)
    asked()
    one = asked()
    for _number in range(4):
        last = actions.forward(last.pk, house.wish(), by=house.cast.awa)
        actions.refuse(last.pk, code="HORS_MANDAT", by=house.cast.fanta)
    assert asked() == one
    second = hops_in(chain_of(first))[1]
    actions.forward(second.pk, house.wish("hcr", None), by=house.cast.awa)
    assert asked() == one
    last = Referral.objects.select_related("case").get(pk=last.pk)
    with django_assert_num_queries(1):
        chain = chain_of(last)
    assert [len(chain), [len(branch) for branch in chain[-1].branches]] == [2, [3, 1]]
    page = awa.get(f"/referrals/{last.pk}/").content.decode()
    drawn = page[page.index('id="chain"') :]
    assert drawn[: drawn.index("</section>")].count('<ol class="chain">') == 3
    assert drawn.count('aria-current="step"') == 1


def test_an_unknown_act_is_a_404(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    assert signed_in(house.cast.fanta).post(f"/referrals/{referral.pk}/send/").status_code == 404


def test_not_us_opens_on_who_is_competent_and_one_click_sends_it_on(house: House, signed_in: SignIn) -> None:
    referral = house.sent(house.case(concerned=house.cast.organisations["hcr"]))
    fanta, awa = signed_in(house.cast.fanta), signed_in(house.cast.awa)
    page = fanta.get(f"/referrals/{referral.pk}/pas-pour-nous/")
    assert "organisation concernée" in page.content.decode()
    hcr = house.cast.organisations["hcr"]
    fanta.post(f"/referrals/{referral.pk}/pas-pour-nous/", {"code": "HORS_MANDAT", "competent": hcr.pk, "note": ""})
    page = awa.get(f"/referrals/{referral.pk}/plus-loin/")
    form = {"once": uuid.uuid4(), "receiver": str(hcr.pk), "priority": "normal"}
    sent = awa.post(f"/referrals/{referral.pk}/plus-loin/", form, follow=True)
    assert "Transmis à HCR. Réponse attendue avant le" in sent.content.decode()
    hop = Referral.objects.get(previous=referral)
    assert (hop.receiver, hop.state) == (hcr, "sent")
    assert [row.pk for row in hops_in(sent.context["chain"])] == [referral.pk, hop.pk]


def test_a_case_is_sent_in_one_click_once_however_often_it_is_posted(house: House, signed_in: SignIn) -> None:
    case = house.case(concerned=house.cast.organisations["nrc"])
    awa = signed_in(house.cast.awa)
    page = awa.get(f"/referrals/new/{case.pk}/")
    best = page.context["suggestions"][0]
    assert best.organisation == house.cast.organisations["nrc"]
    form = {
        "once": page.context["form"]["once"].value(),
        "receiver": best.key,
        "priority": "normal",
        "request": "Réparer",
    }
    for _ in range(2):
        assert awa.post(f"/referrals/new/{case.pk}/", form).status_code == 302
    assert Referral.objects.filter(case=case, level=Level.MATTER, state="sent").count() == 1


def test_consent_is_asked_in_the_persons_language_unless_said_otherwise(house: House, signed_in: SignIn) -> None:
    case, awa = house.case(), signed_in(house.cast.awa)
    for language in ("ful", "not_said"):
        Case.objects.filter(pk=case.pk).update(language=language)
        key = str(house.cast.organisations["hcr"].pk)
        for said in ({"person": key}, {"to-several": "ask", "several": [key]}):
            form = awa.post(f"/referrals/new/{case.pk}/", said).context["form"]
            assert form["language"].value() == language


def test_level_2_asks_its_question_and_notes_who_said_what(house: House, signed_in: SignIn) -> None:
    case, nrc = house.case(), house.cast.organisations["nrc"]
    awa = signed_in(house.cast.awa)
    key = f"{nrc.pk}:{house.cast.offices['nrc_gao'].pk}"
    page = awa.post(f"/referrals/new/{case.pk}/", {"person": key, "request": "Réparer", "priority": "urgent"})
    assert "À NRC Gao, pouvons-nous dire" in page.content.decode()
    assert page.context["form"]["request"].value() == "Réparer"
    form = {"once": uuid.uuid4(), "receiver": key, "priority": "normal", "answer": "given", "level2": "1"}
    form |= {"teller": "sender"}
    refused = awa.post(f"/referrals/new/{case.pk}/", form)
    assert refused.status_code == 422
    assert not Consent.objects.exists()
    form |= {"words": "on", "name": "on", "method": "oral", "giver": "self", "language": "bam"}
    refused = awa.post(f"/referrals/new/{case.pk}/", form)
    assert "Écrivez son nom" in refused.content.decode()
    assert not Consent.objects.exists()
    awa.post(f"/referrals/new/{case.pk}/", form | {"given_name": "Aminata Cissé"})
    consent = Consent.objects.get()
    assert (consent.scope_words, consent.scope_contact, consent.method, consent.giver) == (True, False, "oral", "self")
    assert (consent.scope_name, Case.objects.get(pk=case.pk).unsealed("name")) == (True, "Aminata Cissé")
    assert Referral.objects.get(case=case).level == Level.PERSON


def test_the_persons_words_are_shown_once_allowed_and_the_reading_is_audited(house: House, signed_in: SignIn) -> None:
    case = house.case(words="Le puits est en panne depuis jeudi.")
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    fanta = signed_in(house.cast.fanta)
    page = f"/referrals/{referral.pk}/"
    assert "depuis jeudi" not in fanta.get(page).content.decode()
    assert not AuditEntry.objects.filter(act="referrals.referral.read").exists()
    actions.accept(referral.pk, by=house.cast.fanta)
    assert "depuis jeudi" in fanta.get(page).content.decode()
    assert AuditEntry.objects.filter(act="referrals.referral.read", actor_id=str(house.cast.fanta.pk)).count() == 1


def test_the_senders_withdrawal_of_consent_closes_the_page_to_the_receiver(house: House, signed_in: SignIn) -> None:
    case = house.case()
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    fanta, awa = signed_in(house.cast.fanta), signed_in(house.cast.awa)
    assert fanta.post(f"/referrals/{referral.pk}/accord-retire/").status_code == 404
    awa.post(f"/referrals/{referral.pk}/accord-retire/")
    text = fanta.get(f"/referrals/{referral.pk}/").content.decode()
    assert "Retiré par l’émetteur" in text
    assert referral.summary not in text
    fanta.post(f"/referrals/{referral.pk}/effacement/")
    assert Referral.objects.get(pk=referral.pk).erasure_confirmed_at is not None


def test_implicated_receivers_are_neither_suggested_nor_sent_to(house: House, signed_in: SignIn) -> None:
    case = house.case(concerned=house.cast.organisations["nrc"])
    CaseImplicated.objects.create(case=case, organisation=house.cast.organisations["nrc"])
    awa = signed_in(house.cast.awa)
    page = awa.get(f"/referrals/new/{case.pk}/")
    assert not any("NRC" in label for _key, label in page.context["form"].fields["other"].choices)
    assert "nrc" not in {one.organisation.acronym.lower() for one in page.context["suggestions"]}
    form = {"once": uuid.uuid4(), "receiver": str(house.cast.organisations["nrc"].pk), "priority": "normal"}
    assert awa.post(f"/referrals/new/{case.pk}/", form).status_code == 422
    assert not Referral.objects.exists()


def test_another_receiver_is_chosen_from_the_list(house: House, signed_in: SignIn) -> None:
    case, awa = house.case(), signed_in(house.cast.awa)
    form = {"once": uuid.uuid4(), "receiver": "other", "other": "", "priority": "normal", "request": "Réparer la pompe"}
    nobody = awa.post(f"/referrals/new/{case.pk}/", form)
    assert nobody.status_code == 422
    assert "Réparer la pompe" in nobody.content.decode()
    form["other"] = str(house.cast.organisations["hcr"].pk)
    assert awa.post(f"/referrals/new/{case.pk}/", form).status_code == 302
    assert Referral.objects.get(case=case).receiver == house.cast.organisations["hcr"]


# -- protecting what one reads there ---------------------------------------------------------------------------------


def protecting(referral: Referral) -> str:
    return reverse("referrals:protect", args=[referral.pk])


def sealed_count() -> int:
    return SealedCase.objects.using("vault").count()


def test_a_receiver_who_reads_the_words_protects_them(house: House, signed_in: SignIn, recovery_key: bytes) -> None:
    """Fanta's organisation is not concerned: the case itself does not exist for her."""
    case = house.case(words="Mots qui n’auraient pas dû partir.")
    allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.accept(referral.pk, by=house.cast.fanta)
    fanta, awa = signed_in(house.cast.fanta), signed_in(house.cast.awa)
    assert fanta.post(reverse("referrals:case_protect", args=[case.pk])).status_code == 404
    page = fanta.get(reverse("referrals:referral", args=[referral.pk])).content.decode()
    assert "Mots qui n’auraient pas" in page
    assert protecting(referral) in page
    assert signed_in(house.cast.oumar).post(protecting(referral)).status_code == 404, "of another office"

    done = fanta.post(protecting(referral), follow=True)
    assert "les personnes de garde l’ont reçu" in done.content.decode()
    assert (Case.objects.get(pk=case.pk).state, sealed_count()) == ("protected", 1)
    trail = AuditEntry.objects.filter(actor_id=str(house.cast.fanta.pk)).values_list("act", flat=True)
    assert {"referrals.referral.read", "feedback.case.protect"} <= set(trail)
    for reader in (fanta, awa):
        page = reader.get(reverse("referrals:referral", args=[referral.pk])).content.decode()
        assert "Retiré par l’émetteur" in page
        assert protecting(referral) not in page
    # the second, and whoever comes once the sender took it back, are told the same
    recalled = house.sent()
    actions.recall(recalled.pk, reason="error", by=house.cast.awa)
    told = {
        fanta.post(protecting(row), follow=True).content.decode().count("a été retiré") for row in (referral, recalled)
    }
    assert told == {1}
    assert (Case.objects.get(pk=recalled.case_id).state, sealed_count()) == ("triaged", 1)


def test_whoever_sent_or_reads_the_summary_alone_may_protect_it_too(
    house: House, signed_in: SignIn, recovery_key: bytes
) -> None:
    for person in (house.cast.fanta, house.cast.awa):
        referral = house.sent()
        assert signed_in(person).post(protecting(referral)).status_code == 302
        assert Case.objects.get(pk=referral.case_id).state == "protected", person


def test_of_a_restricted_matter_its_receiver_protects_and_finds_it_withdrawn(
    house: House, signed_in: SignIn, recovery_key: bytes
) -> None:
    named = User.objects.create(email="nommee@jaabi.example", name="N", organisation=house.cast.organisations["nrc"])
    named.role_rows.create(role="integrity_focal_point")
    referral = house.sent(house.case("FRAUDE"), house.wish(office=None), by=house.cast.salif)
    assert signed_in(house.cast.oumar).post(protecting(referral)).status_code == 404
    page = signed_in(named).post(protecting(referral), follow=True)
    assert page.request["PATH_INFO"] == f"/referrals/{referral.pk}/"
    assert "Retiré par l’émetteur" in page.content.decode()
    assert (Case.objects.get(pk=referral.case_id).state, sealed_count()) == ("protected", 1)
