"""From stored to receipt queued: how many messages a worker handles in a second, and a burst that is taken in whole.

What is asked of the database while it is measured is answered from an index, however many rows there are: the cost of
asking is in the figures.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from bench.load import sent, written
from bench.posts import posts
from bench.production import Production
from bench.programs import running

CLIENTS = 32
SEED = 700
PATIENCE = 4 * 3600.0
# A carrier is not on this machine, nor in this country: so long it takes to answer.
CARRIER_SECONDS = 0.1
STORED = "select count(*) from feedback_envelope"
WAITING = "select count(*) from feedback_envelope where state = 'stored'"
RECEIPTS = "select count(*) from core_outbound where kind = 'receipt'"
SENT = "select count(*) from core_outbound where state in ('sent', 'delivered')"
HEARD_TWICE = "select count(*) - count(distinct receipt_hash) from feedback_case where receipt_hash is not null"


def measure(product: Production, count: int) -> None:
    """One worker process, then two, each on a queue that was filled before they started."""
    print("| worker processes | messages | from stored to receipt queued | processor, worker and database |")
    print("|---:|---:|---:|---:|")
    for processes in (1, 2):
        taken_in(product, count, seed=SEED + processes)
        seen = drained(product, processes, count)
        print(f"| {processes} | {count} | {seen.rate:.0f} messages/s | {seen.work:.1f} ms |")
    print()


def taken_in(product: Production, count: int, *, seed: int) -> float:
    """Messages sent at once, while no worker runs; out: how long it took. All are stored, and in the queue."""
    empty(product)
    file = product.folder / "burst"
    written(file, itertools.islice(posts(seed), count))
    with running(product.web()), counting(product) as counted:
        seen = sent(file, product.web_port, CLIENTS, PATIENCE)
        assert (seen.good, seen.bad, counted(STORED)) == (count, 0, count), seen
        time.sleep(1.0)  # what is still with the thread that publishes
    return seen.seconds


class Drained(NamedTuple):
    """Messages handled each second, and the processor time of each, worker and database, in milliseconds."""

    rate: float
    work: float


def drained(product: Production, processes: int, count: int) -> Drained:
    """So many messages handled, measured between the first and the last."""
    worker = product.worker(concurrency=processes)

    def spent() -> float:
        return worker.processor_seconds() + product.postgres.processor_seconds()

    product.standin.be_slow(CARRIER_SECONDS)
    with counting(product) as counted:
        before = counted(WAITING)
        with running(worker):
            until(lambda: counted(WAITING) < before)
            began, left, work = time.monotonic(), counted(WAITING), spent()
            until(lambda: counted(WAITING) <= before - count)
            done = left - counted(WAITING)
            return Drained(done / (time.monotonic() - began), 1e3 * (spent() - work) / done)


def burst(product: Production, count: int) -> None:
    """Raises AssertionError if one of them is lost or doubled."""
    seconds = taken_in(product, count, seed=SEED)
    print(f"A burst of {count:,}: taken in within {seconds:.0f} s ({count / seconds:,.0f}/s),", end=" ", flush=True)
    product.standin.be_slow(CARRIER_SECONDS)
    began = time.monotonic()
    with running(product.beat(), product.worker(concurrency=2)), counting(product) as counted:
        until(lambda: counted(WAITING) == 0)
        told = f"each handled and its receipt queued after {time.monotonic() - began:.0f} s more"
        print(f"{told} ({counted(SENT) / count:.0%} with the carrier by then),", end=" ", flush=True)
        assert (counted(STORED), counted(RECEIPTS)) == (count, count)
        assert counted(HEARD_TWICE) == 0
        until(lambda: counted(SENT) == count)
    print(f"the last receipt with the carrier after {time.monotonic() - began:.0f} s. None lost, none doubled.\n")
    assert len({one["to"] for one in product.standin.sent()}) == len(product.standin.sent()) == count


def empty(product: Production) -> None:
    """Nothing said before is left: neither rows, nor tasks, nor what the carrier holds."""
    with product.connect() as connection:
        connection.execute("truncate feedback_envelope, feedback_case, feedback_phonepreference, core_outbound cascade")
        connection.execute("truncate core_erasure, core_auditentry")
    product.redis.kill()
    product.redis.start()
    product.standin.reset()


@contextmanager
def counting(product: Production) -> Iterator[Callable[[str], int]]:
    """Gives what counts, over one connection."""
    with product.connect() as connection:

        def counted(question: str) -> int:
            row = connection.execute(question.encode()).fetchone()
            return int(str(row[0])) if row else 0

        yield counted


def until(holds: Callable[[], bool]) -> None:
    """Returns once it holds. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)
