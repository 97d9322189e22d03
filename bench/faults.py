"""Takes one thing away at a time while messages keep coming, gives it back, and says what that cost.

    .venv/bin/python -m bench.faults [--only postgres-restarted ...] [--seconds 10] [--rate 8]

Each fault lasts `--seconds`; messages come before it and while it lasts, each posted again until it gets a 2xx. Then
the clock runs until every message is handled and every receipt has left. At the end nothing may be lost, doubled or
readable. Exit code 1 and a sentence for whatever is not so. `failover` and `disk-full` have servers of their own, and
a full disk needs root, to mount a small one.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack

from bench import fault_kinds
from bench.kill import CANARY, CUT_OFF_SECONDS, FIRST_PHONE, PATIENCE, Sender
from bench.killed_checks import settled, violations
from bench.production import Production, production
from bench.programs import Program, running
from tests.stack.processes import free_port

BEFORE = 2.0
PHONES_EACH = 900  # all of them within those whose traces are looked for
Kind = Callable[["Trial", float], AbstractContextManager[str]]
TOGETHER: dict[str, Kind] = {
    "redis-lost": fault_kinds.redis_lost,
    "postgres-restarted": fault_kinds.postgres_restarted,
    "worker-killed": fault_kinds.worker_killed,
    "carrier-down-for-hours": fault_kinds.carrier_down,
    "mail-server-down": fault_kinds.mail_server_down,
    "web-machine-cut-off": fault_kinds.web_cut_off,
    "spool-disk-full": fault_kinds.spool_disk_full,
    "clock-steps": fault_kinds.clock_steps,
}
ALONE: dict[str, Kind] = {"failover": fault_kinds.failover, "disk-full": fault_kinds.database_disk_full}
PREPARED = {"failover": fault_kinds.follow}
DISK_MEGABYTES = {"disk-full": 300}


class Trial:
    """The product with everything that runs."""

    def __init__(self, product: Production) -> None:
        self.product, self.also, self.turn = product, ExitStack(), 0
        self.replica: Program | None = None
        self.replica_port = 0
        product.environment |= fault_kinds.TOLD | {"OUTBOX_CUT_OFF_SECONDS": CUT_OFF_SECONDS}
        self.web, self.worker, self.beat = product.web(threads=4), product.worker(concurrency=2), product.beat()
        self.second_port = free_port()
        self.second_web = product.second_web(self.second_port)

    def sender(self, rate: float) -> Sender:
        """Of messages whose telephones nobody had before."""
        self.turn += 1
        first = FIRST_PHONE + PHONES_EACH * self.turn
        return Sender(
            self.product.base_url,
            rate,
            random.Random(first),
            first_phone=first,
            second_url=f"http://127.0.0.1:{self.second_port}",
            answered_within=4,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[*TOGETHER, *ALONE], choices=[*TOGETHER, *ALONE])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, default=8, help="messages each second")
    options = parser.parse_args()
    wrong = run(options.only, options.seconds, options.rate)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def run(names: Sequence[str], seconds: float, rate: float) -> list[str]:
    """What was wrong at the end, in sentences."""
    print("| fault | lasted | taken in | refused, then taken | longest until taken | all handled after | |")
    print("|---|---:|---:|---:|---:|---:|---|")
    wrong = _tried({name: kind for name, kind in TOGETHER.items() if name in names}, seconds, rate, 0)
    for name, kind in ALONE.items():
        if name in names:
            wrong += _tried({name: kind}, seconds, rate, DISK_MEGABYTES.get(name, 0))
    return wrong


def _tried(kinds: dict[str, Kind], seconds: float, rate: float, disk: int) -> list[str]:
    if not kinds:
        return []
    with production(disk_megabytes=disk) as product, ExitStack() as end:
        trial = Trial(product)
        end.enter_context(trial.also)
        end.enter_context(running(trial.web, trial.second_web, trial.worker, trial.beat))
        for name in kinds.keys() & PREPARED.keys():
            PREPARED[name](trial)
        wrong = [sentence for name, kind in kinds.items() for sentence in _try(trial, name, kind, seconds, rate)]
        return wrong + violations(product, trial.product.taken, canary=CANARY)


def _try(trial: Trial, name: str, kind: Kind, seconds: float, rate: float) -> list[str]:
    sender = trial.sender(rate)
    sender.start()
    time.sleep(BEFORE)
    began = time.monotonic()
    with kind(trial, seconds) as told:
        lasted = time.monotonic() - began
        sender.finish()
        ended = time.monotonic()
        trial.product.taken |= sender.taken
        done = settled(trial.product, len(trial.product.taken), PATIENCE)
    took = time.monotonic() - ended
    print(
        f"| {name} | {lasted:.0f} s | {len(sender.taken)} | {sender.refused} | {sender.longest:.1f} s | {took:.1f} s "
        f"| {told} |",
        flush=True,
    )
    return [] if done else [f"{name}: after {PATIENCE:.0f} s there was still work to do."]


if __name__ == "__main__":
    sys.exit(main())
