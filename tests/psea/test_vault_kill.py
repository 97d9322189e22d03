"""Each act that changes who holds a sealed case, killed at every commit and run again: the whole table is `bench`'s."""

from __future__ import annotations

import os
import re

import pytest

from tests.stack.processes import run

pytestmark = pytest.mark.once
ACTS = ("protect", "transmit")


def test_nothing_is_lost_doubled_or_left_in_clear_wherever_it_is_killed() -> None:
    table = run(["-m", "bench.vault_kill", "--only", *ACTS], dict(os.environ))
    rows = re.findall(r"\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|", table)
    assert [name for name, *_numbers in rows] == list(ACTS)
    for name, points, kills, faults in rows:
        assert int(points) >= 2, name
        assert int(kills) > int(points), name
        assert int(faults) == 0, name
