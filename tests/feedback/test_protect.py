from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import AutoField
from django.utils import timezone

from core.models import AuditEntry, Outbound
from core.transitions import Conflict, Refused
from feedback import actions
from feedback.actions.person import add_words
from feedback.enums import CaseState, SafeContact
from feedback.models import Answer, Case, CaseImplicated, CaseMessage
from feedback.models.implicated import drawn_id
from feedback.whereabouts import where_is
from psea.models import HandlerKey, SealedCase, SealedMessage
from psea.readers import Reader
from tests.cast import Cast
from tests.feedback.making import PHONE, WORDS, made_case, place, sorted_case
from tests.referrals.conftest import House, house

__all__ = ["house"]

Outgoing = list[tuple[str, str]]


def sealed() -> Any:
    return SealedCase.objects.using("vault")


def opened(private: bytes, case: SealedCase, field: str) -> str:
    """A sealed field, with the recovery key."""
    recovery = Reader(0, HandlerKey.objects.using("vault").recovery().get().pk, private)
    return case.unseal_with(recovery.data_key(case.pk, SealedCase.PART_OF[field]), field)


def test_all_that_was_said_goes_to_the_vault_under_the_same_number(cast: Cast, recovery_key: bytes) -> None:
    case = sorted_case(cast.awa, place=place("ML0703"), note="Vu au point d’eau", name="Aminata Cissé")
    number = case.unsealed("receipt_number")

    actions.protect(case.pk, by=cast.awa)

    vaulted = sealed().get()
    words = opened(recovery_key, vaulted, "words")
    assert WORDS in words
    assert "Vu au point d’eau" in words
    assert "Aminata Cissé" in words
    assert json.loads(opened(recovery_key, vaulted, "contact"))["phone"] == PHONE
    assert json.loads(opened(recovery_key, vaulted, "facts"))["place_pcode"] == "ML0703"
    found = where_is(number)
    assert (found.case, str(found.stage)) == (None, "received")


def test_nothing_of_it_stays_but_a_bare_number(cast: Cast, recovery_key: bytes) -> None:
    case = sorted_case(cast.awa, "FRAUDE", about={"sex": "female", "place": place("ML0703")})
    actions.write_down(case.pk, pk=case.pk, words="Elle a rappelé", direction="in", by=cast.salif)
    CaseImplicated.objects.create(case=case, organisation=cast.organisations["pam"])

    actions.protect(case.pk, by=cast.salif)

    left = Case.objects.get(pk=case.pk)
    assert left.state == CaseState.PROTECTED
    assert [getattr(left, name) for name in left.sealed_fields()] == [None] * len(left.sealed_fields())
    assert (left.data_key, left.receipt_hash, left.place, left.category, left.concerned) == (None,) * 5
    assert (left.summary, left.phone_hash, left.code_hash, left.restricted_kind) == ("",) * 4
    assert left.sex == "not_said"
    assert [model.objects.count() for model in (CaseMessage, Answer, CaseImplicated)] == [0, 0, 0]
    assert Case.objects.counted().filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(cast.salif).exists()


def test_its_danger_its_code_and_who_could_read_it_go_along(house: House, recovery_key: bytes) -> None:
    cast, case = house.cast, house.case()
    due = timezone.now() + timedelta(minutes=40)
    Case.objects.filter(pk=case.pk).update(danger_at=timezone.now(), danger_due_at=due)
    kept = Case.objects.get(pk=case.pk)
    kept.seal(code="482913")
    kept.save()
    house.sent(case)

    actions.protect(case.pk, by=cast.awa)

    vaulted = sealed().get()
    assert vaulted.call_by == due
    assert json.loads(opened(recovery_key, vaulted, "facts"))["danger"] == "yes"
    assert json.loads(opened(recovery_key, vaulted, "contact"))["code"] == "482913"
    words = opened(recovery_key, vaulted, "words")
    assert "Avaient pu le lire : Awa (Ligne verte), NRC Gao (niveau 1" in words


def test_words_that_suggest_danger_are_called_about_there_too(cast: Cast, recovery_key: bytes) -> None:
    case = made_case(words="Venez vite, ils vont me tuer")
    actions.protect(case.pk, by=cast.awa)
    assert sealed().get().call_by is not None


def test_words_added_later_go_along(cast: Cast, recovery_key: bytes) -> None:
    case = made_case()
    actions.write_down(case.pk, pk=case.pk, words="Elle a rappelé", direction="in", by=cast.awa)
    actions.protect(case.pk, by=cast.awa)
    assert SealedMessage.objects.using("vault").count() == 1


