"""The world of the access test, as a plugin of `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import sealing
from psea import session
from tests.access.world import World, make_world
from tests.apart import shared


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for a module, around the transactions of its tests.

    A passphrase that was typed when it was built stays fresh: the module takes longer than that on a slow machine.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(sealing, "ARGON_MEMORY_KIB", 64)
        patch.setattr(sealing, "ARGON_PASSES", 1)
        patch.setattr(session, "FRESH_FOR", timedelta(days=1))
        with shared(make_world) as made:
            yield made
