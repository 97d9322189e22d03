"""Weight and time of the main pages of a running demo, on a slow machine and a slow line, as a Markdown table.

    make demo &                                  # in one terminal
    .venv/bin/python -m bench.weight [--times 5]  # in another

Chromium is slowed by its own instruments: the processor four times, the network to a weak 3G (400 ms, 400 kbit/s)
for the public's pages and a fair 3G (150 ms, 1.6 Mbit/s) for those of the staff. Nothing is cached.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from scripts.screenshots import FLAGS, sign_in

ROOT = Path(__file__).resolve().parent.parent
SLOWER = 4
PHONE, DESK = {"width": 375, "height": 740}, {"width": 1280, "height": 900}
NAVIGATION = """() => {
  const [timing] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return {server: timing.responseStart - timing.requestStart, paint: paint ? paint.startTime : timing.loadEventEnd,
          load: timing.loadEventEnd};
}"""


class Line(NamedTuple):
    """A line to the outside: its round trip in ms, its rate in bytes each second, up as down."""

    name: str
    latency: int
    rate: float


class Measured(NamedTuple):
    """A page, and the role that looks at it (None for a member of the community)."""

    name: str
    path: str
    role: str | None = None


@dataclass
class Seen:
    """One look: bytes as they came, and milliseconds from asking until each thing had happened."""

    transferred: int
    server: float
    paint: float
    load: float


WEAK = Line("weak 3G", 400, 400_000 / 8)
FAIR = Line("3G", 150, 1_600_000 / 8)
PUBLIC = (
    Measured("/", "/"),
    Measured("/parler/", "/parler/"),
    Measured("/suivi/", "/suivi/"),
    Measured("/confidentialite/", "/confidentialite/"),
)
STAFF = (
    Measured("/cases/", "/cases/", "operator"),
    Measured("/cases/new/", "/cases/new/", "operator"),
    Measured("/referrals/", "/referrals/", "focal_point"),
    Measured("/vault/", "/vault/", "psea_intake_officer"),
    Measured("/workplan/", "/workplan/", "working_group"),
    Measured("/workplan/ (2020-2022)", "/workplan/?plan={past}", "working_group"),
    Measured("/workplan/report/", "/workplan/report/", "workplan_lead"),
    Measured("/workplan/review/", "/workplan/review/", "working_group"),
    Measured("/dashboard/", "/dashboard/", "working_group"),
    Measured("/directory/", "/directory/", "working_group"),
)


def main() -> None:
    options = _options()
    listed = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "demo.json"
    if not listed.exists():
        sys.exit("The demo is not running: start it with make demo, then run this again.")
    demo = json.loads(listed.read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("JAABI_BROWSER"), args=FLAGS)
        print(_machine(browser, options.times))
        for line, viewport, pages in ((WEAK, PHONE, PUBLIC), (FAIR, DESK, STAFF)):
            _table(browser, demo, line, viewport, pages, options.times)
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=5, help="how often each page is opened; the median counts")
    return parser.parse_args()


def _machine(browser: Browser, times: int) -> str:
    """What the measurement was made on, in one line."""
    processor, memory = platform.processor() or platform.machine(), ""
    if sys.platform == "linux":
        processor = _first(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo")) or processor
        kibibytes = int(_first(r"MemTotal:\s*(\d+)", Path("/proc/meminfo")))
        memory = f", {kibibytes / 2**20:.0f} GiB"
    machine = f"{processor}, {os.cpu_count()} cores{memory}, load {os.getloadavg()[0]:.1f}"
    tools = f"Python {platform.python_version()}, Chromium {browser.version}"
    return f"{machine}; {tools}; median of {times}, processor slowed {SLOWER} times\n"


def _first(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"))
    return found.group(1) if found else ""


def _table(
    browser: Browser,
    demo: dict[str, Any],
    line: Line,
    viewport: dict[str, int],
    pages: tuple[Measured, ...],
    times: int,
) -> None:
    """Prints one table: a row for each page, on that line and at that size."""
    print(f"{line.name}: {line.latency} ms, {line.rate * 8 / 1000:.0f} kbit/s; {viewport['width']} px\n")
    print("| page | bytes transferred | server | first paint | loaded |")
    print("|---|---:|---:|---:|---:|")
    for role in dict.fromkeys(page.role for page in pages):
        with _someone(browser, demo, role, viewport) as context:
            for page in (page for page in pages if page.role == role):
                _row(context, line, page, times)
    print()


def _row(context: BrowserContext, line: Line, page: Measured, times: int) -> None:
    window = context.new_page()
    path = _address(window, page.path)
    devtools = _slowed(window, line)
    looks = [_look(window, devtools, path) for _ in range(times)]
    weight = int(median(look.transferred for look in looks))
    server, paint, load = (median(getattr(look, name) for look in looks) for name in ("server", "paint", "load"))
    print(f"| `{page.name}` | {weight:,} | {server:.0f} ms | {paint:.0f} ms | {load:.0f} ms |".replace(",", "\u202f"))
    window.close()


@contextmanager
def _someone(
    browser: Browser, demo: dict[str, Any], role: str | None, viewport: dict[str, int]
) -> Iterator[BrowserContext]:
    """Windows of the first person of that role, already signed in; of a passer-by when no role is named."""
    context = browser.new_context(
        base_url=demo["base_url"],
        locale="fr-FR",
        viewport=viewport,  # type: ignore[arg-type]  # its sizes by name
    )
    if role:
        window = context.new_page()
        sign_in(window, next(one for one in demo["accounts"] if one["role"] == role), "/accueil/")
        window.close()
    yield context
    context.close()


def _address(window: Page, path: str) -> str:
    """The path, the plan of the past named where it asks for it: the first by its years."""
    if "{past}" not in path:
        return path
    window.goto("/workplan/")
    offered = window.locator(".plan-switcher a").all()
    by_years = sorted(offered, key=lambda link: link.inner_text())
    return path.format(past=(by_years[0].get_attribute("href") or "").partition("plan=")[2])


def _slowed(window: Page, line: Line) -> CDPSession:
    devtools = window.context.new_cdp_session(window)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    conditions = {"latency": line.latency, "downloadThroughput": line.rate, "uploadThroughput": line.rate}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    return devtools


def _look(window: Page, devtools: CDPSession, path: str) -> Seen:
    """Opens the page once, and waits until nothing more comes."""
    sizes: list[int] = []

    def count(event: dict[str, Any]) -> None:
        sizes.append(int(event["encodedDataLength"]))

    devtools.on("Network.loadingFinished", count)
    answer = window.goto(path, wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{path} does not answer.")
    devtools.remove_listener("Network.loadingFinished", count)
    return Seen(sum(sizes), **window.evaluate(NAVIGATION))


if __name__ == "__main__":
    main()
