"""What the kill command finds on a short run: nothing; and that it would find something."""

from __future__ import annotations

import pytest

from bench import kill
from bench.programs import found
from tests.stack.databases import on_services

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not on_services(), reason="make test-services runs it"),
    pytest.mark.skipif(not (found("initdb") and found("redis-server")), reason="no server programs on this machine"),
]


def test_nothing_is_lost_doubled_or_readable_when_parts_are_killed() -> None:
    assert kill.run(points=4, seconds=10, seed=3, rate=8) == []
