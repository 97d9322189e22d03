"""Sends nasty input to every public field, and says what gave a 500 or left something in an illegal state.

    .venv/bin/python -m bench.fuzz --inputs 20000 [--seed 7]

It runs in this process on an SQLite database of its own, in a folder that is removed. Exit code 1 if it found anything.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.doors import Known, Wanted
    from psea.readers import Reader

FINE = {200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429}
NEW_BROWSER_EVERY = 25


def run(inputs: int, seed: int) -> tuple[list[str], Counter[str]]:
    """In: how many, in a database that has places, categories, a recovery key and lines (`furnish`).

    Out: a sentence for each thing that was wrong; how often each status came, by door.
    """
    # Django must be set up before these are imported
    from django.test import Client  # noqa: PLC0415

    from bench.doors import any_request  # noqa: PLC0415
    from bench.nasty import Nasty  # noqa: PLC0415

    nasty, known = Nasty(seed), furnish()
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    client = Client(raise_request_exception=False)
    for number in range(inputs):
        if number % NEW_BROWSER_EVERY == 0:
            client = Client(raise_request_exception=False)
        wanted = any_request(nasty, known)
        status, fault = _sent(client, wanted)
        seen[f"{_door(wanted.path)} {status}"] += 1
        if fault or status not in FINE:
            wrong.append(f"input {number} to {wanted.path[:60]} gave {status}: {fault}; it sent {wanted.body[:300]!r}")
        _forget_limits()
    _take_up_again()
    return wrong + illegal(), seen


def furnish() -> Known:
    """Lines of every kind, somebody who may use the API, and one case whose number is known."""
    from django.utils import timezone  # noqa: PLC0415

    from bench.doors import Known, make_lines  # noqa: PLC0415
    from core.actors import robot  # noqa: PLC0415
    from core.receipt_number import new_number  # noqa: PLC0415
    from directory.credentials import ApiScope, issue  # noqa: PLC0415
    from directory.enums import OrganisationKind  # noqa: PLC0415
    from directory.models import Organisation  # noqa: PLC0415
    from feedback.actions.receive import Spoken, receive  # noqa: PLC0415

    make_lines()
    agency, _new = Organisation.objects.get_or_create(
        acronym="HCR", defaults={"name": "Haut-Commissariat", "kind": OrganisationKind.UN}
    )
    _row, token = issue(agency, "fuzz", [ApiScope.CASES_WRITE.value], by=robot("fuzz"))
    number, code, now = new_number(), "123456", timezone.now()
    receive(Spoken("fuzz", number, "Le forage", channel="web", received_at=now, code=code), by=robot("fuzz"))
    return Known(number, code, token, agency.pk)


def _take_up_again() -> None:
    """As the sweep does, for what waits for its other parts."""
    from feedback import intake  # noqa: PLC0415
    from feedback.enums import EnvelopeState  # noqa: PLC0415
    from feedback.models import Envelope  # noqa: PLC0415

    for pk in Envelope.objects.filter(state=EnvelopeState.STORED).values_list("pk", flat=True):
        intake.handle(pk)


def illegal() -> list[str]:
    """What no input may leave behind."""
    from django.db import connections  # noqa: PLC0415

    from core.models import Outbound  # noqa: PLC0415
    from feedback.enums import CaseState, EnvelopeState  # noqa: PLC0415
    from feedback.models import Case, Envelope  # noqa: PLC0415

    found = []
    states = set(Case.objects.values_list("state", flat=True)) - set(CaseState.values)
    found += [f"a case is in the state {state!r}, which there is not." for state in states]
    stuck = Envelope.objects.exclude(state__in=[EnvelopeState.HANDLED, EnvelopeState.FLAGGED])
    found += [f"{count} envelopes are neither handled nor flagged: {reason!r}." for reason, count in _by_reason(stuck)]
    flagged = Envelope.objects.filter(state=EnvelopeState.FLAGGED)
    found += [f"{count} envelopes could not be handled: {reason}." for reason, count in _by_reason(flagged)]
    found += [
        f"a message to somebody is in the state {state!r}, which there is not."
        for state in set(Outbound.objects.values_list("state", flat=True)) - set(Outbound.State.values)
    ]
    for alias in ("default", "vault_owner"):
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                for check in ("integrity_check", "foreign_key_check"):
                    cursor.execute(f"PRAGMA {check}")
                    found += [f"{alias}, {check}: {row}." for row in cursor.fetchall() if row != ("ok",)]
    return found


def _by_reason(envelopes: Any) -> list[tuple[str, int]]:
    return list(Counter(envelopes.values_list("reason", flat=True)).items())


def _sent(client: Any, wanted: Wanted) -> tuple[int, str]:
    """The status, and what was raised where it is a 500."""
    answer = client.generic(
        wanted.method, wanted.path, wanted.body, content_type=wanted.content_type, headers=wanted.headers
    )
    raised = getattr(answer, "exc_info", None)
    if not raised or answer.status_code < 500:
        return answer.status_code, ""
    trace, last = raised[2], ""
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return answer.status_code, f"{raised[0].__name__} at {last}: {str(raised[1])[:150]}"


def _forget_limits() -> None:
    """Who tries often is slowed; here every try must reach what lies behind."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.cache import cache  # noqa: PLC0415

    from feedback.models import ReceiptAttempt  # noqa: PLC0415

    ReceiptAttempt.objects.all().delete()
    if not settings.REDIS_URL:  # there others keep their things too
        cache.clear()


def _door(path: str) -> str:
    """The address without what was asked; one name for all that do not exist."""
    bare = path.partition("?")[0]
    return bare if bare.startswith(("/sms/", "/api/", "/i18n/")) or bare.strip("/").isalpha() else "/…"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jaabi-fuzz-") as folder:
        set_up(folder)
        began = time.monotonic()
        wrong, seen = run(options.inputs, options.seed)
        for door, count in sorted(seen.items()):
            print(f"{count:7} {door}")
        for sentence in wrong[:40]:
            print(sentence)
        print(f"{options.inputs} inputs in {time.monotonic() - began:.0f} s, seed {options.seed}: {len(wrong)} faults")
    return 1 if wrong else 0


def set_up(folder: str) -> Reader:
    """An installation of its own: tasks run at once, and nothing leaves this process. Out: its recovery key, open."""
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    told = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "VAR_DIR": folder, "LOG_LEVEL": "CRITICAL"}
    told |= {"PARTS_WAIT_SECONDS": "0"}
    os.environ.clear()
    os.environ.update(own | told)
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    from config.celery import app  # noqa: PLC0415
    from directory.geography import load_geography  # noqa: PLC0415
    from tests.vault_keys import pin_signers, recovery_key  # noqa: PLC0415

    app.conf.task_always_eager = settings.CELERY_TASK_ALWAYS_EAGER = True
    setup_test_environment()
    for alias in ("default", "vault_owner"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("load_categories", verbosity=0)
    load_geography()
    pin_signers(Path(folder))
    return recovery_key()


if __name__ == "__main__":
    sys.exit(main())
