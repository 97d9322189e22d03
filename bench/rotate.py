"""Changes every key of an installation while messages keep coming, the changes themselves killed again and again.

    .venv/bin/python -m bench.rotate --kills 20 --seconds 180 [--seed 7] [--rate 6]

Messages come under the older keys; the product is then restarted with newer ones beside them, as
docs/que-faire-quand.md says, and an officer leaves. `rotate_sealing`, `rotate_marks` and the sealing anew of what she
could open run while messages go on, ended with -9 at random moments and begun again. When nothing moves any more the
older keys leave. Then every message must be one envelope and one receipt (`bench.killed_checks`), whatever is sealed
must open under the newer keys alone and to the officers who stayed, the audit must be verified from the first signing
key on, and a session that was begun under the older secret must have gone on until that left. Exit code 1 and a
sentence for whatever is not so.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from bench.kill import CANARY, PATIENCE, Sender
from bench.killed_checks import settled, violations
from bench.production import AS_THE_FRONT, Production, production
from bench.programs import ROOT, running
from config.development_keys import MADE

RINGS = ("SEALING_KEYS", "VAULT_SEALING_KEYS")
MARKS = ("INDEX_KEY", "VAULT_INDEX_KEY")
SIGNING, SESSIONS = "AUDIT_SIGNING_KEYS", "SECRET_KEY"
OFFICERS = "bench.rotate_officers"
VERIFIER = str(ROOT / "verifier" / "verify_audit.py")
# Few rows in a transaction, so that a change takes long enough to be cut off.
BATCH = "5"
TRIED = """
from core.rings import rings
for ring in rings():
    seen = ring.tried({"default": "default", "vault_owner": "vault_owner"})
    print("tried", ring.SETTING, seen.opened, seen.closed)
"""

POINT = """
import json
from django.utils import timezone
from core import audit
from core.actors import SYSTEM
from core.audit_hashes import CHAINS
from core.checkpoints import make_checkpoint
for alias in CHAINS:
    audit.record("bench.act", by=SYSTEM, using=alias)
print("signed by", *json.loads(make_checkpoint(timezone.now()).line)["keys"])
"""
SIGN_IN = """
from django.conf import settings
from django.test import Client
from tests.cast import found_cast
client = Client()
client.force_login(found_cast().lassana)
print("session", settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
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
        passphrase = product.run("-m", OFFICERS, "enrol").splitlines()[-1].removeprefix("passphrase ")
        sender.start()
        cookie = "=".join(_said(product, SIGN_IN, "session"))
        older = _said(product, POINT, "signed by")[0]
        wrong = _session(product, cookie, goes_on=True)
        time.sleep(max(0.0, began + seconds / 3 - time.monotonic()))
    product.environment |= {name: f"{MADE[name]()},{product.environment[name]}" for name in (*RINGS, SIGNING)}
    product.environment |= {"SECRET_KEY_FALLBACKS": product.environment[SESSIONS], SESSIONS: MADE[SESSIONS]()}
    product.environment |= {name: f"{product.environment[name]},{MADE[name]()}" for name in MARKS}
    with _serving(product):
        cut = _changed(product, kills, chance, passphrase)
        wrong += _session(product, cookie, goes_on=True)
        _said(product, POINT, "signed by")
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        sender.finish()
        product.taken |= sender.taken
        done = settled(product, len(product.taken), PATIENCE)
        passes = _until_nothing_moves(product)
        product.manage("rotate_marks")
        product.run("-m", OFFICERS, "mend", passphrase)
    product.environment |= {name: product.environment[name].split(",")[0] for name in (*RINGS, SIGNING)}
    del product.environment["SECRET_KEY_FALLBACKS"]
    product.environment |= {name: product.environment[name].replace(",", "+") for name in MARKS}
    print(
        f"{len(product.taken)} messages taken, {sender.refused} posts had no 2xx and were repeated; the change was "
        f"ended {cut} times, and moved nothing more after {passes} passes."
    )
    wrong += [] if done else [f"after {PATIENCE:.0f} s there was still work to do."]
    with _serving(product):
        wrong += _session(product, cookie, goes_on=False)
    wrong += [*_unproved(product, older), *product.run("-m", OFFICERS, "check", passphrase).splitlines()]
    return [*wrong, *_closed(product), *violations(product, product.taken, canary=CANARY)]


@contextmanager
def _serving(product: Production) -> Iterator[None]:
    with running(product.web(threads=4), product.worker(concurrency=2), product.beat()):
        yield


def _changed(product: Production, kills: int, chance: random.Random, passphrase: str) -> int:
    """Begins the changes in turn and ends each at a random moment. Out: how many had not ended by themselves."""
    sealing, marks = (["manage.py", name, "--batch", BATCH] for name in ("rotate_sealing", "rotate_marks"))
    changes, cut = (sealing, marks, ["-m", OFFICERS, "mend", passphrase]), 0
    for number in range(kills):
        command = [sys.executable, *changes[number % len(changes)]]
        process = subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=subprocess.DEVNULL)
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


def _said(product: Production, script: str, before: str) -> list[str]:
    """The words that a script prints after these."""
    lines = product.manage("shell", "-c", script).splitlines()
    return next(line.removeprefix(before).split() for line in lines if line.startswith(before))


def _session(product: Production, cookie: str, *, goes_on: bool) -> list[str]:
    """What is wrong where it has not gone on, or has although its key left."""
    line = http.client.HTTPConnection("127.0.0.1", product.web_port, timeout=30)
    headers = {"Cookie": cookie, **AS_THE_FRONT}
    line.request("GET", "/dashboard/", headers=headers)
    went_on = line.getresponse().status == HTTPStatus.OK
    return [] if went_on == goes_on else [f"a session {'goes on' if went_on else 'ended'} while it should not."]


def _unproved(product: Production, older: str) -> list[str]:
    """What the verifier, given the first key alone, finds in the whole audit."""
    newer = _said(product, POINT, "signed by")
    folder = product.folder / "audit"
    folder.mkdir()
    for chain in ("ordinary", "vault", "points"):
        (folder / chain).write_text(product.manage("export_audit", chain))
    command = [sys.executable, VERIFIER, "--key", older, "--points", "points", "ordinary", "vault"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    print(f"audit, from the first key to another: {(done.stdout + done.stderr).strip()}")
    proved = done.returncode == 0 and older not in newer and "1 à 0" not in done.stdout
    return [] if proved else ["the audit is not proved across the change."]


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
