"""Every main page, on a telephone and on a desk: axe-core's rules, one title, its width, and its weight on a bad line.

The pages of `/api/docs/` are left out: their markup is Swagger UI's own.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import ALL, PUBLIC, MainPage, opened, window_for
from tests.browser.weight import PUBLIC_BYTES, STAFF_BYTES, weighing
from tests.stack.browser import Screens

pytestmark = pytest.mark.once

HEIGHT = 800
NARROWEST, PHONE, DESK = 360, 375, 1280
SERIOUS = {"serious", "critical"}
UNFOLD = "els => els.forEach(el => { el.open = true; })"
VISIBLE_TITLES = "els => els.filter(el => el.checkVisibility()).length"
# How far the page reaches beyond the screen, and what reaches furthest outside of boxes that scroll by themselves.
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return "";
  const scrolls = (el) => el && el !== document.body
    && (getComputedStyle(el).overflowX !== "visible" || scrolls(el.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter(
    (el) => el.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(el));
  return wide + " px too wide: " + out.slice(0, 4).map((el) => el.outerHTML.slice(0, 120)).join(" | ");
}"""


@pytest.mark.parametrize("wanted", ALL, ids=[page.name for page in ALL])
def test_page_can_be_used_by_everyone_at_phone_and_desk_width(screens: Screens, wanted: MainPage) -> None:
    page = window_for(screens, wanted)
    complaints = _listen(page, wanted)
    # colours in the middle of a transition are nobody's
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    weight = weighing(page)
    opened(screens, wanted, page)
    page.wait_for_load_state("networkidle")
    weights = sorted(weight.on_the_wire, reverse=True)
    unpacked = weight.unpacked() if wanted in PUBLIC else {}

    findings = _findings(page)
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    overflow = page.evaluate(OVERFLOW)
    page.locator("details:not([data-menu])").evaluate_all(UNFOLD)
    overflow += page.evaluate(OVERFLOW)
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    findings += _findings(page)

    assert findings == []
    assert overflow == ""
    assert page.evaluate(OVERFLOW) == ""
    assert page.locator("h1").evaluate_all(VISIBLE_TITLES) == 1
    assert complaints == []
    assert len(weights) > 2
    assert sum(weights) < STAFF_BYTES, weights
    assert sum(unpacked.values()) < PUBLIC_BYTES, unpacked
    assert not unpacked or f"{screens.stack.base_url}{wanted.path}" in unpacked


def _listen(page: Page, wanted: MainPage) -> list[str]:
    """Fills up with what the browser complains of: errors, refusals by the content security policy, failed files."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    if wanted.status != 200:
        page.on("console", lambda said: _drop(complaints, f"status of {wanted.status}"))
    return complaints


def _drop(complaints: list[str], expected: str) -> None:
    """The browser says in its console that a page answered 404; where it should, that is no complaint."""
    complaints[:] = [one for one in complaints if expected not in one]


def _findings(page: Page) -> list[str]:
    """Serious and critical findings as `rule: element`, at the width that the window has now."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{page.viewport_size} {rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"][:3]
    ]
