"""How fast messages are taken in and answered, beside what the machine and Django could do, as Markdown.

    .venv/bin/python -m bench.intake                    # a few minutes
    .venv/bin/python -m bench.intake --short            # less than a minute, to see that it works
    .venv/bin/python -m bench.intake --stored 5000000 --burst 100000

It starts PostgreSQL, Redis, the web server and workers of its own, and removes them: nothing must run beforehand.
PostgreSQL and Redis must be installed (Debian: postgresql, redis-server).
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import granian
import psycopg

from bench import drain, stored
from bench.limit import BARE_TABLE, TABLE, limit
from bench.load import Seen, null_server, sent, written
from bench.posts import posts
from bench.production import Production, production
from bench.programs import Program, running
from tests.stack.processes import free_port

SEEDS = itertools.count(1)
PREPARED_EACH_SECOND = 4000


@dataclass
class Side:
    """One of those compared: how a run is made, what was seen of it, and the work it cost the processors."""

    name: str
    run: Callable[[int], Seen]
    programs: tuple[Program, ...]
    seen: dict[int, list[Seen]]
    work: dict[int, list[list[float]]]


def main() -> None:
    options = _options()
    with production() as product:
        print(f"{options.workers} web processes of {options.threads} threads; {machine(product)}")
        _compare(product, options)
        if options.drain:
            drain.measure(product, options.drain)
        if options.stored:
            stored.measure(product, options.stored, options.seconds)
        if options.burst:
            drain.burst(product, options.burst)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=int, default=5, help="length of each run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, in turns; the median counts")
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
    parser.add_argument("--threads", type=int, default=16, help="threads of each")
    parser.add_argument("--drain", type=int, default=1000, help="messages drained by one worker, then by two; 0: none")
    parser.add_argument("--stored", type=int, default=0, help="compare a thousand with so many messages stored")
    parser.add_argument("--burst", type=int, default=0, help="so many messages at once, none lost or doubled")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    if options.short:
        options.seconds, options.rounds, options.drain, options.clients = 2, 1, 100, [1, 8]
    return options


def machine(product: Production) -> str:
    """What it is measured on, in two lines."""
    processor = Path("/proc/cpuinfo").read_text().partition("model name\t: ")[2].partition("\n")[0]
    with product.connect() as connection:
        told = [
            (name, *(connection.execute(f"show {name}").fetchone() or ()))
            for name in ("server_version", "synchronous_commit", "fsync", "wal_sync_method")
        ]
    database = ", ".join(f"{name} {value}" for name, value in told)
    tools = f"Python {platform.python_version()}, granian {granian.__version__}, psycopg {psycopg.__version__}"
    return f"{processor}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {tools}\nPostgreSQL: {database}\n"


def _compare(product: Production, options: argparse.Namespace) -> None:
    with product.connect("postgres") as server:
        server.execute("create database bench")
    with product.connect("bench") as connection:
        connection.execute(BARE_TABLE)
        connection.execute(TABLE)
    with null_server() as port:
        seen = _load(product, port, max(options.clients), options.seconds)
        print(f"The sender alone, against a server that does nothing: {seen.rate:,.0f} requests/s\n")
    ours = product.web(options.workers, options.threads)
    port = free_port()
    plain = product.granian("bare", "bench.bare:application", port, options.workers, options.threads)
    with running(ours, plain):
        sides = [
            Side("pgbench", lambda clients: limit(product, clients, options.seconds), (), {}, {}),
            _side("bare Django view", product, port, plain, options.seconds),
            _side("Jaabi", product, product.web_port, ours, options.seconds),
        ]
        for side in sides:
            side.run(max(options.clients))  # what is loaded once, and every thread's first connection, is not measured
        size_before, count_before = _size(product)
        for clients, _round in itertools.product(options.clients, range(options.rounds)):
            for side in sides:
                _measure(side, clients, product.postgres)
        size, count = _size(product)
    _table(sides, options.clients)
    print(f"\n{(size - size_before) / (count - count_before):,.0f} bytes stored for each message, indexes included\n")


def _side(name: str, product: Production, port: int, web: Program, seconds: int) -> Side:
    return Side(name, lambda clients: _load(product, port, clients, seconds), (web, product.postgres), {}, {})


def _load(product: Production, port: int, clients: int, seconds: int) -> Seen:
    file = product.folder / "requests"
    written(file, itertools.islice(posts(next(SEEDS)), PREPARED_EACH_SECOND * seconds))
    return sent(file, port, clients, seconds)


def _measure(side: Side, clients: int, database: Program) -> None:
    before = [program.processor_seconds() for program in side.programs]
    seen = side.run(clients)
    assert seen.bad == 0, f"{side.name}: {seen.bad} of {seen.good + seen.bad} were refused"
    after = [program.processor_seconds() for program in side.programs]
    side.seen.setdefault(clients, []).append(seen)
    spent = [1e6 * (now - then) / seen.good for now, then in zip(after, before, strict=True)]
    side.work.setdefault(clients, []).append(spent)


def _size(product: Production) -> tuple[int, int]:
    """Bytes of the table of messages with its indexes, and its rows."""
    with product.connect() as connection:
        row = connection.execute("select pg_total_relation_size('feedback_envelope'), count(*) from feedback_envelope")
        size, count = row.fetchone() or (0, 0)
    return int(str(size)), int(str(count))


def _table(sides: list[Side], levels: list[int]) -> None:
    print("| clients | | messages/s | of pgbench | p50 | p95 | p99 | µs of processor, web + database |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|")
    for clients in levels:
        whole = median(seen.rate for seen in sides[0].seen[clients])
        for side in sides:
            print(f"| {clients} | {side.name} | {' | '.join(_cells(side, clients, whole))} |")


def _cells(side: Side, clients: int, whole: float) -> Iterator[str]:
    seen = side.seen[clients]
    rate = median(one.rate for one in seen)
    yield f"{rate:,.0f}".replace(",", "\u202f")
    yield f"1/{whole / rate:.1f}"
    for name in ("p50", "p95", "p99"):
        yield f"{median(getattr(one, name) for one in seen):.1f} ms"
    yield " + ".join(f"{median(spent):,.0f}" for spent in zip(*side.work[clients], strict=True)) or "–"


if __name__ == "__main__":
    main()
