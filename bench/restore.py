"""Backs the running product up, loses both its servers, restores them, works on; counts what is lost, doubled, or slow.

    .venv/bin/python -m bench.restore [--cases 1000000] [--acts 100000] [--every 300]

Two PostgreSQL servers, one for the vault; real messages before the backup and after it, the latter in the WAL alone.
`--cases` adds so many copies of a case, its message, receipt and preference, `--acts` so many rows to the audit,
chained and signed. Exit code 1 and a sentence for whatever is not as it must be.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyrage

from bench import stored
from bench.kill import CANARY, CUT_OFF_SECONDS, FIRST_PHONE, Sender
from bench.killed_checks import settled, violations
from bench.production import Production, production
from bench.programs import Program, owner, running, tool
from tests.stack.traces import traces_in_files

BEFORE, AFTER = 4.0, 3.0
RATE = 8
PATIENCE = 120.0
# Copies stand after the real records, which a drill opens: a copy's texts are bound to the record it was copied from.
LAST = "('ffffffff' || substr(md5(n::text), 9))::uuid"
CHECKPOINT = """
import django; django.setup()
from django.utils import timezone
from core import audit
from core.actors import SYSTEM
from core.checkpoints import make_checkpoint
for using in ("default", "vault"):
    audit.record("bench.act", by=SYSTEM, using=using)
make_checkpoint(timezone.now())
"""
# One of each lane, so that the drill can try what is destroyed after the backup.
TO_DESTROY = """
import django; django.setup()
from django.utils import timezone
from core import quarantine
from core.actors import robot
from core.kept_requests import KeptRequest
from psea.actions import receive_sealed
now = timezone.now()
quarantine.keep(KeptRequest("restore", "incoming", now, {}, b"Body=x"), gateway="restore", reason="signature")
receive_sealed(
    source_id="restore", receipt_number="000000000000", words="x", channel="web", received_at=now, by=robot("bench")
)
"""
DESTROYED = """
import django; django.setup()
from core.models import Quarantined
from psea.models import Receipt, SealedCase
from psea.tags import id_from, receipt_hash
Quarantined.objects.filter(gateway="restore").delete()
SealedCase.objects.using("vault").filter(pk=id_from("restore")).delete()
Receipt.objects.using("vault").filter(receipt_hash=receipt_hash("000000000000")).delete()
"""
ACTS = """
insert into core_auditentry
    (id, recorded_at, happened_at, act, actor_kind, actor_id, target_table, target_id, facts, chain_hash)
select gen_random_uuid(), now(), now(), 'bench.act', 'system', '', 'feedback_case', md5(n::text)::uuid::text, '{}', ''
from generate_series(1, %s) n
"""
PARTS = {"ordinary": "postgres", "vault": "postgres-vault"}
Result = TypeVar("Result")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=0, help="copies of a case that are added")
    parser.add_argument("--acts", type=int, default=0, help="rows that are added to the audit")
    parser.add_argument("--every", type=float, default=5, help="seconds after which a WAL file is closed")
    options = parser.parse_args()
    wrong = run(options.cases, options.every, options.acts)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def run(cases: int, every: float, acts: int) -> list[str]:
    """One run; what was wrong at its end, in sentences."""
    with production(is_apart=True) as product:
        return run_on(product, cases, every, acts)


def run_on(product: Production, cases: int, every: float, acts: int = 0) -> list[str]:
    """As `run`, on a product whose vault stands apart, and that may have taken in messages before."""
    keys = _told(product)
    _messages(product, BEFORE, 1)
    if acts:
        with product.connect() as connection:
            connection.execute(ACTS, [acts])
    _timed(f"{acts:,} acts chained and signed", lambda: product.run("-c", CHECKPOINT))
    if cases:
        _timed(f"{cases:,} copies", lambda: stored.fill(product, cases, row_id=LAST))
    print(_sizes(product))
    product.run("-c", TO_DESTROY)
    print(_timed("backup", lambda: product.manage("backup")))
    with running(_receiver(product, every)):
        _messages(product, AFTER, 2)
        time.sleep(every + 5)
    product.run("-c", DESTROYED)
    print(_timed("drill", lambda: product.manage("restore_drill", "--in", str(product.folder), *keys)))
    for server, name in zip(product.servers, PARTS.values(), strict=True):
        server.kill()
        shutil.rmtree(product.folder / name)
    place = product.folder / "place"
    print(_timed("restored for real", lambda: _restored(product, place, keys)))
    product.run("-c", DESTROYED)  # once more: it is back
    _messages(product, AFTER, 3)
    for part in PARTS:
        shutil.rmtree(place / f"{part}-wal")
    wrong = [] if cases else violations(product, product.taken, canary=CANARY)
    return wrong + _readable(product)


def _told(product: Production) -> list[str]:
    """Gives the product its recipients; out: the options that name their private keys."""
    options = []
    for name, variable in (("ordinary", "BACKUP_RECIPIENTS"), ("vault", "BACKUP_VAULT_RECIPIENTS")):
        made = pyrage.x25519.Identity.generate()
        path = product.folder / f"{name}.key"
        path.write_text(str(made))
        options += ["--identity", str(path)]
        product.environment[variable] = str(made.to_public())
    product.environment["OUTBOX_CUT_OFF_SECONDS"] = CUT_OFF_SECONDS
    return options


def _messages(product: Production, seconds: float, turn: int) -> None:
    """Has the product take in messages for a while, of telephones of their own, and handle them all."""
    sender = Sender(product.base_url, RATE, random.Random(turn), first_phone=FIRST_PHONE + 1000 * turn)
    before = _count(product)
    with running(product.web(threads=4), product.worker(concurrency=2), product.beat()):
        sender.start()
        time.sleep(seconds)
        sender.finish()
        product.taken |= sender.taken
        if not settled(product, before + len(sender.taken), PATIENCE):
            sys.exit("Messages were not handled in time.")


def _count(product: Production) -> int:
    with product.connect() as connection:
        row = connection.execute("select count(*) from feedback_envelope").fetchone()
    return int(str(row[0])) if row else 0


def _receiver(product: Production, every: float) -> Program:
    command = [sys.executable, "manage.py", "backup_wal", "--every", str(every)]
    folders = [product.folder / "var" / f"wal-{part}" for part in PARTS]
    return Program("wal", command, product.folder, lambda: all(map(Path.exists, folders)), product.environment)


def _restored(product: Production, place: Path, keys: list[str]) -> str:
    """Restores into an empty place, and starts each server there, at its old address."""
    said = product.manage("restore", str(place), *keys)
    for server, part in zip(product.servers, PARTS, strict=True):
        lost = server.command[server.command.index("-D") + 1]
        # its socket stood there too
        server.command = [tool("postgres"), *(word.replace(lost, str(place / part)) for word in server.command[1:])]
        server.user = owner()
        server.start()
    return said


def _readable(product: Production) -> list[str]:
    """What can be read of what people said in all that was kept."""
    found = traces_in_files(CANARY, product.folder / "var" / "backups")
    return [f"{CANARY} can be read in {place}." for place in found]


def _sizes(product: Production) -> str:
    told = []
    for database in ("jaabi", "jaabi_vault"):
        with product.connect(database) as connection:
            row = connection.execute("select pg_size_pretty(pg_database_size(current_database()))").fetchone()
            told.append(f"{database} {row[0] if row else ''}")
    return ", ".join(told)


def _timed(what: str, work: Callable[[], Result]) -> Result:
    began = time.monotonic()
    done = work()
    print(f"== {what}: {time.monotonic() - began:.1f} s", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
