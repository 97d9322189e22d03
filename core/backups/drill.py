"""The exercise: restores a set into an empty place, and says whether it could be worked with, and how old it would be.

What was destroyed since the set was made is tried too: it must not open once the key that it needs has left the ring.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.utils import timezone

from core import audit_export
from core.backups.restored import Running, running
from core.backups.restoring import restore
from core.backups.sets import BackupSet
from core.models import Checkpoint
from core.rotation import sealed_models
from core.sealed_models import OnlineSealed
from core.sealing import SealBroken

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
    with running(restored) as product:
        seen = _try_records(product.aliases["default"])
        rto = time.monotonic() - began
        faults, said = _verified(product, place, key)
    if seen["closed"]:
        faults.append(f"{seen['closed']} enregistrement(s) vivant(s) ne s'ouvrent pas avec les clés de SEALING_KEYS.")
    if not seen["opened"]:
        faults.append("Aucun enregistrement n'a été ouvert : rien ne dit que les clés de SEALING_KEYS sont les bonnes.")
    last: datetime = product.last_act or backup.made_at
    return Report(
        backup,
        rto=rto,
        rpo=max(0.0, (at - last).total_seconds()),
        opened=seen["opened"],
        closed=seen["closed"],
        destroyed=seen["destroyed"],
        destroyed_open=seen["destroyed_open"],
        faults=tuple(faults),
        said=said,
    )


def _try_records(using: str) -> Counter[str]:
    """Opens records of each table: some of those that live, and of those that live no longer here."""
    seen: Counter[str] = Counter()
    for model in sealed_models():
        rows = model._default_manager.using(using).filter(data_key__isnull=False).order_by("pk")
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
    folder, points = place / "audit", Checkpoint.objects.using(product.aliases["default"]).order_by("number")
    folder.mkdir()
    for alias, chain in (("default", "ordinary"), ("vault_owner", "vault")):
        _write(folder / chain, audit_export.whole(product.aliases[alias], chain=chain))
    _write(folder / "points", points.values_list("line", flat=True))
    first, last = points.first(), points.last()
    if first is None or last is None:
        return ["La sauvegarde ne contient aucun point de contrôle du journal : rien n'est prouvé."], ""
    known = Checkpoint.objects.filter(number__lte=last.number).order_by("number")
    _write(folder / "witness", known.values_list("line", flat=True))
    asked = ["--key", key or _signer(first.line), "--points", "points", "--witness", "witness", "ordinary", "vault"]
    verifier = str(Path(settings.BASE_DIR) / "verifier" / "verify_audit.py")
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-I", verifier, *asked], cwd=folder, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).strip()
    return ([f"Le journal restauré ne se vérifie pas : {said[-1500:]}"] if done.returncode else []), said


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _signer(line: str) -> str:
    signed: dict[str, Any] = json.loads(line)
    return str(signed["keys"][-1])