def test_protecting_twice_makes_one_sealed_case(cast: Cast, recovery_key: bytes) -> None:
    case = made_case()
    actions.protect(case.pk, by=cast.awa)
    actions.protect(case.pk, by=cast.awa)
    assert sealed().count() == 1
    assert AuditEntry.objects.filter(act="feedback.case.protect").count() == 1


def test_a_failure_after_the_vault_is_mended_by_running_again(
    cast: Cast, recovery_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = made_case()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("the machine stopped")

    with monkeypatch.context() as broken:
        broken.setattr(import_module("feedback.actions.protect"), "move", fail)
        with pytest.raises(OSError, match="stopped"):
            actions.protect(case.pk, by=cast.awa)
    assert Case.objects.get(pk=case.pk).unsealed("words") == WORDS

    actions.protect(case.pk, by=cast.awa)

    assert (sealed().count(), Case.objects.get(pk=case.pk).state) == (1, CaseState.PROTECTED)


def test_what_was_joined_to_it_goes_too(cast: Cast, recovery_key: bytes) -> None:
    case, duplicate = made_case(), made_case()
    actions.merge(duplicate.pk, into_id=case.pk, by=cast.awa)
    actions.protect(case.pk, by=cast.awa)
    assert {row.state for row in Case.objects.all()} == {CaseState.PROTECTED}
    assert sealed().count() == 2


def test_a_duplicate_takes_along_what_it_was_joined_to(cast: Cast, recovery_key: bytes) -> None:
    """They say the same, and what its person said since is kept with the other."""
    case, duplicate, other = made_case(), made_case(), made_case()
    for one in (duplicate, other):
        actions.merge(one.pk, into_id=case.pk, by=cast.awa)
    add_words(duplicate.pk, source_key="later", words="Il est revenu hier", channel="sms")
    actions.protect(duplicate.pk, by=cast.awa)
    assert {row.state for row in Case.objects.all()} == {CaseState.PROTECTED}
    assert CaseMessage.objects.count() == 0


def test_an_answer_under_way_is_not_sent_any_more(cast: Cast, recovery_key: bytes, outgoing: Outgoing) -> None:
    case = sorted_case(cast.awa, safe_contact=SafeContact.SMS, about={"sms_may_be_read": True})
    given = actions.answer(case.pk, words="Le forage sera repare.", by=cast.awa)

    actions.protect(case.pk, by=cast.awa)

    assert given.outbound_id is not None
    kept = Outbound.objects.get(pk=given.outbound_id)
    assert (kept.body, kept.recipient, kept.data_key) == (None, None, None)


def test_without_anybody_to_read_it_nothing_moves(cast: Cast) -> None:
    case = made_case()
    with pytest.raises(Refused):
        actions.protect(case.pk, by=cast.awa)
    assert Case.objects.get(pk=case.pk).unsealed("words") == WORDS


def test_only_who_acts_on_cases_protects(cast: Cast, recovery_key: bytes) -> None:
    case = made_case()
    for name in ("adama", "robert", "djeneba", "coumba"):
        with pytest.raises(Refused):
            actions.protect(case.pk, by=getattr(cast, name))
    assert sealed().count() == 0


def test_somebody_who_saw_another_state_is_told(cast: Cast, recovery_key: bytes) -> None:
    case = sorted_case(cast.awa)
    with pytest.raises(Conflict):
        actions.protect(case.pk, by=cast.awa, seen="new")
    assert sealed().count() == 0


def test_words_written_down_that_suggest_sea_protect_the_case(cast: Cast, recovery_key: bytes) -> None:
    case = made_case()
    heard = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"
    after = actions.write_down(case.pk, pk=case.pk, words=heard, direction="in", by=cast.awa)
    assert after.state == CaseState.PROTECTED
    assert (sealed().count(), SealedMessage.objects.using("vault").count()) == (1, 1)


def test_what_goes_with_a_case_has_no_counted_id() -> None:
    """A gap in a count would tell. What is counted and belongs to a case or to its referral stays when that goes."""
    mine: set[Any] = {Case}
    found: set[Any] = set()
    while mine - found:
        found |= mine
        mine = {one for one in apps.get_models() for field in one._meta.concrete_fields if field.related_model in found}
    counted = {model._meta.label for model in found if isinstance(model._meta.pk, AutoField)}
    assert counted == {"referrals.Consent", "referrals.LateNotice", "referrals.ReferralPause"}
    assert len({drawn_id() for _row in range(100)}) == 100
