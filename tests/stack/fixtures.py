"""Fixtures of the tests that drive the whole product, as a plugin of `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.stack.browser import Screens, chromium
from tests.stack.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One running product for all tests of this process; each test brings people and messages of its own."""
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def screens(browser: Browser, stack: Stack) -> Iterator[Screens]:
    opened = Screens(browser, stack)
    yield opened
    opened.close()
