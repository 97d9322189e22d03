"""The team writes, and whoever has number and code reads and answers: the same page in every lane."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from core.actors import PERSON
from core.transitions import Refused
from feedback import actions
from feedback.actions.release import take_released
from feedback.models import Case
from psea.actions import ask_person, open_case, reclassify
from psea.actions.copy_held import destroy_words
from psea.actions.receive import receive_sealed
from psea.enums import ReclassifiedAs
from psea.models import Question, Receipt, SealedCase, SealedMessage
from tests.feedback.test_public import SEA, a_case, a_number, followed, text_of, without_tokens
from tests.psea.conftest import Vault, vault  # noqa: F401  a fixture

CODE = "246810"
QUESTION = "À quelle heure pouvez-vous revenir lire ici ?"


@pytest.fixture
def sealed(vault: Vault) -> SealedCase:  # noqa: F811  the fixture
    """A sealed case with a code, opened by an officer."""
    case_id = receive_sealed(
        source_id="thread",
        receipt_number=a_number(),
        words=SEA,
        channel="web",
        code=CODE,
        received_at=timezone.now(),
        by=PERSON,
    )
    return open_case(case_id=case_id, **vault.as_("aminata")).case


def page(code: str = CODE, **more: str) -> str:
    return without_tokens(followed(Client(), a_number(), code=code, **more))


def test_a_question_is_the_same_bytes_for_an_ordinary_and_a_sealed_case(
    vault: Vault,  # noqa: F811  the fixture
    sealed: SealedCase,
) -> None:
    silent = page()
    ask_person(case_id=sealed.pk, words=QUESTION, **vault.as_("aminata"))
    shown = {code: page(code) for code in (CODE, "111111", "")}
    answered = page(more="À midi", once=str(uuid.uuid4()))
    assert SealedMessage.objects.using("vault").count() == 1
    SealedCase.objects.using("vault").all().delete()
    Receipt.objects.using("vault").all().delete()

    case = a_case(a_number(), state="triaged", code=CODE)
    assert page() == silent
    actions.ask_person(case.pk, pk=uuid.uuid4(), words=QUESTION, by=vault.cast.awa)
    assert {code: page(code) for code in (CODE, "111111", "")} == shown
    assert page(more="À midi", once=str(uuid.uuid4())) == answered
    assert "À quelle heure" in shown[CODE]
    assert "À quelle heure" not in shown["111111"] + shown[""]


def test_a_question_is_sealed_for_the_handlers_and_for_number_and_code_and_for_nobody_else(
    vault: Vault,  # noqa: F811  the fixture
    sealed: SealedCase,
) -> None:
    ask_person(case_id=sealed.pk, words=QUESTION, **vault.as_("aminata"))
    row = Question.objects.using("vault").get()
    assert QUESTION.encode() not in bytes(row.words or b"") + bytes(row.for_person or b"")
    assert CODE not in row.holder_tag
    opened = open_case(case_id=sealed.pk, **vault.as_("rokia"))
    assert opened.narrative is not None
    assert [said.words for said in opened.narrative.asked] == [QUESTION]
    with pytest.raises(Refused):
        ask_person(case_id=sealed.pk, words=QUESTION, **vault.as_("coumba"))
    destroy_words(case_id=sealed.pk, by=vault.cast.aminata, at=timezone.now())
    assert Question.objects.using("vault").count() == 0


def test_without_a_code_nothing_is_asked(vault: Vault, sealed: SealedCase) -> None:  # noqa: F811  the fixture
    without = receive_sealed(
        source_id="no code",
        receipt_number="123456789023",
        words=SEA,
        channel="sms",
        received_at=timezone.now(),
        by=PERSON,
    )
    with pytest.raises(Refused, match="n’a pas de code"):
        ask_person(case_id=without, words=QUESTION, **vault.as_("aminata"))


def test_a_released_case_keeps_what_was_asked(vault: Vault, sealed: SealedCase) -> None:  # noqa: F811  the fixture
    ask_person(case_id=sealed.pk, words=QUESTION, **vault.as_("aminata"))
    before = page()
    reclassify(case_id=sealed.pk, as_what=ReclassifiedAs.GBV_OR_CHILD, no_disclosure=False, **vault.as_("aminata"))
    take_released(sealed.pk, no_disclosure=False, **vault.as_("aminata"))
    assert Case.objects.count() == 1
    assert "À quelle heure" in text_of(followed(Client(), a_number(), code=CODE))
    assert "À quelle heure" in before
