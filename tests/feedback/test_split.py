from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audio import packed
from core.models import AuditEntry
from core.receipt_number import new_number
from core.transitions import Refused
from feedback import actions
from feedback.actions.person import add_words
from feedback.enums import CaseState, SafeContact
from feedback.models import Case
from feedback.whereabouts import where_is
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.making import made_case, place, sorted_case
from tests.feedback.test_entry import bare, number_on
from tests.voices import OGG

SignIn = Callable[[Any], Client]
WATER, LIST, SEA = (
    "Le forage est en panne depuis dix jours.",
    "Et mon nom n'est pas sur la liste des kits.",
    "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste",
)
BOTH = f"{WATER}\n{LIST}"


def address(case: Case) -> str:
    return reverse("feedback:split", args=[case.pk])


def typed(**changes: Any) -> dict[str, Any]:
    return {"once": str(uuid.uuid4()), "passages": LIST, "safety": "no"} | changes


def other_than(case: Case) -> Case:
    return Case.objects.exclude(pk=case.pk).get()


def sealed_count() -> int:
    return SealedCase.objects.using("vault").count()


def test_a_part_becomes_a_case_of_its_own_and_leaves_the_first(cast: Cast, signed_in: SignIn) -> None:
    number = new_number()
    case = made_case(words=BOTH, place=place("ML0703"), sex="female", receipt_number=number, note="Note du premier")
    client = signed_in(cast.awa)
    assert LIST in client.get(address(case)).content.decode().replace("&#x27;", "'")

    response = client.post(address(case), typed(context="Elle demande à être inscrite."))

    second = other_than(case)
    case = Case.objects.get(pk=case.pk)
    assert (case.unsealed("words"), second.unsealed("words")) == (WATER, LIST)
    assert (second.state, second.place, second.sex, second.unsealed("note")) == (
        CaseState.NEW,
        place("ML0703"),
        "female",
        "Elle demande à être inscrite.",
    )
    told = number_on(response)
    assert where_is(told).case == second
    assert where_is(number).case == case
    assert str(where_is(number).stage) == "received"


def test_both_histories_keep_the_link_for_those_who_may_see_and_it_is_audited(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, words=BOTH, about={"concerned": cast.organisations["hcr"]})
    client = signed_in(cast.awa)
    client.post(address(case), typed())
    second = other_than(case)
    pages = [client.get(reverse("referrals:case", args=[one.pk])).content.decode() for one in (case, second)]
    assert [second.reference in pages[0], case.reference in pages[1]] == [True, True]
    assert "Partagé en deux" in pages[0]
    # HCR answers for the first, and does not see the second, which is still to be sorted
    theirs = signed_in(cast.ibrahim).get(reverse("referrals:case", args=[case.pk])).content.decode()
    assert second.reference not in theirs
    entry = AuditEntry.objects.get(act="feedback.case.split")
    assert (entry.actor_id, entry.target_id) == (str(cast.awa.pk), str(case.pk))
    assert str(second.pk) not in str(entry.facts)


@pytest.mark.parametrize(
    ("part", "answers"),
    [(SEA, {}), (LIST, {"safety": "unsure"}), (LIST, {"safety": "yes", "danger": "sea"})],
)
def test_the_sensitive_part_goes_to_the_vault_and_nothing_of_it_stays(
    cast: Cast, signed_in: SignIn, recovery_key: bytes, part: str, answers: dict[str, str]
) -> None:
    case = made_case(words=f"{WATER} {part}", phone="")
    plain = made_case(words=BOTH, phone="")
    client = signed_in(cast.awa)

    sealed = client.post(address(case), typed(passages=part, **answers))
    ordinary = client.post(address(plain), typed())

    case = Case.objects.get(pk=case.pk)
    assert (case.unsealed("words"), sealed_count()) == (WATER, 1)
    assert Case.objects.count() == 3, "the two first, and the second of the ordinary one"
    assert str(where_is(number_on(sealed)).stage) == "received"
    assert where_is(number_on(sealed)).case is None
    pages = [page.content.decode().replace(one.reference, "") for page, one in ((sealed, case), (ordinary, plain))]
    assert bare(pages[0]) == bare(pages[1])
    shown = client.get(reverse("referrals:case", args=[case.pk])).content.decode()
    assert part not in shown.replace("&#x27;", "'")


def test_a_part_about_gbv_goes_to_its_named_recipients_alone(cast: Cast, signed_in: SignIn) -> None:
    case = made_case(words=BOTH)
    client = signed_in(cast.awa)
    client.post(address(case), typed(safety="yes", danger="gbv"))
    second = other_than(case)
    assert (second.state, second.restricted_kind) == (CaseState.TRIAGED, "protection")
    assert second.reference not in client.get(reverse("referrals:case", args=[case.pk])).content.decode()
    theirs = signed_in(cast.kadia).get(reverse("referrals:case", args=[second.pk])).content.decode()
    assert LIST in theirs.replace("&#x27;", "'")
    assert case.reference not in theirs


