"""The exercise: restores a set into an empty place, and says whether it could be worked with, and how old it would be.

What was destroyed since the set was made is tried too: it must not open once the key that it needs has left the ring.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.db import connections
from django.utils import timezone
from environ import Env

from core.backups.problems import BackupProblem
from core.backups.restored import Running, running
from core.backups.restoring import restore
from core.backups.sets import BackupSet
from core.models import Checkpoint
from core.rotation import sealed_models
from core.sealed_models import OnlineSealed
from core.sealing import SealBroken

RESTORED = "restored"
COMPARED, OPENED = 5_000, 100


@dataclass(frozen=True)
class Report:
    """`rto`: seconds until the restored place answered; `rpo`: how much older than the exercise its last act is.

    `opened`, `closed`: records that still live; `destroyed`: those that were destroyed since, of which so many still
    open. `faults`: a sentence for each thing that is not as it must be.
    """

    backup: BackupSet
    rto: float
    rpo: float
    opened: int
    closed: int
    destroyed: int
    destroyed_open: int
    faults: tuple[str, ...]
    said: str


def drill(backup: BackupSet, place: Path, keys: list[pyrage.x25519.Identity], *, key: str = "") -> Report:
    """`key`: the public key of the audit's first checkpoint, as a witness has it. Raises BackupProblem."""
    began, at = time.monotonic(), timezone.now()
    restored = restore(backup, place, keys)
    with running(restored) as product, _alias(product):
        seen = _try_records()
        rto = time.monotonic() - began
        faults, said = _verified(product, place, key)
    if seen["closed"]:
        faults.append(f"{seen['closed']} enregistrement(s) vivant(s) ne s'ouvrent pas avec les clés de SEALING_KEYS.")
    if not seen["opened"]:
        faults.append("Aucun enregistrement n'a été ouvert : rien ne dit que les clés de SEALING_KEYS sont les bonnes.")
    last: datetime = product.last_act or backup.made_at
    return Report(
        backup,
        rto,
        max(0.0, (at - last).total_seconds()),
        *(seen[name] for name in ("opened", "closed", "destroyed", "destroyed_open")),
        tuple(faults),
        said,
    )


@contextmanager
def _alias(product: Running) -> Iterator[None]:
    """The restored ordinary database beside the living one, in this process."""
    told = Env.db_url_config(product.environment["DATABASE_URL"])
    known = connections["default"].settings_dict
    connections.databases[RESTORED] = (
        known | {"HOST": "", "PORT": "", "PASSWORD": "", "TEST": dict(known["TEST"])} | told
    )
    connections[RESTORED].connect()
    try:
        yield
    finally:
        connections[RESTORED].close()
        del connections[RESTORED], connections.databases[RESTORED]


def _try_records() -> Counter[str]:
    """Opens records of each table: some of those that live, and of those that live no longer here."""
    seen: Counter[str] = Counter()
    for model in sealed_models():
        rows = model._default_manager.using(RESTORED).filter(data_key__isnull=False).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:COMPARED])
        living = set(_living(model, ids))
        kept, gone = [pk for pk in ids if pk in living], [pk for pk in ids if pk not in living]
        seen["destroyed"] += len(gone)
        for row in rows.filter(pk__in=kept[:OPENED]):
            seen["opened" if _opens(row) else "closed"] += 1
        for row in rows.filter(pk__in=gone[:OPENED]):
            seen["destroyed_open"] += _opens(row)
    return seen


def _living(model: type[OnlineSealed], ids: list[Any]) -> Iterable[Any]:
    return model._default_manager.filter(pk__in=ids, data_key__isnull=False).values_list("pk", flat=True)


def _opens(row: OnlineSealed) -> bool:
    try:
        for field in row.sealed_fields():
            row.unsealed(field)
    except SealBroken:
        return False
    return True


def _verified(product: Running, place: Path, key: str) -> tuple[list[str], str]:
    """The verifier on both chains of the restored place, with what this platform signed as its witness."""
    folder = place / "audit"
    folder.mkdir()
    exports = [_export(product, name, folder) for name in ("ordinary", "vault", "points")]
    for process in exports:
        _end(process)
    last = Checkpoint.objects.using(RESTORED).order_by("-number").first()
    if last is None:
        return ["La sauvegarde ne contient aucun point de contrôle du journal : rien n'est prouvé."], ""
    known = Checkpoint.objects.filter(number__lte=last.number).order_by("number").values_list("line", flat=True)
    (folder / "witness").write_text("".join(f"{line}\n" for line in known), "utf-8")
    first = Checkpoint.objects.using(RESTORED).order_by("number").values_list("line", flat=True)[0]
    asked = ["--key", key or _signer(first), "--points", "points", "--witness", "witness", "ordinary", "vault"]
    verifier = str(Path(settings.BASE_DIR) / "verifier" / "verify_audit.py")
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-I", verifier, *asked], cwd=folder, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).strip()
    return ([f"Le journal restauré ne se vérifie pas : {said[-1500:]}"] if done.returncode else []), said


def _signer(line: str) -> str:
    signed: dict[str, Any] = json.loads(line)
    return str(signed["keys"][-1])


def _export(product: Running, what: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / what).open("wb") as file:
        return subprocess.Popen(  # noqa: S603  our own words
            [sys.executable, "manage.py", "export_audit", what],
            cwd=settings.BASE_DIR,
            env=product.environment,
            stdout=file,
            stderr=subprocess.PIPE,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    said = process.communicate()[1].decode(errors="replace")
    if process.returncode:
        raise BackupProblem(f"Le journal restauré ne se lit pas : {said[-1500:]}")
