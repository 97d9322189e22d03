"""The editor of texts counts while typing, and says what the server says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.acting import sign_in
from tests.stack.browser import Screens

pytestmark = pytest.mark.once

TYPED = (
    "Message reçu : {number}. SUIVI et ce numéro.",
    "Recu {number} [ok] € SUIVI " + "a" * 140,
    "Nimɔrɔ {number}, ɲinini " + "ɛ" * 60 + " SUIVI",
    "ⴰⴱ {number} SUIVI 🙂",
)


def _counts(page: Page) -> list[str]:
    """Everything the page says of length and cost, spaces alike."""
    found = [page.locator("#text-segments"), *page.locator("[data-costs-of] > li").all()]
    return [" ".join((one.text_content() or "").split()) for one in found]


@pytest.mark.parametrize("language", ["fra", "bam"])
def test_what_is_counted_while_typing_is_what_the_server_counts(screens: Screens, language: str) -> None:
    keeper, address = screens.stack.cast.person("working_group"), f"/settings/texts/{language}/receipt/"
    live, plain = screens.page_of(None), screens.page_of(None, script=False)
    for page in (live, plain):
        sign_in(page, keeper, address)
    for words in TYPED:
        live.locator("[name=words]").fill(words)
        plain.locator("[name=words]").fill(words)
        plain.get_by_role("button", name="Compter sans enregistrer").click()
        plain.wait_for_load_state()  # the answer is read as it comes: its end may not be there yet
        assert _counts(live) == _counts(plain), words
