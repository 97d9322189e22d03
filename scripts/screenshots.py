"""Pictures of the main pages of a running demo, in French, at phone and desk width, into `docs/pictures/`.

The demo must be running (`make demo`): its accounts are read from `var/demo.json`. Names given on the command line
limit the pictures to those pages.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
WIDTHS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Shot(NamedTuple):
    """A page, and the role that looks at it (None for a member of the community)."""

    name: str
    path: str
    role: str | None = None


SHOTS = (
    Shot("accueil", "/"),
    Shot("parler", "/parler/"),
    Shot("suivi", "/suivi/"),
    Shot("confidentialite", "/confidentialite/"),
    Shot("retours", "/cases/", "operator"),
    Shot("referencements", "/referrals/", "focal_point"),
    Shot("coffre", "/vault/", "psea_intake_officer"),
    Shot("plan", "/workplan/", "working_group"),
    Shot("tableau-de-bord", "/dashboard/", "working_group"),
    Shot("annuaire", "/directory/", "agency_manager"),
)


def one_time_code(secret: str, at: float) -> str:
    """The six digits an authenticator shows at this time (RFC 6238, 30 s, SHA-1)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, int(at // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def sign_in(page: Page, account: dict[str, str], path: str) -> None:
    """Asks for a closed page and answers what stands in the way: password, then one-time code."""
    page.goto(path)
    page.locator("input[name=login]").fill(account["email"])
    page.locator("input[name=password]").fill(account["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    if account.get("totp_secret") and page.locator("input[name=code]").count():
        page.locator("input[name=code]").first.fill(one_time_code(account["totp_secret"], time.time()))
        page.locator("input[name=code]").first.press("Enter")
        page.wait_for_load_state()


@contextmanager
def visitor(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=base_url, locale="fr-FR", timezone_id="Africa/Bamako")
    try:
        yield context
    finally:
        context.close()


def take(page: Page, shot: Shot) -> None:
    for width, size in WIDTHS.items():
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        answer = page.goto(shot.path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{shot.path} does not answer to {shot.role or 'the public'}.")
        path = PICTURES / f"{shot.name}-{width}.png"
        page.screenshot(path=path, full_page=width == "phone")
        print(path.relative_to(ROOT))


def take_as(browser: Browser, demo: dict[str, Any], role: str | None, shots: list[Shot]) -> None:
    with visitor(browser, demo["base_url"]) as context:
        page = context.new_page()
        if role:
            account = next((one for one in demo["accounts"] if one["role"] == role), None)
            if account is None:
                raise SystemExit(f"The demo has no account of the role {role}.")
            sign_in(page, account, shots[0].path)
        for shot in shots:
            take(page, shot)


def main(names: list[str]) -> None:
    listed = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "demo.json"
    if not listed.exists():
        raise SystemExit("The demo is not running: start it with make demo, then run this again.")
    demo = json.loads(listed.read_text(encoding="utf-8"))
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("JAABI_BROWSER"), args=FLAGS)
        for role in dict.fromkeys(shot.role for shot in wanted):
            take_as(browser, demo, role, [shot for shot in wanted if shot.role == role])
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
