"""What people do on the pages, step by step, as the browser tests need it more than once."""

from __future__ import annotations

import re
import time
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NeverCame

from tests.stack.browser import Screens
from tests.stack.cast import PERIOD_SECONDS, Account

NUMBER = re.compile(r"\d{4}\s\d{4}\s\d{4}")
SPACES = re.compile(r"\s+")
SMALL_PHONE = {"width": 375, "height": 740}
HANDLED_MS = 20_000
# Of one page of the queue.
ROWS = 20


def plain(text: str | None) -> str:
    """Single ordinary spaces."""
    return SPACES.sub(" ", text or "").strip()


def number_on(page: Page) -> str:
    """The receipt number that stands large on this page."""
    return plain(page.locator("#receipt-number").text_content())


def sign_in(page: Page, account: Account, path: str) -> None:
    """Ask for a closed page, and answer what stands in the way: password, then one-time code."""
    page.goto(path)
    page.get_by_label("Courriel").fill(account.email)
    page.get_by_label("Mot de passe").fill(account.password)
    page.get_by_role("button", name="Se connecter").click()
    code = page.locator("input[name=code]")
    if account.totp_secret:
        _give_code(code, account)
        with suppress(NeverCame):
            # a code works once: another window of this person may just have used it
            code.wait_for(timeout=700)
            time.sleep(PERIOD_SECONDS - time.time() % PERIOD_SECONDS + 0.2)
            _give_code(code, account)
    page.wait_for_url(f"**{path}")


def _give_code(code: Locator, account: Account) -> None:
    code.fill(account.code())
    code.press("Enter")
    code.page.wait_for_load_state()


def unlock(page: Page, account: Account) -> None:
    """Type the passphrase into the first field, a space after each word, as vault.js lets people do."""
    page.get_by_label("Mot 1").click()
    page.keyboard.type(account.vault_passphrase)
    page.keyboard.press("Enter")
    page.wait_for_url("**/vault/cases/")


def send_sms(page: Page, text: str) -> None:
    """Write on the telephone of the demonstration."""
    page.locator("#id_text").fill(text)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".bubble-mine").last).to_contain_text(text[:40])


def received(page: Page, count: int) -> list[str]:
    """What the telephone was sent, once there are `count` messages that have arrived."""
    arrived = page.locator(".bubble:not(.bubble-mine)").filter(has_not_text="en route")
    expect(arrived).to_have_count(count, timeout=HANDLED_MS)
    return [plain(text) for text in arrived.all_text_contents()]


def ask_where(screens: Screens, number: str) -> Page:
    """`/suivi/` with this number, on a small telephone without JavaScript."""
    page = screens.page_of(None, phone=True, script=False)
    page.goto("/suivi/")
    page.locator("input[name=number]").fill(number)
    page.get_by_role("button", name="Voir où il en est").click()
    return page


def where_is(screens: Screens, number: str) -> str:
    """The one of the three words that is lit for this number."""
    lit = ask_where(screens, number).locator(".steps-3 [aria-current=step] strong")
    return plain(lit.text_content()).lower()


def open_row_with_keys(page: Page, words: str) -> None:
    """At the desk: `j` to the next row, Enter to open it, until the one where these words were said."""
    for number in (1, 2):
        page.goto(f"/cases/?page={number}")
        for down in range(1, min(ROWS, page.locator("a.queue-row").count()) + 1):
            for _ in range(down):
                page.keyboard.press("j")
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            if words in plain(page.locator("#open").text_content()):
                return
    raise LookupError(f"not in the queue: {words}")


def choose_with_keys(field: Locator, label: str) -> None:
    """Type the beginning of an option, as people do in a list."""
    field.focus()
    field.page.keyboard.type(label)
    assert label in (field.locator("option:checked").text_content() or ""), label


def leave_field_with_keys(page: Page) -> None:
    """Tab until a button has the focus, so that single keys are shortcuts again."""
    for _ in range(ROWS):
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            return
        page.keyboard.press("Tab")
    raise LookupError("no button follows")


def fraction_of(page: Page, indicator: str) -> tuple[int, int]:
    """The fraction that stands beside an indicator on the page of the plan; 0 and 0 where there is none yet."""
    page.goto("/workplan/")
    row = page.locator("tr").filter(has=page.get_by_role("link", name=indicator, exact=True))
    found = re.search(r"\((\d+)/(\d+)\)", plain(row.locator("td").last.text_content()))
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)
