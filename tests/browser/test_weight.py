"""Pages on a bad line: what they weigh, and that they need no script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.browser.pages import PUBLIC, STAFF, MainPage, opened, window_for
from tests.stack.browser import Screens

pytestmark = pytest.mark.once

PUBLIC_BYTES, STAFF_BYTES = 50_000, 200_000


@pytest.mark.parametrize("wanted", PUBLIC, ids=[page.name for page in PUBLIC])
def test_public_page_is_light_even_without_compression(screens: Screens, wanted: MainPage) -> None:
    page = window_for(screens, wanted)
    answers = _answers(page)
    opened(screens, wanted, page)
    page.wait_for_load_state("networkidle")
    sizes = {answer.url: len(answer.body()) for answer in answers}
    assert f"{screens.stack.base_url}{wanted.path}" in sizes
    assert len(sizes) > 2
    assert sum(sizes.values()) < PUBLIC_BYTES, sizes


@pytest.mark.parametrize("wanted", STAFF, ids=[page.name for page in STAFF])
def test_staff_page_is_light_on_the_wire(screens: Screens, wanted: MainPage) -> None:
    page = window_for(screens, wanted)
    sizes = _on_the_wire(page)
    opened(screens, wanted, page)
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 2
    assert sum(sizes) < STAFF_BYTES, sorted(sizes, reverse=True)


def _answers(page: Page) -> list[Response]:
    """Fills up with every answer that the window gets."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    return answers


def _on_the_wire(page: Page) -> list[int]:
    """Fills up with the bytes of each answer as it came, head included, nothing cached."""
    sizes: list[int] = []

    def done(event: dict[str, Any]) -> None:
        sizes.append(int(event["encodedDataLength"]))

    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.on("Network.loadingFinished", done)
    return sizes
