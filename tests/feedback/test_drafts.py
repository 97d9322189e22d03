from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.actors import robot
from feedback.actions.drafts import forget_drafts, typed_in
from feedback.models import Case, Draft
from tests.cast import Cast
from tests.feedback.test_entry import NEW, SEA, form

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]
DRAFTS = "/cases/drafts/"
WORDS = "Ma voisine n'a pas reçu son kit"


def kept(client: Client, typed: dict[str, Any]) -> bool:
    return bool(client.post(DRAFTS, typed).json()["kept"])


def test_what_is_typed_is_kept_sealed_and_taken_up_again(cast: Cast, signed_in: SignIn) -> None:
    client, typed = signed_in(cast.awa), form(sex="female", summary="Une ligne")
    assert kept(client, typed)
    assert kept(client, typed | {"words": WORDS + " encore"})

    draft = Draft.objects.get()
    assert WORDS.encode() not in bytes(draft.typed)
    assert typed_in(draft)["words"] == [WORDS + " encore"]
    listed = client.get(DRAFTS).content.decode()
    assert str(draft.pk) in listed
    assert WORDS not in listed
    again = client.get(NEW, {"brouillon": str(draft.pk)})
    assert [again.context["form"][name].value() for name in ("words", "sex")] == [WORDS + " encore", "female"]
    assert again.context["sort"]["summary"].value() == "Une ligne"
    assert str(again.context["form"]["once"].value()) == typed["once"]


def test_a_draft_that_is_entered_is_one_case_and_leaves_no_draft(cast: Cast, signed_in: SignIn) -> None:
    client, typed = signed_in(cast.awa), form()
    kept(client, typed)
    client.post(NEW, typed)
    client.post(NEW, typed)
    assert (Case.objects.count(), Draft.objects.count()) == (1, 0)


def test_without_script_a_button_keeps_the_draft(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.awa).post(
        NEW, form(words="") | {"then": "draft", "place_said": "près du puits"}, follow=True
    )
    assert "Brouillon gardé" in response.content.decode()
    assert (Draft.objects.count(), Case.objects.count()) == (1, 0)


def test_what_is_delicate_is_never_kept_and_takes_away_what_was(cast: Cast, signed_in: SignIn) -> None:
    client, typed = signed_in(cast.awa), form()
    assert kept(client, typed)
    assert not kept(client, typed | {"words": SEA})
    assert Draft.objects.count() == 0
    for answers in ({"safety": "unsure"}, {"safety": "yes"}, {"place_said": SEA}):
        assert not kept(client, form() | answers)
    refused = client.post(NEW, form(words=SEA) | {"then": "draft"})
    assert (refused.status_code, Draft.objects.count(), Case.objects.count()) == (422, 0, 0)
    told = [client.post(DRAFTS, form(words=words)).content for words in (WORDS, SEA)]
    assert len(told[0]) == len(told[1])


def test_drafts_are_of_their_owner_alone_who_deletes_them(cast: Cast, signed_in: SignIn) -> None:
    client, typed = signed_in(cast.awa), form()
    kept(client, typed)
    draft = Draft.objects.get()
    cast.ibrahim.role_rows.create(role="operator")
    other = signed_in(cast.ibrahim)
    assert str(draft.pk) not in other.get(DRAFTS).content.decode()
    assert other.get(NEW, {"brouillon": str(draft.pk)}).status_code == 404
    assert not kept(other, typed | {"words": "Autre chose"})
    assert other.post(f"{DRAFTS}{draft.pk}/delete/").status_code == 404
    assert client.post(f"{DRAFTS}{draft.pk}/delete/").status_code == 302
    assert Draft.objects.count() == 0


def test_a_draft_is_not_kept_for_ever_or_without_an_id(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    kept(client, form())
    assert not kept(client, form(once="zz"))
    assert not kept(client, form(words="x" * 70_000))
    assert forget_drafts(timezone.now() - timedelta(days=1), by=robot("retention")) == 0
    assert forget_drafts(timezone.now() + timedelta(seconds=1), by=robot("retention")) == 1


def test_a_strange_draft_in_the_address_is_a_404(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    for asked in ("zz", str(uuid.uuid4())):
        assert client.get(NEW, {"brouillon": asked}).status_code == 404
