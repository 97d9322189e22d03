"""Chromium for the browser tests: the machine's own, without any talk to the outside."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.stack.cast import Account
from tests.stack.stack import Stack
from tests.standin.client import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def chromium_path() -> str:
    """The browser that `make test` found, or the one its script finds."""
    named = os.environ.get("JAABI_BROWSER")
    if named:
        return named
    found = subprocess.run([ROOT / "scripts/find_browser.sh"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


@contextmanager
def chromium() -> Iterator[Browser]:
    """One running browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Screens:
    """Windows on a stack's pages; only that stack can be reached from them."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser = browser
        self.stack = stack
        self.opened: list[BrowserContext] = []

    def page(self, role: str | None = None, organisation: str | None = None, *, phone: bool = False) -> Page:
        """A window of the first person of that role, already signed in; of a passer-by when no role is named."""
        account = self.stack.cast.person(role, organisation) if role else None
        return self.page_of(account, phone=phone)

    def page_of(self, account: Account | None, *, phone: bool = False, script: bool = True) -> Page:
        """A window of that account, phone-sized or desk-sized; without `script`, JavaScript is off."""
        context = self.browser.new_context(
            base_url=self.stack.base_url,
            locale="fr-FR",
            java_script_enabled=script,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
        )
        self.opened.append(context)
        context.set_default_timeout(15_000)
        if account:
            jar = self.stack.login(account).cookies
            context.add_cookies(
                [{"name": one.name, "value": one.value or "", "url": self.stack.base_url} for one in jar]
            )
        return context.new_page()

    def close(self) -> None:
        """Close every window."""
        for context in self.opened:
            context.close()
