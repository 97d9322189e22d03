"""The page of a case tells its whole life: what the case knows, and the steps of its referrals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.actions.person import add_words
from feedback.timeline import events
from referrals import actions
from referrals.case_life import hops_of, whole_life
from referrals.late import flag_late
from tests.referrals.conftest import House

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
