"""Tampers with real exports of the audit, at random, and asks the stand-alone verifier, with and without a witness.

    .venv/bin/python -m bench.audit --each 1000 [--rows 480] [--seed 7]

It runs in this process on SQLite databases of its own, in a folder that is removed. Three attackers: one who changes
rows; one who also recomputes every hash from there on; and one who holds the signing key too, and signs every
checkpoint anew. Exit code 1 if a witness missed one, or if the verifier complained of an export that nobody touched.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import time_machine

from bench.fuzz import set_up
from verifier.verify_audit import Export, check_chain, check_points

Line = dict[str, Any]
HOURS = 24
BEGAN = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
ATTACKERS = ("rows", "rows and hashes", "rows, hashes and signatures")


@dataclass
class Shown:
    """What the platform shows of one chain; `start` and openings are as the export gives them."""

    start: Line
    openings: list[Line]
    rows: list[Line]
    points: list[Line]

    @property
    def chain(self) -> str:
        return str(self.start["chain"])

    def faults(self, key: str, kept: list[Line]) -> list[str]:
        export = Export([self.start, *self.openings, *self.rows], partial=False)
        return [*check_points(self.points, key, kept), *check_chain(export, self.points, partial=False)]


def build(rows: int, rng: Random) -> list[Shown]:
    """A day of acts in both databases, written, chained, signed and exported by the product, hour by hour."""
    # Django must be set up before the product's modules are imported
    from core import audit, audit_export  # noqa: PLC0415
    from core.actors import Named  # noqa: PLC0415
    from core.audit_hashes import CHAINS  # noqa: PLC0415
    from core.checkpoints import make_checkpoint  # noqa: PLC0415
    from core.models import Checkpoint  # noqa: PLC0415

    for hour in range(HOURS):
        with time_machine.travel(BEGAN + timedelta(hours=hour), tick=True):
            for number in range(rows // HOURS):
                actor = Named(rng.choice(("user", "system")), str(rng.randrange(50)))
                for alias in CHAINS:
                    audit.record(f"bench.act{rng.randrange(9)}", by=actor, using=alias, number=number, ok=True)
            make_checkpoint(BEGAN + timedelta(hours=hour, minutes=1))
    points = [json.loads(line) for line in Checkpoint.objects.order_by("number").values_list("line", flat=True)]
    return [_shown([json.loads(line) for line in audit_export.whole(alias)], points) for alias in CHAINS]


def _shown(lines: list[Line], points: list[Line]) -> Shown:
    openings = [line for line in lines if "commitment" in line]
    return Shown(lines[0], openings, [line for line in lines if "position" in line], points)


# -- what an attacker does to the rows ---------------------------------------------------------------------------------


def edit(rows: list[Line], rng: Random) -> None:
    row = rng.choice(rows)["row"]
    name = rng.choice(sorted(row))
    if name == "facts":
        row[name] = row[name] | {"number": rng.randrange(1000, 2000)}
    elif name.endswith("_at"):
        moment = datetime.fromisoformat(row[name]) + timedelta(seconds=rng.randrange(1, 200))
        row[name] = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    else:
        row[name] = f"{row[name]}{rng.randrange(10)}"


def drop(rows: list[Line], rng: Random) -> None:
    del rows[rng.randrange(len(rows))]


def insert(rows: list[Line], rng: Random) -> None:
    place = rng.randrange(len(rows))
    twin = rows[place] | {"row": rows[place]["row"] | {"id": str(UUID(int=rng.getrandbits(128)))}}
    rows.insert(place, twin)


def swap(rows: list[Line], rng: Random) -> None:
    one, other = rng.sample(range(len(rows)), 2)
    rows[one]["row"], rows[other]["row"] = rows[other]["row"], rows[one]["row"]


def truncate(rows: list[Line], rng: Random) -> None:
    del rows[-rng.randrange(1, len(rows)) :]


KINDS: dict[str, Callable[[list[Line], Random], None]] = {
    one.__name__: one for one in (edit, drop, insert, swap, truncate)
}


# -- and how they cover it up ------------------------------------------------------------------------------------------


def recompute(shown: Shown, *, openings: bool) -> None:
    """Places and hashes of every row, and what the openings say, as if it had always been so."""
    from core.audit_hashes import canonical, digest, link  # noqa: PLC0415

    last, heads = shown.start["chain_hash"], {0: shown.start["chain_hash"]}
    before = [line["position"] for line in shown.rows]
    for position, line in enumerate(shown.rows, start=1):
        last = heads[position] = link(last, position, digest("row", canonical(line["row"])))
        line["position"], line["chain_hash"] = position, last
    for opening in shown.openings if openings else ():
        opening["size"] = bisect_right(before, opening["size"])
        opening["chain_hash"] = heads[opening["size"]]


def sign_anew(shown: Shown) -> None:
    """Every checkpoint committed to the recomputed heads and signed with the platform's own key."""
    from core.audit_hashes import canonical, commitment_to, spelled  # noqa: PLC0415
    from core.audit_keys import sign  # noqa: PLC0415

    by_commitment, previous = {one["commitment"]: one for one in shown.openings}, shown.points[0]["previous"]
    for point in shown.points:
        opening = by_commitment[point[shown.chain]]
        opening["commitment"] = commitment_to(shown.chain, opening["nonce"], opening["size"], opening["chain_hash"])
        point[shown.chain], point["previous"] = opening["commitment"], previous
        del point["signatures"]
        said = spelled("checkpoint", canonical(point))
        point["signatures"], previous = sign(said), hashlib.sha256(said).hexdigest()


