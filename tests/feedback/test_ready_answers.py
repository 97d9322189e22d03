"""The library: one answer in several languages, nearest first at the desk, archived and never deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from feedback import actions
from feedback.models import Answer, ReadyAnswer
from tests.cast import Cast
from tests.feedback.making import place, sorted_case

SignIn = Callable[[Any], Client]


def ready(title: str, **about: Any) -> ReadyAnswer:
    return ReadyAnswer.objects.create(title=title, words=f"{title}.", **about)


def test_the_desk_offers_what_is_nearest_in_matter_then_place_then_language(cast: Cast) -> None:
    case = sorted_case(cast.awa, "INSAT_MAJ.ciblage", about={"place": place("ML0703"), "language": "bam"})
    names: list[tuple[str, dict[str, Any]]] = [
        ("any", {}),
        ("parent", {"category_id": "INSAT_MAJ"}),
        ("exact", {"category_id": "INSAT_MAJ.ciblage"}),
        ("exact, of the region", {"category_id": "INSAT_MAJ.ciblage", "place": place("ML07")}),
        ("exact, of the cercle", {"category_id": "INSAT_MAJ.ciblage", "place": place("ML0703")}),
        (
            "exact, of the cercle, in Bambara",
            {"category_id": "INSAT_MAJ.ciblage", "place": place("ML0703"), "language": "bam"},
        ),
    ]
    for title, about in names:
        ready(title, **about)
    ready("of another region", category_id="INSAT_MAJ.ciblage", place=place("ML09"))
    ready("of another matter", category_id="INFO")
    ready("archived", is_active=False)
    assert [one.title for one in ReadyAnswer.objects.fitting(case)] == [title for title, _about in reversed(names)]


def test_what_is_left_to_be_filled_in_is_asked_for_before_it_leaves(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    one = ReadyAnswer.objects.create(title="Date", words="La distribution est le {date}.")
    client, address = signed_in(cast.awa), reverse("referrals:case_answer", args=[case.pk])
    typed = {"ready_answer": one.pk, "kind": "response", "seen": "triaged"}
    page = client.post(address, typed)
    assert page.status_code == 422
    assert "Complétez d’abord : {date}." in page.content.decode()
    assert ">\nLa distribution est le {date}.</textarea>" in page.content.decode(), "to be completed where it stands"
    assert not Answer.objects.exists()
    assert client.post(address, typed | {"words": "La distribution est le 3 mars."}).status_code == 302
    one.refresh_from_db()
    assert one.use_count == 1


def test_an_answer_is_said_in_another_language_once_and_counts_with_it(cast: Cast, signed_in: SignIn) -> None:
    one = ready("Horaires", place=place("ML0703"), use_count=3)
    client, address = signed_in(cast.djeneba), f"/settings/ready-answers/{one.pk}/variant/"
    typed = {"language": "bam", "title": "Waati", "words": "A bɛ dayɛlɛ."}
    assert client.post(address, typed).status_code == 302
    variant = ReadyAnswer.objects.get(original=one)
    assert (variant.place, variant.language) == (one.place, "bam")
    assert client.post(address, typed).status_code == 422, "one for each language"
    ReadyAnswer.objects.filter(pk=variant.pk).update(use_count=4)
    assert one.uses == 7
    assert "A bɛ dayɛlɛ." in signed_in(cast.awa).get("/settings/ready-answers/").content.decode()


def test_an_archived_answer_is_offered_no_more_and_what_was_said_with_it_stays(cast: Cast, signed_in: SignIn) -> None:
    case = sorted_case(cast.awa)
    one = ready("Horaires")
    variant = ready("Waati", original=one, language="bam")
    given = actions.answer(case.pk, words=one.words, ready_answer=one, by=cast.awa)
    client = signed_in(cast.djeneba)
    client.post(f"/settings/ready-answers/{one.pk}/archive/")
    assert not ReadyAnswer.objects.fitting(case).exists(), "nor its variants"
    assert "Horaires" not in client.get("/settings/ready-answers/").content.decode()
    assert "Horaires" in client.get("/settings/ready-answers/?archived=1").content.decode()
    given.refresh_from_db()
    assert given.ready_answer == one
    with pytest.raises(ProtectedError):
        one.delete()
    client.post(f"/settings/ready-answers/{one.pk}/restore/")
    assert set(ReadyAnswer.objects.fitting(case)) == {one, variant}
