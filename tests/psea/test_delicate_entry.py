"""What an operator ticks at a delicate entry reaches the officer as routing facts; the rest stays in the narrative."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import Case
from psea import actions
from psea.models import SealedCase
from tests.feedback.making import place
from tests.psea.conftest import Vault

SignIn = Callable[[Any], Client]
WORDS = "Elle veut parler à quelqu’un."


def entered(vault: Vault, client: Client, **ticked: str) -> Any:
    """Typed by Awa, then opened by Aminata."""
    typed: dict[str, Any] = {"once": str(uuid.uuid4()), "channel": "help_desk", "words": WORDS, "listener": "any"}
    said_on = timezone.localdate().replace(day=1).isoformat()
    typed |= {"safe_contact": "call", "contact": "00 00 00 42", "place": place("ML0703").pk, "said_on": said_on}
    assert client.post("/cases/new/delicate/", typed | ticked).status_code == 200
    sealed = SealedCase.objects.using("vault").get()
    return actions.open_case(case_id=sealed.pk, **vault.as_("aminata"))


@pytest.mark.parametrize(("ticked", "known"), [({}, "unknown"), ({"in_danger": "on", "is_child": "on"}, "yes")])
def test_what_is_ticked_is_a_fact_and_what_is_not_is_not_known(
    vault: Vault, signed_in: SignIn, ticked: dict[str, str], known: str
) -> None:
    opened = entered(vault, signed_in(vault.cast.awa), **ticked)
    facts = opened.facts
    assert (facts.child, facts.danger, facts.channel, facts.place_pcode) == (known, known, "help_desk", "ML0703")
    assert (opened.case.call_by is not None) == bool(ticked), "somebody must call at once"
    assert Case.objects.count() == 0


def test_how_to_reach_them_and_what_they_wish_are_the_officers_alone(vault: Vault, signed_in: SignIn) -> None:
    opened = entered(vault, signed_in(vault.cast.awa), listener="woman", wants_service="on")
    contact = opened.narrative.contact
    assert (opened.narrative.words, contact.phone) == (WORDS, "+22300000042")
    assert all(
        text in contact.noted for text in ("une femme", "Elle accepte qu’on lui propose un service", "Moyen sûr")
    )
    coordination = actions.read_case(case_id=opened.case.pk, **vault.as_("coumba"))
    assert (coordination.narrative, coordination.facts.place_pcode) == (None, "ML0703")
    told = coordination.facts.to_json()
    assert not any(text in told for text in ("00000042", "une femme", "Elle veut"))