def tampered(true: Shown, kind: str, attacker: str, rng: Random) -> Shown:
    rows = [line | {"row": dict(line["row"])} for line in true.rows]
    shown = Shown(true.start, [dict(one) for one in true.openings], rows, [dict(one) for one in true.points])
    KINDS[kind](shown.rows, rng)
    if attacker != ATTACKERS[0]:
        recompute(shown, openings=attacker == ATTACKERS[2] or rng.random() < 0.5)
    if attacker == ATTACKERS[2]:
        sign_anew(shown)
    return shown


@dataclass
class Count:
    """Of so many tries, how many were found with a witness's checkpoints, and how many without."""

    tries: int = 0
    witnessed: int = 0
    alone: int = 0


def run(each: int, rows: int, seed: int) -> tuple[dict[tuple[str, str], Count], int]:
    """In: tries of each kind and attacker. Out: what was found; the faults of as many untouched exports."""
    from core.audit_keys import public_keys  # noqa: PLC0415

    rng, key = Random(seed), public_keys()[0]
    chains = build(rows, rng)
    found: dict[tuple[str, str], Count] = {}
    for kind in KINDS:
        for attacker in ATTACKERS:
            count = found[kind, attacker] = Count()
            for _try in range(each):
                true = rng.choice(chains)
                shown = tampered(true, kind, attacker, rng)
                count.tries += 1
                count.alone += bool(shown.faults(key, []))
                count.witnessed += bool(shown.faults(key, true.points))
    return found, sum(len(rng.choice(chains).faults(key, chains[0].points)) for _try in range(each))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("each", 100), ("rows", 480), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jaabi-audit-") as folder:
        with time_machine.travel(BEGAN - timedelta(minutes=30), tick=True):
            set_up(folder)
        began = time.monotonic()
        found, alarms = run(asked.each, asked.rows, asked.seed)
    print("| what was done | who did it changes | tries | found with a witness | without |")
    print("|---|---|---:|---:|---:|")
    for (kind, attacker), count in found.items():
        print(f"| {kind} | {attacker} | {count.tries} | {count.witnessed} | {count.alone} |")
    missed = sum(count.tries - count.witnessed for count in found.values())
    print(f"\n{missed} missed with a witness; {asked.each} untouched exports: {alarms} faults;", end=" ")
    print(f"{asked.rows} rows in each chain, {HOURS} checkpoints, seed {asked.seed}, {time.monotonic() - began:.0f} s")
    return 1 if missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main())
