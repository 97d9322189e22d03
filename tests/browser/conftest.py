"""One running product for all browser tests: the gateway of a demonstration without a carrier, collected styles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.stack.browser import Screens
from tests.stack.stack import Stack

AS_SERVED = {"SMS_GATEWAY": "console", "COLLECTED_STATIC": "1"}

# a machine that does other things as well is slow, not wrong
expect.set_options(timeout=15_000)


class ServedStack(Stack):
    """Sends its SMS to the telephone of the demonstration; its styles are collected and compressed, as `make demo`."""

    def _take_over(self) -> None:
        super()._take_over()
        self.manage("shell", "--verbosity=0", "-c", "from demo.static_files import collect_static; collect_static()")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with ServedStack(told=AS_SERVED) as running:
        yield running


@pytest.fixture(autouse=True)
def _windows_close(screens: Screens) -> None:
    """Every test of this folder has windows, and they close after it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.nodeid.split("/"):
            item.add_marker(pytest.mark.browser)
