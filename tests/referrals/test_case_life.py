"""The page of a case tells its whole life: what the case knows, and the steps of its referrals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.actors import PERSON
from core.transitions import Refused
from directory.models import User
from feedback import actions as feedback
from feedback.actions.person import add_words
from feedback.models import Case, CaseImplicated
from feedback.timeline import events
from referrals import actions
from referrals.actions.asking import person_agreed
from referrals.case_life import hops_of, whole_life
from referrals.enums import Level
from referrals.late import flag_late
from referrals.models import Consent, Referral
from referrals.timeline import chain_of, hops_in
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow

SignIn = Callable[[Any], Client]
NOTE = "Notre zone s’arrête à Ansongo."


def refused_then_answered(house: House) -> Any:
    """Sent to HCR, who is not competent, then to NRC, who answers."""
    first = house.sent(wish=house.wish("hcr", None))
    actions.refuse(first.pk, code="out_of_mandate", note=NOTE, by=house.cast.ibrahim)
    second = actions.forward(first.pk, house.wish(), by=house.cast.awa)
    actions.answer(second.pk, kind="response", words="Le puits est réparé.", by=house.cast.fanta)
    return first.case


def test_the_whole_life_holds_the_chain_and_the_answer_newest_first(house: House) -> None:
    case = refused_then_answered(house)
    hops = hops_of(case, house.cast.awa)
    assert [hop.referral.receiver.acronym for hop in hops] == ["HCR", "NRC"]
    life = whole_life(hops, events(case, with_words=True))
    moments = [event["when"] for event in life]
    assert moments == sorted(moments, reverse=True)
    titles = [event["title"] for event in life]
    for act, hop in (("« Pas pour nous »", hops[0]), ("Répondu", hops[1])):
        assert f"{act} · {hop.referral.reference}" in titles
    assert "Référé à une organisation" not in titles


def test_a_case_without_referrals_keeps_its_own_events(house: House) -> None:
    case = house.case()
    own = events(case, with_words=True)
    assert hops_of(case, house.cast.awa) == []
    assert whole_life([], own) == own


def test_who_stands_on_no_side_sees_who_had_it_and_not_what_was_written(house: House) -> None:
    case = refused_then_answered(house)
    life = whole_life(hops_of(case, house.cast.oumar), events(case, with_words=False))
    assert any(event["title"].startswith("« Pas pour nous »") for event in life)
    said = {event["text"] for event in life if " · R-" in event["title"]}
    assert said == {"", "à HCR", "à NRC Gao"}
    assert not any(NOTE in event.get("text", "") for event in life)
    assert [hop.is_theirs for hop in hops_of(case, house.cast.oumar)] == [False, False]


def test_the_page_shows_it_with_links(house: House, signed_in: SignIn) -> None:
    case = refused_then_answered(house)
    page = signed_in(house.cast.awa).get(f"/cases/{case.pk}/").content.decode()
    assert NOTE in page
    for hop in hops_of(case, house.cast.awa):
        assert f'href="/referrals/{hop.referral.pk}/"' in page
    assert page.index('id="life"') < page.index('id="acts"')


def test_the_page_takes_as_many_queries_for_a_long_life_as_for_a_short_one(house: House, signed_in: SignIn) -> None:
    first = house.sent(wish=house.wish("hcr", None))
    actions.ask(first.pk, words="Quel quartier ?", by=house.cast.ibrahim)
    add_words(first.case_id, source_key="once", words="Toujours rien.", channel="sms")
    late = house.at + timedelta(days=30)
    flag_late(late)
    client, address = signed_in(house.cast.awa), f"/cases/{first.case_id}/"

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    short = queries()
    actions.reply(first.pk, words="Au nord.", by=house.cast.awa)
    actions.refuse(first.pk, code="out_of_mandate", note=NOTE, by=house.cast.ibrahim)
    for _ in range(3):
        hop = actions.forward(first.pk, house.wish(), by=house.cast.awa)
        actions.ask(hop.pk, words="Depuis quand ?", by=house.cast.fanta)
        flag_late(late)
        actions.recall(hop.pk, reason="other", by=house.cast.awa)
    last = actions.forward(first.pk, house.wish(), by=house.cast.awa)
    actions.accept(last.pk, by=house.cast.fanta)
    for number in range(3):
        add_words(first.case_id, source_key=f"again:{number}", words="Toujours rien.", channel="sms")
    assert queries() == short


# -- joined and shared cases -----------------------------------------------------------------------------------------


def test_the_case_that_stays_tells_the_life_of_what_was_joined_to_it(house: House, signed_in: SignIn) -> None:
    oldest, middle, kept = refused_then_answered(house), house.case(words="La pompe ne marche plus."), house.case()
    for duplicate, into in ((oldest, middle), (middle, kept)):
        feedback.merge(duplicate.pk, into_id=into.pk, by=house.cast.awa)
    response = signed_in(house.cast.awa).get(f"/cases/{kept.pk}/")
    assert {one.pk for one in response.context["joined"]} == {oldest.pk, middle.pk}
    titles = [event["title"] for event in response.context["life"]]
    assert f"Réuni à un autre dossier · {Case.objects.get(pk=middle.pk).reference}" in titles
    assert "Trié" in titles
    assert f"Trié · {oldest.reference}" in titles
    assert [hop.referral.receiver.acronym for hop in response.context["hops"]] == ["HCR", "NRC"]
    assert NOTE in response.content.decode()
    own = signed_in(house.cast.awa).get(f"/cases/{oldest.pk}/")
    assert f"/cases/{middle.pk}/" in own.content.decode(), "and the duplicate keeps its own page, with the way on"


def test_who_may_not_read_the_duplicate_reads_nothing_of_it_on_the_other(house: House, signed_in: SignIn) -> None:
    nrc = house.cast.organisations["nrc"]
    duplicate, kept = house.case(), house.case(concerned=nrc)
    actions.refuse(
        house.sent(duplicate, house.wish("hcr", None)).pk, code="HORS_ZONE", note=NOTE, by=house.cast.ibrahim
    )
    feedback.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
    response = signed_in(house.cast.oumar).get(f"/cases/{kept.pk}/")
    assert (response.context["joined"], response.context["hops"]) == ([], [])
    assert duplicate.reference not in response.content.decode()


def test_a_page_takes_as_many_queries_for_five_duplicates_as_for_one(house: House, signed_in: SignIn) -> None:
    kept, client = house.case(), signed_in(house.cast.awa)
    counts = []
    for _number in range(5):
        duplicate = refused_then_answered(house)
        feedback.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
        client.get(f"/cases/{kept.pk}/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/cases/{kept.pk}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[-1]


def test_a_consent_opens_the_words_of_who_gave_it_also_after_their_case_was_joined_to_another(
    house: House, fresh: Callable[[Referral], Referral], signed_in: SignIn
) -> None:
    duplicate, kept = house.case(words="Mots du doublon"), house.case(words="Mots de l’autre personne")
    consent = allow(house, duplicate.pk, words=True, contact=True)
    referral = house.sent(duplicate, house.wish(level=Level.PERSON))
    feedback.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert fresh(referral).case_id == kept.pk
    for path in ("", "fiche/"):
        page = signed_in(house.cast.fanta).get(f"/referrals/{referral.pk}/{path}").content.decode()
        assert "Mots du doublon" in page
        assert "autre personne" not in page
    feedback.withdraw(duplicate.pk, by=house.cast.awa)
    assert (fresh(referral).state, fresh(referral).erasure_asked_at is not None) == ("recalled", True)
    assert Consent.objects.get(pk=consent.pk).status == "withdrawn"


def test_who_answers_by_sms_after_the_merge_consents_for_themselves(house: House, fresh: Any) -> None:
    duplicate, kept = house.case(), house.case()
    Case.objects.filter(pk=duplicate.pk).update(safe_contact="sms")
    referral = house.sent(duplicate)
    question = uuid.uuid4()
    actions.ask_consent(referral.pk, pk=question, by=house.cast.awa)
    feedback.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
    person_agreed(question, by=PERSON, at=house.at)
    assert (fresh(referral).level, Consent.objects.get().case_id) == (Level.PERSON, duplicate.pk)


def test_a_merge_neither_crosses_lanes_nor_loses_whom_a_case_implicates(house: House) -> None:
    ordinary, integrity, security = house.case(), house.case("FRAUDE"), house.case("SECU")
    house.cast.awa.role_rows.create(role="integrity_focal_point")
    house.cast.awa.role_rows.create(role="security_focal_point")
    awa = User.objects.get(pk=house.cast.awa.pk)
    for one, other in ((ordinary, integrity), (integrity, ordinary), (integrity, security)):
        with pytest.raises(Refused, match="du même circuit"):
            feedback.merge(one.pk, into_id=other.pk, by=awa)
    named, other = house.case(), house.case()
    CaseImplicated.objects.create(case=named, user=house.cast.ibrahim)
    with pytest.raises(Refused, match="met en cause"):
        feedback.merge(named.pk, into_id=other.pk, by=awa)
    feedback.merge(other.pk, into_id=named.pk, by=awa)
    assert Case.objects.get(pk=other.pk).state == "merged"


def test_whom_the_case_that_stays_implicates_loses_what_it_held_of_the_duplicate(house: House, fresh: Any) -> None:
    duplicate, kept = house.case(), house.case()
    CaseImplicated.objects.create(case=kept, organisation=house.cast.organisations["nrc"])
    referral = house.sent(duplicate)
    feedback.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
    assert (fresh(referral).state, fresh(referral).case_id) == ("recalled", duplicate.pk)


def test_a_merge_is_confirmed_and_a_wrong_reference_is_said(house: House, signed_in: SignIn) -> None:
    kept, duplicate, restricted = house.case(), house.case(), house.case("FRAUDE")
    client = signed_in(house.cast.awa)
    page = client.get(f"/cases/{duplicate.pk}/").content.decode()
    assert "Cela ne se défait pas." in page
    for wrong in (restricted.reference, "ZZZ-ZZZ"):
        answer = client.post(f"/cases/{duplicate.pk}/merge/", {"into": wrong, "seen": "triaged", "back": "case"})
        assert (answer.status_code, wrong in answer.content.decode()) == (409, True)
    stale = client.post(f"/cases/{duplicate.pk}/merge/", {"into": kept.reference, "seen": "new", "back": "case"})
    assert stale.status_code == 409
    assert Case.objects.get(pk=duplicate.pk).merged_into is None


def test_hops_that_part_and_go_on_are_drawn_in_order(house: House) -> None:
    first = house.sent(wish=house.wish("hcr", None))
    actions.refuse(first.pk, code="HORS_ZONE", by=house.cast.ibrahim)
    house.cast.hawa.role_rows.create(role="focal_point")
    to_pam = actions.forward(first.pk, house.wish("pam", None), by=house.cast.awa)
    to_nrc = actions.forward(first.pk, house.wish(), by=house.cast.awa)
    actions.refuse(to_nrc.pk, code="SANS_CAPACITE", by=house.cast.fanta)
    last = actions.forward(to_nrc.pk, house.wish("nrc", "nrc_bamako"), by=house.cast.awa)
    chain = [first.pk, to_pam.pk, to_nrc.pk, last.pk]
    assert [one.pk for one in hops_in(chain_of(Referral.objects.get(pk=to_pam.pk)))] == chain
    assert [hop.referral.pk for hop in hops_of(first.case, house.cast.awa)] == chain
