"""How long lists and single pages of cases and referrals take, few and many, on PostgreSQL, as a Markdown table.

    .venv/bin/python -m bench.pages                                # ten thousand cases, then a million
    .venv/bin/python -m bench.pages --cases 2000 10000 --times 20  # to see that it works

It starts PostgreSQL, Redis and the web server of its own, and removes them. Pages are asked for one after another over
HTTP, by one person at a time; a row read by its primary key, in the same run, gives the scale.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from bench.intake import machine
from bench.production import AS_THE_FRONT, Production, production
from bench.programs import ROOT, running

# Who looks at what; {case} and {referral} are in turn those made for it.
PAGES = (
    ("ibrahim", "/referrals/", "pour moi (HCR, un quart de tout)"),
    ("ibrahim", "/referrals/?groupe=late", "en retard"),
    ("ibrahim", "/referrals/?groupe=others", "en attente d’autres"),
    ("ibrahim", "/referrals/{referral}/", "un référencement"),
    ("oumar", "/referrals/", "pour moi (NRC Bamako)"),
    ("awa", "/cases/", "bureau d’écoute, à trier"),
    ("awa", "/cases/?liste=a-dire", "à dire"),
    ("awa", "/cases/?liste=referes", "chez une organisation"),
    ("awa", "/cases/?liste=clos", "clos"),
    ("awa", "/cases/?liste=tous&page=200", "tous, page 200"),
    ("awa", "/cases/?liste=tous&q=forage", "tous, recherche sans réponse"),
    ("awa", "/cases/?dossier={case}", "un dossier"),
    ("awa", "/referrals/", "pour moi (ligne verte, la moitié)"),
)
WARM = 2


@dataclass(frozen=True)
class Times:
    """Milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, times: int, once: Callable[[int], object]) -> Times:
        seen = []
        for number in range(times + WARM):
            began = time.perf_counter()
            once(number)
            seen.append(1000 * (time.perf_counter() - began))
        cut = quantiles(seen[WARM:], n=20)
        return cls(cut[9], cut[18])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 1_000_000], help="each with two referrals")
    parser.add_argument("--times", type=int, default=60, help="looks at each page")
    options = parser.parse_args()
    with production() as product:
        print(machine(product))
        seen = [_measured(product, cases, options.times) for cases in sorted(options.cases)]
    print(f"| page | who | {' | '.join(f'{cases:,}: p50, p95' for cases in sorted(options.cases))} |")
    print(f"|---|---|{'---:|' * len(seen)}")
    for name in seen[0]:
        told = " | ".join(f"{of[name].p50:.1f}, {of[name].p95:.1f} ms" for of in seen)
        print(f"| {name[0]} | {name[1]} | {told} |")


def _measured(product: Production, cases: int, times: int) -> dict[tuple[str, str], Times]:
    began = time.monotonic()
    crowd(product, "grow", str(cases))
    print(f"{cases:,} cases and {2 * cases:,} referrals made in {time.monotonic() - began:.0f} s", file=sys.stderr)
    known = json.loads(crowd(product, "sign-in"))
    found = {("a row by its primary key", "SQL"): Times.of(times, _bare(product, known["referrals"]))}
    with running(product.web(workers=1)):
        for who, path, name in PAGES:
            look = _look(product, known["cookies"][who], path, known)
            found[f"`{path}` {name}", who] = Times.of(times, look)
    return found


def crowd(product: Production, *arguments: str) -> str:
    """`bench.crowd` in the product's settings; what it said."""
    command = [sys.executable, "-m", "bench.crowd", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=product.environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _bare(product: Production, pks: list[str]) -> Callable[[int], object]:
    connection = product.connect()
    return lambda number: connection.execute(
        "select * from referrals_referral where id = %s", [pks[number % len(pks)]]
    ).fetchone()


def _look(product: Production, cookie: str, path: str, known: dict[str, Any]) -> Callable[[int], object]:
    """One page over a connection that stays open. Raises AssertionError unless it is shown whole."""
    line = http.client.HTTPConnection("127.0.0.1", product.web_port, timeout=120)
    headers = {"Cookie": cookie, **AS_THE_FRONT}

    def once(number: int) -> None:
        which = number % len(known["cases"])
        address = path.format(case=known["cases"][which], referral=known["referrals"][which])
        line.request("GET", address, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, (address, answer.status)
        assert b"</html>" in body, address

    return once


if __name__ == "__main__":
    main()