def test_the_part_of_a_restricted_case_stays_with_its_recipients(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa, "FRAUDE", words=BOTH)
    signed_in(cast.salif).post(address(case), typed())
    second = other_than(case)
    assert (second.lane, second.restricted_kind) == ("restricted", "integrity")
    assert not Case.objects.visible_to(cast.awa).exists()


def test_sent_twice_it_is_split_once_in_every_lane(cast: Cast, signed_in: SignIn, recovery_key: bytes) -> None:
    client = signed_in(cast.awa)
    for part, cases, sealed in ((LIST, 2, 0), (SEA, 3, 1)):
        case, said = made_case(words=f"{WATER} {part}", phone=""), typed(passages=part)
        numbers = {number_on(client.post(address(case), said)) for _ in range(2)}
        assert (len(numbers), Case.objects.count(), sealed_count()) == (1, cases, sealed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"passages": "Ceci n'a pas été dit"},
        {"passages": BOTH},
        {"passages": ""},
        {"passages": "nom n"},
        {"safety": ""},
        {"safety": "yes"},
    ],
)
def test_what_cannot_be_split_is_said_and_nothing_is_lost(cast: Cast, signed_in: SignIn, wrong: dict[str, str]) -> None:
    case = made_case(words=BOTH.replace("n'est", "nest"))
    response = signed_in(cast.awa).post(address(case), typed(context="Gardez ceci", **wrong))
    assert response.status_code == 422
    assert "Gardez ceci" in response.content.decode()
    assert Case.objects.get().unsealed("words") == BOTH.replace("n'est", "nest")


def test_a_passage_is_found_in_what_the_person_added_later(cast: Cast) -> None:
    case = made_case(words=WATER)
    said = add_words(case.pk, source_key="later", words=f"Merci.\n{LIST}", channel="sms")
    actions.split(case.pk, actions.Part((LIST,)), once=uuid.uuid4(), by=cast.awa)
    said.refresh_from_db()
    assert (said.unsealed("body"), other_than(case).unsealed("words")) == ("Merci.", LIST)


def test_a_delicate_part_waits_for_the_recording_to_be_erased(cast: Cast, recovery_key: bytes) -> None:
    case = made_case(words=f"{WATER} {SEA}")
    voice = packed(OGG)
    add_words(case.pk, source_key="voice", words="[Message vocal]", channel="voice", recording=voice)
    with pytest.raises(Refused, match="enregistrement"):
        actions.split(case.pk, actions.Part((SEA,)), once=uuid.uuid4(), by=cast.awa)
    assert (sealed_count(), Case.objects.get().unsealed("words")) == (0, f"{WATER} {SEA}")


def test_nobody_who_can_read_it_leaves_it_where_it_is(cast: Cast) -> None:
    case = made_case(words=f"{WATER} {SEA}")
    with pytest.raises(Refused, match="de vive voix"):
        actions.split(case.pk, actions.Part((SEA,)), once=uuid.uuid4(), by=cast.awa)
    assert Case.objects.get().unsealed("words") == f"{WATER} {SEA}"


def test_the_second_number_goes_by_sms_only_where_it_is_safe_and_asked(
    cast: Cast, signed_in: SignIn, outgoing: list[tuple[str, str]]
) -> None:
    client = signed_in(cast.awa)
    calls = made_case(words=BOTH, safe_contact=SafeContact.CALL)
    client.post(address(calls), typed(tells_by_sms="on"))
    assert outgoing == []
    texts = made_case(words=BOTH, safe_contact=SafeContact.SMS)
    number = number_on(client.post(address(texts), typed(tells_by_sms="on")))
    (_to, body) = outgoing[0]
    assert re.sub(r"\D", "", body).find(number) >= 0


def test_the_telephone_goes_on_to_the_first_case(cast: Cast) -> None:
    case = made_case(words=BOTH)
    actions.split(case.pk, actions.Part((LIST,)), once=uuid.uuid4(), by=cast.awa)
    assert Case.objects.of_phone(case.phone_hash).first() == case
    assert other_than(case).phone_hash == case.phone_hash


def test_a_protected_first_case_keeps_no_link(cast: Cast, recovery_key: bytes) -> None:
    case = made_case(words=BOTH)
    actions.split(case.pk, actions.Part((LIST,)), once=uuid.uuid4(), by=cast.awa)
    second = other_than(case)
    actions.protect(case.pk, by=cast.awa)
    second.refresh_from_db()
    assert second.split_from is None
