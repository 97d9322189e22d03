"""Applies the migrations of a later version while this one serves, under load: nobody may notice.

    .venv/bin/python -m bench.upgrade [--seconds 20] [--rate 10] [--cases 1000000]

The later migrations (`bench/later`) add columns, a table with a key to cases, and an index. Web server,
worker and schedule stay those of this version throughout.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from bench import stored
from bench.kill import CANARY, FIRST_PHONE, PATIENCE, Sender
from bench.killed_checks import settled, violations
from bench.production import Production, production
from bench.programs import running

LATER = "--settings=bench.later.settings"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="how long messages come")
    parser.add_argument("--rate", type=float, default=10, help="messages each second")
    parser.add_argument("--cases", type=int, default=0, help="copies of a case that are there before")
    options = parser.parse_args()
    with production() as product:
        wrong = run(product, options.seconds, options.rate, options.cases)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def run(product: Production, seconds: float, rate: float, cases: int = 0) -> list[str]:
    """One rehearsal; what was wrong at its end, in sentences."""
    sender = Sender(product.base_url, rate, random.Random(5), first_phone=FIRST_PHONE + 5000)
    with running(product.web(threads=4), product.worker(concurrency=2), product.beat()):
        sender.start()
        time.sleep(seconds / 3)
        if cases:
            stored.fill(product, cases)
        began = time.monotonic()
        product.manage("migrate", LATER, "--verbosity=0")
        took = time.monotonic() - began
        time.sleep(seconds * 2 / 3)
        sender.finish()
        product.taken |= sender.taken
        done = settled(product, len(product.taken), PATIENCE)
    print(f"{len(sender.taken)} messages taken, {sender.refused} refused; migrated within {took:.1f} s.")
    wrong = [] if done else ["there was still work to do."]
    wrong += [f"{sender.refused} posts had no 2xx: somebody noticed."] if sender.refused else []
    wrong += [] if _applied(product) else ["the later migrations were not applied: nothing was rehearsed."]
    return wrong + ([] if cases else violations(product, product.taken, canary=CANARY))


def _applied(product: Production) -> bool:
    with product.connect() as connection:
        row = connection.execute("select count(*) from pg_indexes where indexname = 'later_code_found'").fetchone()
    return row == (1,)


if __name__ == "__main__":
    sys.exit(main())
