"""Changes every key that seals or marks while messages keep coming, the change itself killed again and again.

    .venv/bin/python -m bench.rotate --kills 20 --seconds 180 [--seed 7] [--rate 6]

Messages come under the older keys; the product is then restarted with newer ones beside them, as
docs/que-faire-quand.md says, and `rotate_sealing` and `rotate_marks` run while messages go on, ended with -9 at random
moments and begun again. When nothing moves any more the older keys leave. Then every message must be one envelope and
one receipt (`bench.killed_checks`), and whatever is sealed must open under the newer keys alone. Exit code 1 and a
sentence for whatever is not so.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.kill import CANARY, PATIENCE, Sender
from bench.killed_checks import settled, violations
from bench.production import Production, production
from bench.programs import ROOT, running
from config.development_keys import MADE

RINGS = ("SEALING_KEYS", "VAULT_SEALING_KEYS")
MARKS = ("INDEX_KEY", "VAULT_INDEX_KEY")
# Few rows in a transaction, so that a change takes long enough to be cut off.
BATCH = "5"
TRIED = """
from core.rings import rings
for ring in rings():
    seen = ring.tried({"default": "default", "vault_owner": "vault_owner"})
    print("tried", ring.SETTING, seen.opened, seen.closed)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=6, help="how often the change is ended with -9")
    parser.add_argument("--seconds", type=float, default=60, help="how long messages come")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=6, help="messages each second")
    options = parser.parse_args()
    with production() as product:
        wrong = run_on(product, options.kills, options.seconds, seed=options.seed, rate=options.rate)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def run_on(product: Production, kills: int, seconds: float, *, seed: int, rate: float) -> list[str]:
    """One run; what was wrong at its end, in sentences."""
    chance = random.Random(seed)
    sender = Sender(product.base_url, rate, random.Random(seed + 1))
    began = time.monotonic()
    with _serving(product):
        sender.start()
        time.sleep(seconds / 3)
    product.environment |= {name: f"{MADE[name]()},{product.environment[name]}" for name in RINGS}
    product.environment |= {name: f"{product.environment[name]},{MADE[name]()}" for name in MARKS}
    with _serving(product):
        cut = _changed(product, kills, chance)
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        sender.finish()
        product.taken |= sender.taken
        done = settled(product, len(product.taken), PATIENCE)
        passes = _until_nothing_moves(product)
        product.manage("rotate_marks")
    product.environment |= {name: product.environment[name].split(",")[0] for name in RINGS}
    product.environment |= {name: product.environment[name].replace(",", "+") for name in MARKS}
    print(
        f"{len(product.taken)} messages taken, {sender.refused} posts had no 2xx and were repeated; the change was "
        f"ended {cut} times, and moved nothing more after {passes} passes."
    )
    wrong = [] if done else [f"after {PATIENCE:.0f} s there was still work to do."]
    return [*wrong, *_closed(product), *violations(product, product.taken, canary=CANARY)]


@contextmanager
def _serving(product: Production) -> Iterator[None]:
    with running(product.web(threads=4), product.worker(concurrency=2), product.beat()):
        yield


def _changed(product: Production, kills: int, chance: random.Random) -> int:
    """Begins the changes in turn and ends each at a random moment. Out: how many had not ended by themselves."""
    cut = 0
    for number in range(kills):
        command = ("rotate_sealing", "rotate_marks")[number % 2]
        arguments = [sys.executable, "manage.py", command, "--batch", BATCH]
        process = subprocess.Popen(arguments, cwd=ROOT, env=product.environment, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(1.5, 6.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            cut += 1
    return cut


def _until_nothing_moves(product: Production) -> int:
    for passes in range(1, 10):
        said = product.manage("rotate_sealing")
        moved = re.search(r"^(\d+) enveloppes déplacées", said, re.MULTILINE)
        if moved is not None and moved.group(1) == "0":
            return passes
    return passes


def _closed(product: Production) -> list[str]:
    """What the newer keys alone do not open, and rings of which they opened nothing."""
    found = re.findall(r"^tried (\w+) (\d+) (\d+)$", product.manage("shell", "-c", TRIED), re.MULTILINE)
    wrong = [
        f"{closed} things do not open under the newest key of {name}." for name, _opened, closed in found if int(closed)
    ]
    wrong += [f"nothing was opened under {name}." for name, opened, _closed in found if not int(opened)]
    return wrong if len(found) == len(RINGS) else ["not every ring was tried."]


if __name__ == "__main__":
    sys.exit(main())
