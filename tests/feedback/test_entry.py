from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry
from core.receipt_number import is_well_formed, new_number
from directory.models import UserRole
from directory.roles import Role
from feedback import actions
from feedback.enums import CaseState, SpeakerMode, ToldHow
from feedback.models import Case, Draft
from feedback.whereabouts import where_is
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.making import place, sorted_case
from tests.feedback.test_protect import opened

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]
NEW = "/cases/new/"
DELICATE = "/cases/new/delicate/"
SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"
TRAITS = ["sex", "age_group", "disability", "population_status", "language"]


def form(**changes: Any) -> dict[str, Any]:
    typed = dict.fromkeys(TRAITS, "not_said")
    typed |= {
        "once": str(uuid.uuid4()),
        "mode": "proxy",
        "channel": "paper",
        "words": "Ma voisine n'a pas reçu son kit",
        "consent": "yes",
        "safe_contact": "none",
    }
    return typed | changes


def delicate(**changes: Any) -> dict[str, Any]:
    typed = {"once": str(uuid.uuid4()), "channel": "help_desk", "words": "Elle veut parler", "safe_contact": "none"}
    return typed | {"listener": "woman"} | changes


def number_on(response: Any) -> str:
    found = re.search(r"\d{4}\s*\d{4}\s*\d{4}", re.sub(r"<[^>]+>|&nbsp;|\u00a0", " ", response.content.decode()))
    assert found is not None
    return re.sub(r"\D", "", found.group())


def bare(page: str) -> list[str]:
    """A page without what changes each time: numbers, ids, tokens."""
    hidden = re.compile(r'<span>\d{4}</span>|value="[^"]*"|nonce="[^"]*"|[0-9a-f-]{36}|X-CSRFToken[^}]*')
    return hidden.sub("", page).splitlines()


def booklet(cast: Cast) -> list[str]:
    """Two numbers printed for a relay."""
    hcr = cast.organisations["hcr"]
    return actions.make_booklet(once=uuid.uuid4(), relay="Wabaria", organisation=hcr, count=2, by=cast.awa)


def sealed_count() -> int:
    return SealedCase.objects.using("vault").count()


def test_what_was_typed_is_a_case_with_its_day_and_its_number(cast: Cast, signed_in: SignIn) -> None:
    said_on = timezone.localdate() - timedelta(days=9)
    typed = form(said_on=said_on.isoformat(), place=place("ML0703").pk, sex="female", consent="no")

    response = signed_in(cast.awa).post(NEW, typed)

    case = Case.objects.get()
    assert (case.state, case.mode, case.channel, case.sex) == (CaseState.NEW, SpeakerMode.PROXY, "paper", "female")
    assert case.said_at is not None
    assert timezone.localdate(case.said_at) == said_on
    assert (case.place, case.entered_by, case.entered_for) == (place("ML0703"), cast.awa, cast.organisations["line"])
    assert case.objects_to_sharing
    assert is_well_formed(number_on(response))
    assert where_is(number_on(response)).case == case


def test_the_next_form_of_the_pile_keeps_its_channel_day_and_place(cast: Cast, signed_in: SignIn) -> None:
    typed = form(said_on="2022-03-12", place=place("ML0703").pk)
    response = signed_in(cast.awa).post(NEW, typed)
    following = response.context["form"]
    assert not following.is_bound
    assert following.initial["channel"] == "paper"
    assert following.initial["said_on"] == date(2022, 3, 12)
    assert following.initial["place"] == place("ML0703")
    assert "words" not in following.initial
    assert 'value="2022-03-12"' in response.content.decode()


