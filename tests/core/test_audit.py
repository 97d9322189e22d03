"""The audit chain shows every edit, removal and swap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core import audit
from core.actors import PERSON, SYSTEM
from core.models import AuditEntry


def alter(**changes: Any) -> None:
    AuditEntry.objects.filter(position=2).update(**changes)


def remove() -> None:
    AuditEntry.objects.filter(position=2).delete()


def swap() -> None:
    AuditEntry.objects.filter(position=2).update(position=99)
    AuditEntry.objects.filter(position=3).update(position=2)
    AuditEntry.objects.filter(position=99).update(position=3)


@pytest.fixture
def chained(db: None) -> None:
    for number in range(4):
        audit.record("test.act", by=SYSTEM if number % 2 else PERSON, number=number)
    audit.chain()


def test_a_chain_of_committed_rows_holds(chained: None) -> None:
    assert audit.verify() == []
    assert list(AuditEntry.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]


def test_chaining_goes_on_where_it_stopped(chained: None) -> None:
    audit.record("test.later", by=SYSTEM)
    assert audit.chain() == 1
    assert audit.verify() == []


@pytest.mark.parametrize(
    "harm",
    [lambda: alter(act="test.other"), lambda: alter(actor_id="7"), lambda: alter(facts={"number": 9}), remove, swap],
    ids=["act", "actor", "facts", "removed", "swapped"],
)
def test_whatever_is_done_to_a_chained_row_is_found(chained: None, harm: Callable[[], None]) -> None:
    harm()
    assert audit.verify() != []


def test_both_databases_have_their_own_chain(db: None) -> None:
    audit.record("test.here", by=SYSTEM)
    audit.record("test.vault", by=SYSTEM, using="vault")
    assert list(AuditEntry.objects.using("vault").values_list("act", flat=True)) == ["test.vault"]
    assert (audit.chain("default"), audit.chain("vault")) == (1, 1)
