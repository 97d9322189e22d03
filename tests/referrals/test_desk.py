from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from feedback import actions
from feedback import queue as waiting
from feedback.actions.danger import raise_danger
from feedback.actions.person import add_words
from feedback.enums import CaseState, SafeContact
from feedback.models import Case, ReadyAnswer
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.conftest import recovery_key
from tests.feedback.making import SUMMARY, WORDS, made_case, place, sorted_case

__all__ = ["recovery_key"]

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]
DESK = "/cases/"
NO = {"safety": "no", "category": "INSAT_MIN", "summary": SUMMARY, "priority": "normal"}


def address(case: Case, name: str = "case") -> str:
    return reverse(f"referrals:{name}", args=[case.pk])


def page(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def profile(**changes: str) -> dict[str, str]:
    told = dict.fromkeys(["sex", "age_group", "disability", "population_status", "language"], "not_said")
    return {**told, "seen": "new", **NO, **changes}


def test_the_oldest_unread_case_lies_open_with_its_words(cast: Cast, signed_in: SignIn) -> None:
    made_case()
    content = page(signed_in(cast.awa), DESK)
    assert WORDS in content
    assert content.index("EAS, VBG ou enfant en danger") < content.index("INSAT_MIN")


def test_the_title_and_address_of_a_case_say_nothing(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    content = page(signed_in(cast.awa), address(case))
    title = content[content.index("<title>") : content.index("</title>")]
    assert case.reference not in title
    assert SUMMARY not in title


def test_the_queue_takes_as_many_queries_for_three_cases_as_for_one(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)

    def queries() -> int:
        sorted_case(cast.awa, place=place("ML0703"), about={"concerned": cast.organisations["hcr"]})
        opened = {"liste": "tous", "dossier": str(Case.objects.latest("received_at").pk)}
        client.get(DESK, opened)
        with CaptureQueriesContext(connection) as captured:
            client.get(DESK, opened)
        return len(captured)

    counts = [queries() for _ in range(3)]
    assert counts[0] == counts[2]
    assert counts[0] < 40


def test_urgent_stands_before_normal_and_danger_before_both(cast: Cast, signed_in: SignIn) -> None:
    """The older first where both are as urgent."""
    wanted = ["urgent", "normal", "normal", "emergency", "urgent"]
    made = [sorted_case(cast.awa, about={"priority": priority}) for priority in wanted]
    in_danger = sorted_case(cast.awa)
    now = timezone.now()
    for age, case in enumerate([*made, in_danger]):
        Case.objects.filter(pk=case.pk).update(received_at=now - timedelta(minutes=60 - age))
    raise_danger(Case.objects.get(pk=in_danger.pk), at=now)
    shown = [case.pk for case in signed_in(cast.awa).get(DESK, {"liste": "a-repondre"}).context["page"]]
    assert shown == [in_danger.pk, *(made[number].pk for number in (3, 0, 4, 1, 2))]


def test_triage_leads_to_the_next_case(cast: Cast, signed_in: SignIn) -> None:
    first, second = made_case(), made_case()
    client = signed_in(cast.awa)
    response = client.post(address(first, "case_triage"), {**profile(), "back": "desk", "then": "next"}, follow=True)
    assert Case.objects.get(pk=first.pk).state == CaseState.TRIAGED
    assert response.context["case"] == second
    assert "Trié" in response.content.decode()


@pytest.mark.parametrize("answers", [{"safety": "unsure"}, {"safety": "yes", "danger": "sea"}])
def test_yes_and_unsure_go_to_the_vault(
    cast: Cast, signed_in: SignIn, recovery_key: bytes, answers: dict[str, str]
) -> None:
    case = made_case()
    signed_in(cast.awa).post(address(case, "case_triage"), {**profile(), **answers, "back": "desk"})
    assert Case.objects.get(pk=case.pk).state == CaseState.PROTECTED
    assert SealedCase.objects.using("vault").count() == 1


def test_gbv_leaves_the_desk_for_the_protection_focal_point(cast: Cast, signed_in: SignIn) -> None:
    case = made_case()
    client = signed_in(cast.awa)
    answers = {**profile(category="", summary=""), "safety": "yes", "danger": "gbv", "back": "desk"}
    client.post(address(case, "case_triage"), answers)
    assert client.get(address(case)).status_code == 404
    assert WORDS in page(signed_in(cast.kadia), address(case))


def test_a_restricted_page_is_audited_when_read(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, "FRAUDE")
    page(signed_in(cast.salif), address(case))
    reads = AuditEntry.objects.filter(act="feedback.case.read", target_id=str(case.pk))
    assert [entry.actor_id for entry in reads] == [str(cast.salif.pk)]


def test_yes_without_saying_what_asks_and_keeps_what_was_typed(cast: Cast, signed_in: SignIn) -> None:
    case = made_case()
    answers = profile(safety="yes", summary="Une ligne à garder")
    response = signed_in(cast.awa).post(address(case, "case_triage"), answers)
    assert response.status_code == 422
    assert "Une ligne à garder" in response.content.decode()
    assert Case.objects.get(pk=case.pk).state == CaseState.NEW


@pytest.mark.parametrize("summary", ["Appeler au 76 12 34 56", "Agent demande de coucher avec lui pour la liste"])
def test_a_summary_holds_no_number_and_no_sea(cast: Cast, signed_in: SignIn, summary: str) -> None:
    case = made_case()
    response = signed_in(cast.awa).post(address(case, "case_triage"), profile(summary=summary))
    assert response.status_code == 422
    assert Case.objects.get(pk=case.pk).summary == ""


def test_somebody_was_faster_and_what_was_typed_is_kept(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    answers = profile(summary="Mon propre résumé")
    response = signed_in(cast.awa).post(address(case, "case_triage"), answers)
    content = response.content.decode()
    assert response.status_code == 409
    assert "Quelqu’un d’autre" in content or "Quelqu&#x27;un d&#x27;autre" in content
    assert "Mon propre résumé" in content
    assert Case.objects.get(pk=case.pk).summary == SUMMARY


def test_an_answer_from_the_library_leaves_as_it_is(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    ready = ReadyAnswer.objects.create(title="Horaires", words="Ouvert de 8 h a 16 h.", category=case.category)
    client = signed_in(cast.awa)
    assert "Horaires" in page(client, address(case))
    client.post(address(case, "case_answer"), {"ready_answer": ready.pk, "kind": "response", "seen": "triaged"})
    assert Case.objects.get(pk=case.pk).latest_answer.unsealed("words") == ready.words  # type: ignore[union-attr]


def test_the_counters_say_what_waits(cast: Cast, signed_in: SignIn) -> None:
    made_case()
    sorted_case(cast.awa, "A_CLARIFIER")
    told = sorted_case(cast.awa, safe_contact=SafeContact.CALL)
    actions.answer(told.pk, words="Lundi.", by=cast.awa)
    response = signed_in(cast.awa).get(DESK)
    counts = {counter.name: counter.count for counter in response.context["counters"]}
    assert counts == {"a-trier": 1, "nouveaux-messages": 0, "a-rappeler": 1, "a-dire": 1, "a-repondre": 0}


def test_a_counter_stops_where_nobody_would_count(
    cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "WAITING_COUNTED_TO", 2)
    client = signed_in(cast.awa)
    for shown in ("<b>1</b>", "<b>2</b>", "<b>plus de 2</b>", "<b>plus de 2</b>"):
        made_case()
        assert f"{shown} à trier" in client.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("a-trier", {"new"}),
        ("a-rappeler", {"triaged"}),
        ("a-repondre", {"triaged"}),
        ("a-dire", {"answered"}),
        ("a-clore", {"answered"}),
        ("clos", {"closed"}),
        ("tous", {"new", "triaged", "answered", "closed"}),
    ],
)
def test_each_list_holds_its_own(cast: Cast, signed_in: SignIn, name: str, states: set[str]) -> None:
    made_case()
    sorted_case(cast.awa)
    sorted_case(cast.awa, "A_CLARIFIER")
    for way in (SafeContact.CALL, SafeContact.WEB):
        actions.answer(sorted_case(cast.awa, phone="", safe_contact=way).pk, words="Lundi.", by=cast.awa)
    actions.close_because(made_case().pk, because="thanks", by=cast.awa)
    response = signed_in(cast.awa).get(DESK, {"liste": name})
    assert {case.state for case in response.context["page"]} == states
    expected = 6 if name == "tous" else 1
    assert response.context["page"].paginator.count == expected


def test_the_search_reads_summaries_and_no_words(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    client = signed_in(cast.awa)
    found = client.get(DESK, {"liste": "tous", "q": "Forage en panne"}).context["page"]
    by_words = client.get(DESK, {"liste": "tous", "q": "quartier"}).context["page"]
    assert ([one.pk for one in found], list(by_words)) == ([case.pk], [])


def test_the_contact_is_masked_until_asked_for_and_each_look_is_noted(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    client = signed_in(cast.awa)
    assert "+22300000021" not in page(client, address(case))
    shown = client.post(address(case, "case_contact"))
    assert "+22300000021" in shown.content.decode()
    assert AuditEntry.objects.filter(act="feedback.case.reveal_contact", actor_id=str(cast.awa.pk)).count() == 1


def test_one_line_of_time_tells_it_all(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, safe_contact=SafeContact.CALL)
    actions.answer(case.pk, words="Le forage sera réparé.", by=cast.awa)
    actions.tell_person(case.pk, how="call", settled="no", by=cast.awa)
    titles = [event["title"] for event in signed_in(cast.awa).get(address(case)).context["life"]]
    assert set(titles) >= {"Dit par SMS", "Trié", "Réponse", "La personne dit : pas réglé", "Rouvert"}


def test_protect_asks_once_and_the_case_is_gone(cast: Cast, signed_in: SignIn, recovery_key: bytes) -> None:
    case = sorted_case(cast.awa)
    client = signed_in(cast.awa)
    assert "Oui, protéger" in page(client, address(case))
    response = client.post(address(case, "case_protect"), {"seen": "triaged"}, follow=True)
    assert response.status_code == 200
    assert client.get(address(case)).status_code == 404
    assert SealedCase.objects.using("vault").count() == 1


@pytest.mark.parametrize("name", ["oumar", "mariam", "aminata", "lassana", "djeneba", "robert", "adama"])
def test_the_desk_does_not_exist_for_others(cast: Cast, signed_in: SignIn, name: str) -> None:
    case = made_case()
    client = signed_in(getattr(cast, name))
    assert client.get(DESK).status_code == 404
    assert client.get(address(case)).status_code == 404
    assert client.post(address(case, "case_protect"), {}).status_code == 404


def test_a_strange_list_or_case_in_the_address_is_no_error(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    assert client.get(DESK, {"liste": "\x00", "page": "zz", "q": "\x00%"}).status_code == 200
    assert client.get(DESK, {"dossier": "zz"}).status_code == 404


def test_unread_words_are_marked_read_by_a_button_and_not_by_looking(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    Case.objects.filter(pk=case.pk).update(has_unread_words=True)
    client = signed_in(cast.awa)
    page(client, address(case))
    assert Case.objects.get(pk=case.pk).has_unread_words
    client.post(address(case, "case_read"))
    assert not Case.objects.get(pk=case.pk).has_unread_words


AGAIN = "Le puits aussi est a sec maintenant"


def test_new_words_on_a_case_under_way_are_seen_at_the_desk_until_read(cast: Cast, signed_in: SignIn) -> None:
    case, other = sorted_case(cast.awa), sorted_case(cast.awa)
    add_words(case.pk, source_key="again", words=AGAIN, channel="sms")
    client = signed_in(cast.awa)
    response = client.get(DESK, {"liste": "nouveaux-messages"})
    content = response.content.decode()
    assert [one.pk for one in response.context["page"]] == [case.pk]
    assert "nouveau message" in content[: content.index('id="open"')]
    assert AGAIN in content[content.index('id="open"') :]
    assert "non lu" in page(client, address(case))

    said = case.messages.get()
    client.post(address(case, "case_read"), {"message": [str(said.pk)]})
    assert list(client.get(DESK, {"liste": "nouveaux-messages"}).context["page"]) == []
    assert "nouveau message" not in page(client, DESK, liste="tous", dossier=str(case.pk))
    assert "non lu" not in page(client, address(case))
    assert AGAIN in page(client, address(case))
    assert AGAIN not in page(client, address(other))


def test_what_comes_while_somebody_reads_stays_new(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    seen = add_words(case.pk, source_key="again", words=AGAIN, channel="sms")
    later = add_words(case.pk, source_key="later", words="Venez vite.", channel="sms")
    signed_in(cast.awa).post(address(case, "case_read"), {"message": [str(seen.pk), "zz"]})
    assert Case.objects.get(pk=case.pk).has_unread_words
    assert case.messages.get(is_unread=True) == later


def test_whoever_sorts_has_all_of_it_before_them(cast: Cast, signed_in: SignIn) -> None:
    case = made_case()
    add_words(case.pk, source_key="again", words=AGAIN, channel="sms")
    client = signed_in(cast.awa)
    assert AGAIN in page(client, DESK)
    client.post(address(case, "case_triage"), profile())
    assert not case.messages.filter(is_unread=True).exists()


def test_new_words_are_not_shown_to_who_may_not_read_them(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, about={"concerned": cast.organisations["hcr"]})
    add_words(case.pk, source_key="again", words=AGAIN, channel="sms")
    assert AGAIN not in page(signed_in(cast.ibrahim), address(case))


def test_the_concerned_organisation_reads_the_summary_and_neither_words_nor_contact(
    cast: Cast, signed_in: SignIn
) -> None:
    case = sorted_case(cast.awa, about={"concerned": cast.organisations["hcr"]}, place_said="près du puits")
    actions.write_down(case.pk, pk=case.pk, words="Et aussi la pompe", direction="in", by=cast.awa)
    client = signed_in(cast.ibrahim)
    content = page(client, address(case))
    assert SUMMARY in content
    assert [text for text in (WORDS, "près du puits", "Et aussi la pompe", "+22300000021") if text in content] == []
    assert client.post(address(case, "case_contact")).status_code == 404
    assert not AuditEntry.objects.filter(act="feedback.case.reveal_contact").exists()


def test_the_organisation_that_collected_it_reads_the_words(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, entered_for=cast.organisations["nrc"])
    assert WORDS in page(signed_in(cast.oumar), address(case))


def test_a_likely_duplicate_is_joined_in_one_click(cast: Cast, signed_in: SignIn) -> None:
    first, second = sorted_case(cast.awa), made_case()
    client = signed_in(cast.awa)
    assert f"Réunir à {first.reference}" in page(client, DESK)
    client.post(address(second, "case_merge"), {"into": first.reference, "seen": "new", "back": "desk"})
    assert Case.objects.get(pk=second.pk).merged_into == first


@pytest.mark.parametrize(("settled", "open_act"), [("", "close"), ("no", "triage")])
def test_the_next_step_lies_open(cast: Cast, signed_in: SignIn, settled: str, open_act: str) -> None:
    case = sorted_case(cast.awa, safe_contact=SafeContact.CALL)
    actions.answer(case.pk, words="Lundi.", by=cast.awa)
    client = signed_in(cast.awa)
    assert opened_acts(client, case) == ["tell"]
    actions.tell_person(case.pk, how="call", settled=settled, by=cast.awa)
    assert opened_acts(client, case) == ([open_act] if open_act == "close" else [])


def opened_acts(client: Client, case: Case) -> list[str]:
    return [offer.act.name for offer in client.get(address(case)).context["offers"] if offer.is_open]


def test_a_named_recipient_finds_the_matter_at_once(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, "PROT.vbg")
    response = signed_in(cast.kadia).get("/accueil/", follow=True)
    assert response.context["case"] == case
    assert 'href="/cases/"' in response.content.decode()


def test_an_answer_that_came_after_closing_is_among_those_to_tell(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, safe_contact=SafeContact.CALL)
    actions.answer(case.pk, words="Lundi.", by=cast.awa)
    actions.close(case.pk, outcome="unreachable", by=cast.awa)
    client = signed_in(cast.awa)
    assert list(client.get(DESK, {"liste": "a-dire"}).context["page"]) == []
    actions.record_answer(case.pk, words="Aussi mardi.", kind="response", by=cast.ibrahim)
    assert list(client.get(DESK, {"liste": "a-dire"}).context["page"]) == [case]
    assert opened_acts(client, case) == ["tell"]