def test_twenty_forms_in_a_row_are_twenty_cases_with_twenty_numbers(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    numbers = {number_on(client.post(NEW, form(words=f"Feuille {sheet}"))) for sheet in range(20)}
    assert (Case.objects.count(), len(numbers)) == (20, 20)


def test_a_form_posted_twice_is_one_case_and_one_number(cast: Cast, signed_in: SignIn) -> None:
    client, typed = signed_in(cast.awa), form()
    numbers = {number_on(client.post(NEW, typed)) for _ in range(2)}
    assert (Case.objects.count(), len(numbers)) == (1, 1)
    assert AuditEntry.objects.filter(act="feedback.case.enter").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"said_on": (date.today() + timedelta(days=2)).isoformat()},  # noqa: DTZ011  two days off is the future anywhere
        {"words": ""},
        {"words": "a\x00b"},
        {"consent": ""},
        {"safe_contact": "sms", "contact": "pas un numéro"},
        {"safe_contact": "relay", "contact": ""},
        {"booklet_number": "1234 5678 9013"},
        {"channel": "sms"},
        {"place": "999999"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast: Cast, signed_in: SignIn, wrong: dict[str, str]) -> None:
    response = signed_in(cast.awa).post(NEW, form(place_said="près du puits") | wrong)
    assert response.status_code == 422
    assert "près du puits" in response.content.decode()
    assert Case.objects.count() == 0


def test_a_booklet_number_is_the_one_that_is_kept_once(cast: Cast, signed_in: SignIn) -> None:
    client, (number, _next) = signed_in(cast.awa), booklet(cast)
    client.post(NEW, form(booklet_number=number))
    again = client.post(NEW, form(booklet_number=number))
    assert where_is(number).case == Case.objects.get()
    assert again.status_code == 422
    assert "prenez le feuillet suivant" in again.content.decode()


def test_a_number_of_no_booklet_is_refused_and_the_form_is_kept(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.awa).post(NEW, form(booklet_number=new_number(), place_said="près du puits"))
    assert response.status_code == 422
    assert "aucun de nos carnets" in response.content.decode()
    assert "près du puits" in response.content.decode()
    assert Case.objects.count() == 0


