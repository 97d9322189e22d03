"""What the vault's work costs: sealing and opening a case, looking through many, sealing anew. As a Markdown table.

    .venv/bin/python -m bench.vault [--cases 100 1000 10000]

It starts PostgreSQL and Redis of its own, and removes them. Cases are received as from an SMS, by the insert-only role.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from bench.intake import machine
from bench.production import production
from bench.programs import ROOT

TIMES = 40
NUMBER = 100_000_000_000
WORDS = "Le gardien du site demande des faveurs contre les cartes. " * 3


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        _inside(sorted(options.cases))
        return 0
    with production() as product:
        print(machine(product))
        command = [sys.executable, "-m", "bench.vault", "--inside", "--cases", *map(str, options.cases)]
        subprocess.run(command, cwd=ROOT, env=product.environment, check=True)
    return 0


def _inside(steps: list[int]) -> None:
    """In the product's own settings and roles."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from psea import actions  # noqa: PLC0415
    from psea.actions.listing import list_cases  # noqa: PLC0415
    from tests.cast import found_cast, make_cast  # noqa: PLC0415
    from tests.vault_keys import enrolled, pin_signers  # noqa: PLC0415

    pin_signers(Path(os.environ["VAR_DIR"]))
    make_cast()
    cast = found_cast()
    readers = {name: enrolled(cast.people[name]) for name in ("aminata", "rokia", "coumba")}
    made, reader = readers["aminata"]
    by = cast.aminata
    ids: list[UUID] = []

    def receive(number: int) -> None:
        ids.append(_received(number))

    print(f"| passphrase (Argon2id, 64 MiB) | {_ms(5, lambda n: _unlocked(by, made.passphrase)):.0f} ms |")
    print(
        "| cases in the vault | seal one | seal and store one | unseal one | open one, audited | list all, unsealed "
        "| seal one anew |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for wanted in steps:
        while len(ids) < wanted - TIMES:
            receive(len(ids))
        sealing_alone = _ms(TIMES, _sealed_alone)
        sealing = _ms(TIMES, lambda n: receive(len(ids)))
        opening = _ms(TIMES, lambda n: actions.open_case(case_id=ids[n], reader=reader, by=by))
        unsealing = _ms(TIMES, partial(_unsealed_alone, reader, *_stored(ids[0], reader)))
        listing = _ms(3, lambda n: list_cases(reader=reader, by=by, at=timezone.now()))
        anew = _ms(10, lambda n: _anew(ids[n], reader))
        print(
            f"| {wanted:,} | {sealing_alone:.1f} ms | {sealing:.1f} ms | {unsealing:.1f} ms | {opening:.1f} ms "
            f"| {listing:.0f} ms | {anew:.1f} ms |"
        )


def _received(number: int) -> UUID:
    from django.utils import timezone  # noqa: PLC0415

    from core.actors import robot  # noqa: PLC0415
    from psea.actions import receive_sealed  # noqa: PLC0415

    return receive_sealed(
        source_id=f"bench-{number}",
        receipt_number=str(NUMBER + number),
        words=WORDS,
        phone=f"+223{number:08}",
        channel="sms",
        language="fra",
        received_at=timezone.now(),
        by=robot("bench"),
    )


def _sealed_alone(number: int) -> None:
    """All the cryptography of a fresh case, for whoever reads it: nothing is looked up but them, nothing stored."""
    from directory.implicated import NOBODY  # noqa: PLC0415
    from psea.actions.receive import Content, seal_fresh  # noqa: PLC0415
    from psea.facts import Contact, Facts, Guard  # noqa: PLC0415
    from psea.models import SealedCase  # noqa: PLC0415

    contact = Contact(phone=f"+223{number:08}", receipt_number=str(NUMBER + number))
    content = Content(words=WORDS, contact=contact, guard=Guard(NOBODY), facts=Facts(channel="sms", language="fra"))
    seal_fresh(SealedCase(), content, _fresh_readers())


@cache
def _fresh_readers() -> Any:
    from directory.implicated import NOBODY  # noqa: PLC0415
    from psea.duty import fresh_readers  # noqa: PLC0415

    return fresh_readers(NOBODY)


def _stored(case_id: UUID, reader: Any) -> tuple[Any, list[Any]]:
    """A case and this reader's wraps, as the database has them."""
    from psea.enums import Part  # noqa: PLC0415
    from psea.models import SealedCase, Wrap  # noqa: PLC0415

    tags = [reader.tag(case_id, part) for part in Part]
    return SealedCase.objects.using("vault").get(pk=case_id), list(Wrap.objects.using("vault").filter(tag__in=tags))


def _unsealed_alone(reader: Any, case: Any, wraps: list[Any], _number: int) -> list[str]:
    """All the cryptography of opening it."""
    keys = {row.part: reader.unwrapped(row) for row in wraps}
    return [case.unseal_with(keys[part], field) for field, part in case.PART_OF.items()]


def _anew(case_id: UUID, reader: object) -> None:
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from psea.actions.rekeying import rekey  # noqa: PLC0415
    from psea.models import SealedCase  # noqa: PLC0415

    with transaction.atomic(using="vault"):
        rekey(SealedCase.objects.using("vault").get(pk=case_id), reader, at=timezone.now())  # type: ignore[arg-type]


def _unlocked(by: object, passphrase: str) -> None:
    from psea.actions import unlock  # noqa: PLC0415

    unlock(by=by, passphrase=passphrase)  # type: ignore[arg-type]


def _ms(times: int, once: Callable[[int], object]) -> float:
    """The median of so many times, in milliseconds."""
    seen = []
    for number in range(times):
        began = time.perf_counter()
        once(number)
        seen.append(1000 * (time.perf_counter() - began))
    return median(seen)


if __name__ == "__main__":
    sys.exit(main())
