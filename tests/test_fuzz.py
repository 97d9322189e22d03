"""A short run of the fuzz command: nothing typed or posted breaks a public door, or leaves something illegal behind."""

from __future__ import annotations

from typing import Any

import pytest

from bench import fuzz
from bench.nasty import Nasty
from core.unbroken import unbroken
from tests.vault_keys import recovery_key

HALF, OTHER_HALF = "\ud83d", "\udeb0"


def test_no_input_gives_a_500_or_an_illegal_state(db: None, settings: Any) -> None:
    settings.PARTS_WAIT_SECONDS = 0
    recovery_key()
    wrong, seen = fuzz.run(300, seed=11)
    assert wrong == []
    assert {door.rpartition(" ")[0] for door in seen} >= {"/parler/", "/suivi/", "/sms/twilio/", "/api/v1/cases/"}


def test_the_same_seed_gives_the_same_inputs() -> None:
    first, second = ([Nasty(3).text() for _ in range(50)] for _time in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (f"eau {HALF}", "eau \ufffd"),
        (HALF + OTHER_HALF, "🚰"),
        ({"a": [OTHER_HALF, 7, None]}, {"a": ["\ufffd", 7, None]}),
        ("ߒߞߏ, é, 🚰", "ߒߞߏ, é, 🚰"),
    ],
)
def test_half_a_sign_is_replaced_and_whole_ones_are_kept(broken: Any, whole: Any) -> None:
    assert unbroken(broken) == whole
