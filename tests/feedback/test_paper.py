"""For relays without network: the form on paper, booklets of numbers, the register."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from core.receipt_number import is_well_formed
from feedback import actions
from feedback.forms.bulk import ROWS
from feedback.forms.entry import EntryForm
from feedback.models import Booklet, BookletNumber, Case
from feedback.views.paper import ON_PAPER
from feedback.whereabouts import where_is
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.making import place, spoken
from tests.feedback.test_entry import SEA, bare

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]
BOOKLETS, REGISTER = "/cases/booklets/", "/cases/register/"


def numbers_on(response: Any) -> list[str]:
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return [re.sub(r"\D", "", found) for found in re.findall(r"\b\d{4}\s+\d{4}\s+\d{4}\b", page)]


def asked_for(cast: Cast, **changes: Any) -> dict[str, Any]:
    hcr = cast.organisations["hcr"].pk
    return {"once": str(uuid.uuid4()), "relay": "Relais de Wabaria", "organisation": hcr, "count": 6} | changes


def one_number(cast: Cast) -> list[str]:
    hcr = cast.organisations["hcr"]
    return actions.make_booklet(once=uuid.uuid4(), relay="R", organisation=hcr, count=1, by=cast.awa)


def register(*lines: dict[str, Any], **shared: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {"channel": "paper", "said_on": "2022-03-12", "language": "not_said", **shared}
    typed |= {"ligne-TOTAL_FORMS": ROWS, "ligne-INITIAL_FORMS": 0}
    for place_of, line in enumerate(lines):
        usual = {"once": str(uuid.uuid4()), "sex": "not_said", "age_group": "not_said", "consent": "not_asked"}
        typed |= {f"ligne-{place_of}-{name}": value for name, value in (usual | line).items()}
    return typed


def test_a_booklet_shows_its_numbers_once_on_slip_and_stub_and_keeps_none(cast: Cast, signed_in: SignIn) -> None:
    client, asked = signed_in(cast.awa), asked_for(cast)
    response = client.post(BOOKLETS, asked)
    numbers = numbers_on(response)
    assert (len(numbers), len(set(numbers))) == (12, 6)
    assert all(is_well_formed(number) for number in numbers)
    assert numbers_on(client.post(BOOKLETS, asked)) == numbers, "sent twice, it is one booklet"
    assert (Booklet.objects.count(), BookletNumber.objects.count()) == (1, 6)
    stored = str(list(BookletNumber.objects.values())) + str(list(Booklet.objects.values()))
    assert not any(number in stored for number in numbers)
    listed = client.get(BOOKLETS)
    assert numbers_on(listed) == []
    assert "Relais de Wabaria" in listed.content.decode()


def test_no_hash_joins_a_slip_to_the_case_that_took_it(cast: Cast) -> None:
    (number,) = one_number(cast)
    taken = BookletNumber.objects.get()
    actions.enter(spoken(source_key="entry:x", receipt_number=number, phone=""), by=cast.awa)
    taken.refresh_from_db()
    case = Case.objects.get()
    assert taken.claim
    assert {taken.number_hash, taken.claim} & {case.receipt_hash, case.pk.hex, str(case.pk)} == set()


def test_a_booklet_with_something_to_mend_keeps_what_was_typed(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.awa).post(BOOKLETS, asked_for(cast, count=100_000))
    assert response.status_code == 422
    assert "Relais de Wabaria" in response.content.decode()
    assert Booklet.objects.count() == 0


def test_the_paper_form_asks_in_french_all_that_the_entry_asks(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    client.cookies["django_language"] = "en"
    content = client.get("/cases/paper/", headers={"Accept-Language": "en"}).content.decode()
    asked = {*EntryForm.base_fields} - {"once", "channel"}
    with override("fr"):
        assert [name for name in asked if str(EntryForm.base_fields[name].label) not in content] == []
    assert set(ON_PAPER) == asked


def test_twenty_rows_are_twenty_cases_with_what_they_share_and_their_own(cast: Cast, signed_in: SignIn) -> None:
    numbers = one_number(cast)
    lines: list[dict[str, Any]] = [{"words": f"Feuille {line}"} for line in range(ROWS)]
    lines[0] |= {"sex": "female", "consent": "no", "booklet_number": numbers[0], "said_on": "2022-03-01"}
    gao = place("ML0703")
    response = signed_in(cast.awa).post(REGISTER, register(*lines, place=gao.pk))
    assert response.status_code == 200
    assert len(set(numbers_on(response))) == ROWS
    assert Case.objects.filter(place=gao, channel="paper", entered_by=cast.awa).count() == ROWS
    first = where_is(numbers[0]).case
    assert first is not None
    assert first.said_at is not None
    assert (first.unsealed("words"), first.sex, first.objects_to_sharing, first.said_at.day) == (
        "Feuille 0",
        "female",
        True,
        1,
    )
    following = response.context["shared"]
    assert str(following["place"].value()) == str(gao.pk)


def test_a_wrong_row_stays_to_be_mended_while_the_others_are_kept_once(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    typed = register(
        {"words": "Bonne ligne"},
        {"words": "Gardez ces mots", "booklet_number": "1234"},
        {"words": ""},
        {"words": "", "booklet_number": "123456789012"},
        {"words": "Autre bonne ligne"},
    )
    response = client.post(REGISTER, typed)
    content = response.content.decode()
    assert (response.status_code, Case.objects.count(), len(numbers_on(response))) == (422, 2, 2)
    assert ("Gardez ces mots" in content, "Bonne ligne" in content) == (True, False)
    assert [row.place for row in response.context["wrong"]] == [2, 4]
    client.post(REGISTER, typed)
    assert Case.objects.count() == 2


def test_a_row_that_must_be_sealed_is_told_like_the_others(cast: Cast, signed_in: SignIn, recovery_key: bytes) -> None:
    client = signed_in(cast.awa)
    pages = [client.post(REGISTER, register({"words": words})) for words in ("Le forage est en panne", SEA)]
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (1, 1)
    assert bare(pages[0].content.decode()) == bare(pages[1].content.decode())
    assert str(where_is(numbers_on(pages[1])[0]).stage) == "received"


def test_wrong_things_on_top_keep_every_row(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.awa).post(REGISTER, register({"words": "Gardez ces mots"}, said_on="2090-01-01"))
    assert (response.status_code, Case.objects.count()) == (422, 0)
    assert "Gardez ces mots" in response.content.decode()
