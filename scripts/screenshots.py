"""The pictures of the documentation, drawn from a running demo, in French, into `docs/pictures/`.

The demo must be running (`make demo`): its accounts are read from `var/demo.json`. Names given on the command line
limit the pictures to those pages. Each is a PNG of few colours, so that they weigh little in the repository.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
WIDTHS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
COLOURS = 64
# Milliseconds: a demo on a small machine that does other things too is slow.
PATIENCE = 120_000
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
    """A page, at a width of `WIDTHS`, and the role that looks at it. `first`: the link
    of that page to follow; `height`: where it shows more than a screen."""

    name: str
    path: str
    role: str
    width: str
    first: str = ""
    height: int = 0


SHOTS = (
    Shot("tableau-de-bord", "/dashboard/", "working_group", "desk", height=1400),
    Shot("tri", "/cases/", "operator", "desk"),
    Shot("saisie", "/cases/new/", "operator", "phone"),
    Shot("pour-moi", "/referrals/", "focal_point", "phone"),
    Shot(
        "referencement",
        "/referrals/",
        "focal_point",
        "desk",
        "main td[data-label=Résumé] a",
    ),
    Shot("coffre-ferme", "/vault/", "psea_focal_point", "phone"),
    Shot("coffre-dossiers", "/vault/cases/", "psea_intake_officer", "desk"),
    Shot("garde", "/vault/duty/", "psea_intake_officer", "phone"),
    Shot("organisations", "/referrals/organisations/", "working_group", "desk"),
    Shot("plan", "/workplan/?plan=EHP-PROTECTION-2020-2022", "workplan_lead", "desk"),
    Shot(
        "indicateur",
        "/workplan/?plan=EHP-PROTECTION-2020-2022&computed=on",
        "workplan_lead",
        "desk",
        "td.plan-indicator a",
        height=1500,
    ),
    Shot("rapporter", "/workplan/report/", "workplan_lead", "phone"),
    Shot("reglages", "/settings/", "administrator", "desk"),
    Shot("etat", "/settings/etat/", "administrator", "phone"),
    Shot("journal", "/journal/", "auditor", "desk"),
    Shot("clients", "/settings/clients/", "agency_manager", "desk"),
    Shot("nos-chiffres", "/referrals/chiffres/", "agency_manager", "desk", height=1200),
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


def open_vault(page: Page, account: dict[str, str]) -> None:
    """With the seven words of the demo, one in each field, unless it is open."""
    page.goto("/vault/")
    fields = page.locator("fieldset.vault-words input")
    if not fields.count():
        return
    for place, word in enumerate(account["vault_passphrase"].split()):
        fields.nth(place).fill(word)
    with page.expect_navigation():
        page.locator("form.vault-open button.btn-primary").click()


def take(page: Page, shot: Shot) -> None:
    size = WIDTHS[shot.width]
    page.set_viewport_size({"width": size["width"], "height": shot.height or size["height"]})
    answer = page.goto(shot.path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.path} does not answer to {shot.role}.")
    if shot.first:
        page.locator(shot.first).first.click()
        page.wait_for_load_state()
    path = PICTURES / f"{shot.name}.png"
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        taken.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)
    print(path.relative_to(ROOT), path.stat().st_size)


def take_as(browser: Browser, demo: dict[str, Any], role: str, shots: list[Shot]) -> None:
    account = next((one for one in demo["accounts"] if one["role"] == role), None)
    if account is None:
        raise SystemExit(f"The demo has no account of the role {role}.")
    with visitor(browser, demo["base_url"]) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        sign_in(page, account, "/accueil/")
        for shot in shots:
            if shot.path.startswith("/vault/") and shot.path != "/vault/":
                open_vault(page, account)
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
