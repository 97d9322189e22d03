"""Kills parts of the running product with -9 while messages keep coming, and counts what became of each message.

    .venv/bin/python -m bench.kill --points 40 --seconds 600 [--seed 7] [--rate 15]

PostgreSQL, Redis, web server, worker and schedule are real processes of this run; a carrier posts signed messages and
posts each again until it gets a 2xx, as Twilio does. At the end every message must be one envelope, every case must
have one receipt, and nothing said may lie in a file. Exit code 1 and a sentence for whatever is not so.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import threading
import time
from dataclasses import dataclass, field

from bench.killed_checks import settled, violations
from bench.posts import PATH, signed
from bench.production import Production, production
from bench.programs import Program, running
from tests.standin.webhooks import Request, post

SENDERS = 6
WAIT_BEFORE_RETRY = 0.4
REPEATED = 0.1
SEALED = 0.1
# Stands in every message; its like is in no file of the product, so that a trace of it is a trace of what was said.
CANARY = "kanaribalaforo"
MATTER = f"Le forage de {CANARY} est en panne depuis trois jours"
ABUSE = f"Un agent humanitaire a exigé des rapports sexuels contre un bon alimentaire à {CANARY}"
FIRST_PHONE = 6540000
PATIENCE = 300.0
# Shorter than in production, so that a run need not wait minutes for a message that was cut off half sent.
CUT_OFF_SECONDS = "30"


@dataclass
class Sender:
    """Posts messages at an even rate, each until it is taken; a few twice, as carriers do.

    Where a second address is given, each new try goes to the other one. `longest` is the longest that one waited.
    """

    base_url: str
    rate: float
    chance: random.Random
    taken: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    first_phone: int = FIRST_PHONE
    second_url: str = ""
    answered_within: float = 15
    longest: float = 0.0

    def __post_init__(self) -> None:
        self._over, self._lock, self._next = threading.Event(), threading.Lock(), 0
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(SENDERS)]

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Begins no more messages; returns once each that was begun is taken."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        while not self._over.is_set():
            with self._lock:
                number, self._next = self._next, self._next + 1
                words = ABUSE if self.chance.random() < SEALED else MATTER
                sid, again = f"SM{self.chance.getrandbits(128):032x}", self.chance.random() < REPEATED
            self._over.wait(max(0.0, self._began + number / self.rate - time.monotonic()))
            if self._over.is_set():
                return
            request = signed(self.first_phone + number, sid=sid, words=words)
            for _time in range(2 if again else 1):
                self._until_taken(request)
            with self._lock:
                self.taken[sid] = self.first_phone + number

    def _until_taken(self, request: Request) -> None:
        began = time.monotonic()
        for url in itertools.cycle((self.base_url, self.second_url or self.base_url)):
            if _is_taken(Request(url + PATH, request.headers, request.body), self.answered_within):
                break
            self.refused += 1
            time.sleep(WAIT_BEFORE_RETRY)
        self.longest = max(self.longest, time.monotonic() - began)


def _is_taken(wire: Request, within: float) -> bool:
    try:
        return post(wire, timeout=within).status // 100 == 2
    except OSError:
        return False


def main() -> int:
    options = _options()
    wrong = run(options.points, options.seconds, seed=options.seed, rate=options.rate)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def run(points: int, seconds: float, *, seed: int, rate: float) -> list[str]:
    """One run; what was wrong at its end, in sentences."""
    with production() as product:
        return run_on(product, points, seconds, seed=seed, rate=rate)


def run_on(product: Production, points: int, seconds: float, *, seed: int, rate: float) -> list[str]:
    """As `run`, on a product that may have taken in messages of other telephones before."""
    chance = random.Random(seed)
    product.environment["OUTBOX_CUT_OFF_SECONDS"] = CUT_OFF_SECONDS
    web, worker = product.web(threads=4), product.worker(concurrency=2)
    sender = Sender(product.base_url, rate, random.Random(seed + 1))
    with running(web, worker, product.beat()):
        sender.start()
        killed = _kill(points, seconds, [web, worker, product.redis, product.postgres], chance)
        sender.finish()
        sent_within = time.monotonic()
        product.taken |= sender.taken
        done = settled(product, len(product.taken), PATIENCE)
        print(_story(sender, killed, time.monotonic() - sent_within))
    wrong = [] if done else [f"after {PATIENCE:.0f} s there was still work to do."]
    return wrong + violations(product, product.taken, canary=CANARY)


def _kill(points: int, seconds: float, targets: list[Program], chance: random.Random) -> dict[str, int]:
    """Each point: one of them ends at once, and is started again after a moment. Out: how often each."""
    began = time.monotonic()
    killed = dict.fromkeys((target.name for target in targets), 0)
    order: list[Program] = []
    for moment in sorted(chance.uniform(1.0, seconds) for _ in range(points)):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        order = order or chance.sample(targets, len(targets))
        target = order.pop()
        target.kill()
        killed[target.name] += 1
        time.sleep(chance.uniform(0.0, 1.5))
        target.start()
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    return killed


def _story(sender: Sender, killed: dict[str, int], drained: float) -> str:
    points = ", ".join(f"{name} {count}" for name, count in killed.items())
    return (
        f"{len(sender.taken)} messages taken; killed: {points}; {sender.refused} posts had no 2xx and were repeated; "
        f"all was settled {drained:.0f} s after the last message."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=8, help="how many times something is killed")
    parser.add_argument("--seconds", type=float, default=60, help="how long messages come")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=10, help="messages each second")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