def test_a_number_taken_twice_by_the_same_form_is_one_in_every_lane(
    cast: Cast, signed_in: SignIn, recovery_key: bytes
) -> None:
    client, (one, other) = signed_in(cast.awa), booklet(cast)
    for typed in (form(booklet_number=one), form(booklet_number=other, words=SEA)):
        answers = [client.post(NEW, typed) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert {number_on(answer) for answer in answers} == {typed["booklet_number"]}
        other_form = client.post(NEW, form(booklet_number=typed["booklet_number"]))
        assert "prenez le feuillet suivant" in other_form.content.decode()
    assert (Case.objects.count(), sealed_count()) == (1, 1)


SORTED = {"then": "sort", "safety": "no", "category": "INSAT_MIN", "summary": "Kit non reçu", "priority": "urgent"}


def test_what_is_typed_is_sorted_in_the_same_go(cast: Cast, signed_in: SignIn) -> None:
    hcr = cast.organisations["hcr"]
    signed_in(cast.awa).post(NEW, form(place=place("ML0703").pk, concerned=hcr.pk, sex="female") | SORTED)
    case = Case.objects.get()
    assert (case.state, case.category_id, case.summary, case.priority) == (
        CaseState.TRIAGED,
        "INSAT_MIN",
        "Kit non reçu",
        "urgent",
    )
    assert (case.place, case.concerned, case.sex, case.triaged_by) == (place("ML0703"), hcr, "female", cast.awa)


@pytest.mark.parametrize(
    ("answers", "here", "sealed"),
    [
        ({"safety": "unsure"}, 0, 1),
        ({"safety": "yes", "danger": "sea"}, 0, 1),
        ({"safety": "no", "category": "INSAT_MIN", "summary": "Kit", "words": SEA}, 0, 1),
        ({"safety": "yes", "danger": "gbv"}, 1, 0),
    ],
)
@pytest.mark.parametrize("then", ["sort", ""])
def test_the_safety_answer_is_heeded_whatever_the_button(
    cast: Cast, signed_in: SignIn, recovery_key: bytes, answers: dict[str, str], here: int, sealed: int, then: str
) -> None:
    response = signed_in(cast.awa).post(NEW, form() | answers | {"then": then})
    assert response.status_code == 200
    assert (Case.objects.count(), sealed_count()) == (here, sealed)
    assert not Case.objects.visible_to(cast.awa).exists()


def test_an_ordinary_and_a_sealed_entry_that_were_sorted_leave_the_same_page(
    cast: Cast, signed_in: SignIn, recovery_key: bytes
) -> None:
    client = signed_in(cast.awa)
    sorted_case(cast.awa, summary="Kit non reçu par la voisine")
    pages = [client.post(NEW, form(words=words) | SORTED).content.decode() for words in (KIT, f"{KIT}. {SEA}")]
    assert ["Peut-être la même chose" in page for page in pages] == [True, True]
    assert bare(pages[0]) == bare(pages[1])


def test_a_sorting_with_something_to_mend_keeps_both_forms(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.awa).post(NEW, form(words="Gardez ceci") | {"then": "sort", "summary": "Et cela"})
    content = response.content.decode()
    assert response.status_code == 422
    assert ("Gardez ceci" in content, "Et cela" in content, Case.objects.count()) == (True, True, 0)
    assert content.index('name="safety"') < content.index('name="category"')


KIT = "La voisine n'a pas reçu son kit"


def test_likely_duplicates_show_while_typing_and_only_those_one_may_see(cast: Cast, signed_in: SignIn) -> None:
    seen = sorted_case(cast.awa, summary="Kit non reçu par la voisine")
    hidden = sorted_case(cast.awa, "FRAUDE", summary="Kit non reçu par la voisine, vendu")
    elsewhere = sorted_case(cast.awa, summary="Kit non reçu par la voisine", place=place("ML0703"))
    content = signed_in(cast.awa).post("/cases/new/alike/", {"words": KIT}).content.decode()
    found = [case.reference in content for case in (seen, hidden, elsewhere)]
    assert found == [True, False, False]
    assert signed_in(cast.kadia).post("/cases/new/alike/", {"words": KIT}).status_code == 404


def test_without_script_likely_duplicates_show_after_saving(cast: Cast, signed_in: SignIn) -> None:
    seen = sorted_case(cast.awa, summary="Kit non reçu par la voisine")
    assert seen.reference in signed_in(cast.awa).post(NEW, form(words=KIT)).content.decode()


def test_a_group_is_one_case_with_its_people_by_sex_and_is_answered_as_a_group(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    client.post(NEW, form(mode="group", group_women=12, group_men=3) | SORTED)
    case = Case.objects.get()
    assert (case.mode, case.group_women, case.group_men) == ("group", 12, 3)
    actions.answer(case.pk, words="Les kits arrivent lundi.", by=cast.awa)
    shown = client.get(f"/cases/{case.pk}/").context["offers"]
    tell = next(offer.form for offer in shown if offer.act.name == "tell")
    assert tell["how"].value() == ToldHow.GROUP
    client.post(f"/cases/{case.pk}/tell/", {"how": "group", "settled": "yes"})
    told = Case.objects.get().latest_answer
    assert told is not None
    assert (told.told_how, told.delivery) == (ToldHow.GROUP, "told")
    assert Case.objects.get().state == CaseState.CLOSED


def test_emoji_nko_arabic_and_long_words_are_kept_as_they_are(cast: Cast, signed_in: SignIn) -> None:
    words = "😢 ߒ ߓߘߊ߫ ߞߊ߲߬ لم نستلم الماء " + "x" * 10_000
    signed_in(cast.awa).post(NEW, form(words=words))
    assert Case.objects.get().unsealed("words") == words.strip()


def test_no_safe_way_leaves_no_contact(cast: Cast, signed_in: SignIn) -> None:
    signed_in(cast.awa).post(NEW, form(contact="76123456"))
    case = Case.objects.get()
    assert (case.unsealed("contact"), case.phone_hash) == ("", "")


def test_a_safe_sms_gets_the_receipt(cast: Cast, signed_in: SignIn, outgoing: list[tuple[str, str]]) -> None:
    response = signed_in(cast.awa).post(NEW, form(safe_contact="sms", contact="76 12 34 56"))
    assert [to for to, _ in outgoing] == ["+22376123456"]
    assert number_on(response) in outgoing[0][1].replace(" ", "")


def test_typed_words_that_suggest_sea_leave_nothing_here_and_look_the_same(
    cast: Cast, signed_in: SignIn, recovery_key: bytes
) -> None:
    client = signed_in(cast.awa)
    ordinary, sea = client.post(NEW, form()), client.post(NEW, form(words=SEA))

    assert (Case.objects.count(), sealed_count()) == (1, 1)
    assert str(where_is(number_on(sea)).stage) == "received"
    assert AuditEntry.objects.filter(act="feedback.case.enter").count() == 1
    assert bare(ordinary.content.decode()) == bare(sea.content.decode())


def test_delicate_goes_to_the_vault_whatever_the_words(cast: Cast, signed_in: SignIn, recovery_key: bytes) -> None:
    client = signed_in(cast.awa)
    typed = delicate(incident_on="2026-11-20", incident_time="21:30", fears_retaliation="on")

    response = client.post(DELICATE, typed)
    client.post(DELICATE, typed)

    assert (Case.objects.count(), sealed_count()) == (0, 1)
    assert str(where_is(number_on(response)).stage) == "received"
    assert "Elle veut parler" not in response.content.decode()
    assert "Elle veut parler" not in client.get("/cases/", {"liste": "tous"}).content.decode()
    facts = json.loads(opened(recovery_key, SealedCase.objects.using("vault").get(), "facts"))
    known = (facts["incident_on"], facts["incident_time"], facts["retaliation"])
    assert known == ("2026-11-20", "21:30:00", "yes"), "the hours of care run from then"


def test_the_script_stands_before_the_form(cast: Cast, signed_in: SignIn) -> None:
    content = signed_in(cast.awa).get(DELICATE).content.decode()
    steps = ["ce qui doit être transmis", "Écoutez", "N’enquêtez pas", "Proposez un service", "<textarea"]
    places = [content.index(step) for step in steps]
    assert places == sorted(places)


def test_a_matter_for_which_nobody_is_named_is_kept_unsorted_unless_somebody_is_implicated(
    cast: Cast, signed_in: SignIn
) -> None:
    UserRole.objects.filter(role=Role.INTEGRITY_FOCAL_POINT).delete()
    client = signed_in(cast.awa)
    sorting = {"then": "sort", "safety": "no", "category": "FRAUDE", "summary": "Liste vendue", "priority": "normal"}
    page = client.post(NEW, form(**sorting)).content.decode()
    assert "Enregistré, mais pas trié" in page
    assert [case.state for case in Case.objects.all()] == ["new"]

    named = form(**sorting, implicated_organisations=[cast.organisations["hcr"].pk])
    refused = client.post(NEW, named)
    assert (refused.status_code, Case.objects.count()) == (422, 1)
    assert "gardez votre saisie en brouillon" in refused.content.decode()
    client.post(NEW, named | {"then": "draft"})
    assert Draft.objects.get().owner == cast.awa


def test_the_first_button_of_the_entry_page_is_the_delicate_one(cast: Cast, signed_in: SignIn) -> None:
    content = signed_in(cast.awa).get(NEW).content.decode()
    main = content[content.index("<main") :]
    assert main.index("Sujet délicat") < main.index("<form")


@pytest.mark.parametrize("path", [NEW, DELICATE])
@pytest.mark.parametrize("name", ["ibrahim", "kadia", "aminata", "adama", "robert"])
def test_only_operators_type_in(cast: Cast, signed_in: SignIn, name: str, path: str) -> None:
    client = signed_in(getattr(cast, name))
    assert client.get(path).status_code == 404
    assert client.post(path, form()).status_code == 404


def test_a_day_gone_by_is_its_noon(cast: Cast, signed_in: SignIn) -> None:
    signed_in(cast.awa).post(NEW, form(said_on="2022-03-12"))
    assert Case.objects.get().said_at == datetime(2022, 3, 12, 12, tzinfo=UTC)
