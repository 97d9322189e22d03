"""Somebody with a web browser and no JavaScript: cookies, links, and forms filled in as they stand on the page."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

from tests.stack.cast import PERIOD_SECONDS, Account
from tests.stack.pages import Button, Form, Page

SIGN_IN = "/compte/login/"


class NotSignedIn(Exception):
    """The sign-in pages did not let the person in; the text is what they said."""


class Visitor:
    """One browser session. `page` is the page last seen."""

    def __init__(self, base_url: str, language: str = "fr") -> None:
        self.base_url = base_url
        self.cookies = CookieJar()
        self.page: Page | None = None
        self._language = language
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str) -> Page:
        """Open an address, redirects followed."""
        return self._open(urllib.request.Request(urljoin(self.base_url, path)))

    def post(
        self, path: str, fields: list[tuple[str, str]] | dict[str, str], headers: dict[str, str] | None = None
    ) -> Page:
        """Send fields as they are, redirects followed."""
        data = urlencode(fields).encode()
        return self._open(urllib.request.Request(urljoin(self.base_url, path), data=data, headers=headers or {}))

    def follow(self, label: str) -> Page:
        """Click the first link whose words contain `label`."""
        return self.get(self.seen().link(label))

    def submit(self, button: str | None = None, **fields: str | list[str]) -> Page:
        """Fill in and send the one form of this page that has these fields and such a button.

        What is not named is sent as it stands on the page, the hidden fields included. Raises LookupError when no
        form fits: a page that lost a field fails its test.
        """
        page = self.seen()
        form, pressed = chosen(page, set(fields), button)
        target = urljoin(page.url, form.action or page.url)
        filled = form.filled(fields, pressed)
        if form.method == "get":
            return self.get(f"{target.partition('?')[0]}?{urlencode(filled)}")
        return self.post(target, filled, {"Referer": page.url})

    def sign_in(self, account: Account) -> None:
        """Through the real sign-in pages, second factor included. Raises `NotSignedIn`."""
        self.get(SIGN_IN)
        page = self.submit(login=account.email, password=account.password)
        if account.totp_secret:
            page = self._second_factor(account)
        signed_in = any(cookie.name == "sessionid" for cookie in self.cookies)
        if page.status >= 400 or not signed_in or _asks_to_sign_in(page):
            raise NotSignedIn(f"{page.url} ({page.status}): {page.words}")

    def _second_factor(self, account: Account) -> Page:
        page = self.submit(code=account.code())
        if any(form.knows({"code"}) for form in page.forms):
            # a code works once: another session of this person has just used it
            time.sleep(PERIOD_SECONDS - time.time() % PERIOD_SECONDS + 0.2)
            page = self.submit(code=account.code())
        return page

    def seen(self) -> Page:
        """The page last seen. Raises LookupError before the first."""
        if self.page is None:
            raise LookupError("no page was opened yet")
        return self.page

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept-Language", self._language)
        began = time.monotonic()
        try:
            reply = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            body = reply.read()
            headers = {name.lower(): value for name, value in reply.headers.items()}
            self.page = Page(reply.url, reply.status, body, headers, time.monotonic() - began)
        return self.page


def _asks_to_sign_in(page: Page) -> bool:
    return any(form.knows({"login", "password"}) or form.knows({"code"}) for form in page.forms)


def chosen(page: Page, names: set[str], label: str | None) -> tuple[Form, Button | None]:
    """The form of `page` that has these fields and such a button, and the button. Raises LookupError."""
    for form in page.forms:
        pressed = form.button(label) if label else (form.buttons[0] if form.buttons else None)
        if form.knows(names) and (pressed or label is None):
            return form, pressed
    known = [sorted(form.choices) + [button.label for button in form.buttons] for form in page.forms]
    raise LookupError(f"no form with {sorted(names)} and {label!r} on {page.url} ({page.status}); forms: {known}")
