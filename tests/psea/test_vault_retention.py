"""What the vault has kept long enough goes: the words the entity holds, then the bare row, and traces that expired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.models import AuditEntry, Outbound
from psea import actions
from psea.actions.retention import forget_what_is_over, goes_at
from psea.databases import VAULT
from psea.enums import ReclassifiedAs
from psea.lookups import sealed_phone, stage_of
from psea.models import (
    AssistanceOffer,
    HandedCopy,
    PhoneTrace,
    Question,
    Receipt,
    SealedCase,
    SealedMessage,
    Survivor,
    Wrap,
)
from tests.psea.conftest import INTAKE, NUMBER, PHONE, Vault
from tests.psea.test_tracks import held

Receive = Callable[..., UUID]
YEARS = 5 * 365


def in_days(days: int) -> dict[str, Any]:
    return {"by": INTAKE, "at": datetime.now(UTC) + timedelta(days=days)}


def test_the_words_go_after_the_days_of_the_settings(vault: Vault, receive: Receive, settings: Any) -> None:
    held(vault, receive, datetime.now(UTC))
    settings.RETENTION_SEALED_WORDS_DAYS = 10
    assert forget_what_is_over(**in_days(9)) == 0
    assert forget_what_is_over(**in_days(11)) == 1
    assert SealedCase.objects.using(VAULT).get().words is None


def test_the_bare_row_of_an_ended_case_goes_with_all_that_hangs_on_it(vault: Vault, receive: Receive) -> None:
    case_id = held(vault, receive, datetime.now(UTC))
    actions.extract_facts(case_id=case_id, services=("health",), **vault.as_("aminata"))
    for act in ("assess", "investigate", "substantiate"):
        actions.advance(case_id=case_id, act=act, by=vault.cast.hawa)
    assert forget_what_is_over(**in_days(YEARS - 1)) == 1, "the words, not the row"
    assert SealedCase.objects.using(VAULT).count() == 1
    assert forget_what_is_over(**in_days(YEARS + 1)) == 1
    assert forget_what_is_over(**in_days(YEARS + 1)) == 0
    for model in (SealedCase, SealedMessage, Question, Wrap, Survivor, AssistanceOffer, Receipt, PhoneTrace):
        assert model.objects.using(VAULT).count() == 0, model
    assert stage_of(NUMBER) is None
    entry = AuditEntry.objects.using(VAULT).get(act="psea.sealedcase.remove")
    assert (entry.target_id, entry.actor_id) == (str(case_id), INTAKE.actor_id)


def ended(vault: Vault, receive: Receive, outcome: str) -> UUID:
    """A case that its entity decided, and of which it holds its copy."""
    case_id = held(vault, receive, datetime.now(UTC))
    for act in ("assess", "investigate", outcome):
        actions.advance(case_id=case_id, act=act, by=vault.cast.hawa)
    return case_id


def test_the_bare_row_stays_while_a_copy_of_it_is_outside(vault: Vault, receive: Receive) -> None:
    case_id = ended(vault, receive, "substantiate")
    copy = HandedCopy(
        case_id=case_id, mark="abc", handed_by=1, handed_at=datetime.now(UTC), expires_on=datetime.now(UTC).date()
    )
    copy.save(using=VAULT, force_insert=True)
    forget_what_is_over(**in_days(YEARS + 1))
    assert SealedCase.objects.using(VAULT).count() == 1
    HandedCopy.objects.using(VAULT).update(destroyed_on=datetime.now(UTC).date())
    forget_what_is_over(**in_days(YEARS + 1))
    assert SealedCase.objects.using(VAULT).count() == 0


def test_each_outcome_may_have_its_own_figure(vault: Vault, receive: Receive, settings: Any) -> None:
    ended(vault, receive, "substantiate")
    settings.RETENTION_SEALED_BY_OUTCOME = {"substantiated": 3650, "unsubstantiated": 10}
    forget_what_is_over(**in_days(YEARS + 1))
    assert SealedCase.objects.using(VAULT).count() == 1
    settings.RETENTION_SEALED_BY_OUTCOME = {"substantiated": 365}
    forget_what_is_over(**in_days(367))
    assert SealedCase.objects.using(VAULT).count() == 0


def test_whoever_reads_it_is_told_before_and_a_hold_keeps_it(vault: Vault, receive: Receive) -> None:
    case_id = ended(vault, receive, "substantiate")
    case = SealedCase.objects.using(VAULT).get()
    now = datetime.now(UTC)
    assert goes_at(case, now + timedelta(days=22)) is None
    assert goes_at(case, now + timedelta(days=24)) == case.copy_held_at + timedelta(days=30)  # type: ignore[operator]
    counts = [Outbound.objects.count()]
    for _time in range(2):
        forget_what_is_over(**in_days(24))
        counts.append(Outbound.objects.count())
    assert counts[0] < counts[1] == counts[2]

    actions.ask_hold(case_id=case_id, reason="procès", **vault.as_("hawa"))
    actions.confirm_hold(case_id=case_id, by=vault.cast.coumba)
    assert goes_at(case, now + timedelta(days=24)) is None
    assert forget_what_is_over(**in_days(40)) == 0


def test_what_is_open_or_still_has_its_words_is_kept_whatever_its_age(vault: Vault, receive: Receive) -> None:
    receive("SM1")
    case_id = receive("SM2", receipt_number="123456789023")
    no_sea: dict[str, Any] = {"case_id": case_id, "as_what": ReclassifiedAs.ORDINARY, "no_disclosure": True}
    actions.reclassify(**no_sea, **vault.as_("aminata"))
    assert forget_what_is_over(**in_days(2 * YEARS)) == 0
    assert SealedCase.objects.using(VAULT).exclude(words=None).count() == 2


@pytest.mark.parametrize(("days", "left"), [(13, 1), (15, 0)])
def test_a_telephone_is_forgotten_when_its_time_is_over(vault: Vault, receive: Receive, days: int, left: int) -> None:
    receive()
    assert sealed_phone(PHONE)
    forget_what_is_over(**in_days(days))
    assert PhoneTrace.objects.using(VAULT).count() == left
