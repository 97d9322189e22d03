"""What 1, 2 and 4 hosts do that share one PostgreSQL and one Redis: intake, drain, pages; the curve, and what bends it.

    .venv/bin/python -m bench.scale                       # some five minutes; root, PostgreSQL, Redis, iproute2
    .venv/bin/python -m bench.scale --short --hosts 1 2   # to see that it works

Each host is a network namespace with one process of the web server or one worker, and reaches the services over a
network of its own. They share this machine's processors: once these are used up, a further host brings nothing, and
what is left to learn is what a message costs each part, whichever host it runs on.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import drain
from bench.hosts import WEB_PORT, Host, cores, hosts, idle_seconds, services_address
from bench.intake import machine
from bench.load import Seen, sent, written
from bench.pages import crowd
from bench.posts import posts
from bench.production import PUBLIC_URL, Production, production
from bench.programs import Program, running

THREADS = 8
CLIENTS = 16
LOOKS = 20_000
PAGES = (("awa", "/cases/"), ("ibrahim", "/referrals/"), ("awa", "/dashboard/"))
SEEDS = itertools.count(3000)


@dataclass(frozen=True)
class Run:
    """What so many hosts did in a second; the work of each, in ms of processor by part; how busy the machine was."""

    what: str
    hosts: int
    rate: float
    p99: float
    work: dict[str, float]
    busy: float

    def row(self, first: Run) -> str:
        told = ", ".join(f"{part} {1e3 * seconds / self.rate:.1f}" for part, seconds in self.work.items())
        wait = f"{self.p99:.0f} ms" if self.p99 else "–"
        gain = f"×{self.rate / first.rate:.2f}"
        return f"| {self.what} | {self.hosts} | {self.rate:,.0f} | {gain} | {wait} | {told} | {self.busy:.0%} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=int, default=8, help="of intake and of pages")
    parser.add_argument("--messages", type=int, default=1500, help="drained by each number of hosts")
    parser.add_argument("--cases", type=int, default=5000, help="that pages are made of")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    if options.short:
        options.seconds, options.messages, options.cases = 2, 120, 500
    with services_address() as address, production(also_at=address) as product, hosts(max(options.hosts)) as made:
        print(f"{cores()} cores for all: hosts, services, sender and carrier; {machine(product)}")
        print("| | hosts | in a second | | p99 | ms of processor for each | processors in use |")
        print("|---|---:|---:|---:|---:|---|---:|")
        _curve(lambda some: _intake(product, some, options.seconds), made, options.hosts)
        _curve(lambda some: _drained(product, some, options.messages), made, options.hosts)
        crowd(product, "grow", str(options.cases))
        known = json.loads(crowd(product, "sign-in"))
        for who, path in PAGES:
            asked = partial(_looked, product, seconds=options.seconds, path=path, cookie=known["cookies"][who])
            _curve(asked, made, options.hosts)


def _curve(measure: Callable[[Sequence[Host]], Run], made: Sequence[Host], counts: Sequence[int]) -> None:
    first = None
    for count in counts:
        run = measure(made[:count])
        first = first or run
        print(run.row(first), flush=True)


def _intake(product: Production, some: Sequence[Host], seconds: int) -> Run:
    """Signed messages at every host's door; no worker runs."""
    drain.empty(product)
    web = [host.web(product, THREADS) for host in some]
    files = [product.folder / f"requests-{host.name}" for host in some]
    for file in files:
        written(file, itertools.islice(posts(next(SEEDS)), 2000 * seconds // len(some)))
    return _loaded("intake", product, some, web, files, seconds)


def _looked(product: Production, some: Sequence[Host], seconds: int, path: str, cookie: str) -> Run:
    web = [host.web(product, THREADS) for host in some]
    file = product.folder / "looks"
    host = PUBLIC_URL.removeprefix("https://")
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\nCookie: {cookie}\r\n\r\n".encode()
    written(file, itertools.repeat(request, LOOKS))
    return _loaded(f"`{path}`", product, some, web, [file for _host in some], seconds)


def _loaded(
    what: str, product: Production, some: Sequence[Host], web: list[Program], files: Sequence[Path], seconds: int
) -> Run:
    each = max(1, CLIENTS // len(some))
    with running(*web):
        _sent_to(some, files, each, 1)  # what is loaded once is not measured
        with _measuring(product, {"web": web, "database": [product.postgres]}) as spent:
            seen = _sent_to(some, files, each, seconds)
        bad = sum(one.bad for one in seen)
        assert not bad, f"{what}: {bad} were refused"
        work, busy = spent()
    good = sum(one.good for one in seen)
    scale = sum(one.rate for one in seen) / good
    return Run(
        what,
        len(some),
        good * scale,
        max(one.p99 for one in seen),
        {part: used * scale for part, used in work.items()},
        busy,
    )


def _sent_to(some: Sequence[Host], files: Sequence[Path], clients: int, seconds: float) -> list[Seen]:
    """At all hosts at once."""
    with ThreadPoolExecutor(len(some)) as pool:
        runs = [
            pool.submit(sent, file, WEB_PORT, clients, seconds, host.address)
            for host, file in zip(some, files, strict=True)
        ]
        return [run.result() for run in runs]


def _drained(product: Production, some: Sequence[Host], count: int) -> Run:
    """From stored to receipt queued, with a worker process on each host; the queue was full before they started."""
    drain.taken_in(product, count, seed=next(SEEDS))
    product.standin.be_slow(drain.CARRIER_SECONDS)
    workers = [host.worker(product) for host in some]
    with drain.counting(product) as counted, running(*workers):
        drain.until(lambda: counted(drain.WAITING) < count)
        began, left = time.monotonic(), counted(drain.WAITING)
        with _measuring(product, {"worker": workers, "database": [product.postgres]}) as spent:
            drain.until(lambda: counted(drain.WAITING) == 0)
        took = time.monotonic() - began
        work, busy = spent()
    return Run("drain", len(some), left / took, 0.0, {part: used / took for part, used in work.items()}, busy)


@contextmanager
def _measuring(
    product: Production, parts: dict[str, list[Program]]
) -> Iterator[Callable[[], tuple[dict[str, float], float]]]:
    """Gives what says, once the block is over, the seconds of processor by part, and the share of all that was used."""
    parts = parts | {"Redis": [product.redis]}

    def now() -> dict[str, float]:
        return {part: sum(one.processor_seconds() for one in programs) for part, programs in parts.items()}

    before, idle, began = now(), idle_seconds(), time.monotonic()
    found: list[tuple[dict[str, float], float]] = []
    yield lambda: found[0]
    spent = {part: used - before[part] for part, used in now().items()}
    whole = (time.monotonic() - began) * (os.cpu_count() or 1)
    found.append((spent, 1 - (idle_seconds() - idle) / whole))


if __name__ == "__main__":
    main()
