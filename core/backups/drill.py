"""The exercise: restores a set into an empty place, and says whether it could be worked with, and how old it would be.

What was destroyed since the set was made is tried too: it must not open once the key that it needs has left the ring.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
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
from core.rings import Tried, rings


@dataclass(frozen=True)
class Report:
    """`rto`: seconds until the restored place answered; `rpo`: how much older than the exercise its last act is.

    `tried`: by ring, named as its setting. `faults`: a sentence for each thing that is not as it must be.
    """

    backup: BackupSet
    rto: float
    rpo: float
    tried: Mapping[str, Tried]
    faults: tuple[str, ...]
    said: str


def drill(backup: BackupSet, place: Path, keys: list[pyrage.x25519.Identity], *, key: str = "") -> Report:
    """`key`: the public key of the audit's first checkpoint, as a witness has it. Raises BackupProblem."""
    began, at = time.monotonic(), timezone.now()
    restored = restore(backup, place, keys)
    with running(restored) as product:
        tried = {ring.SETTING: ring.tried(product.aliases) for ring in rings()}
        rto = time.monotonic() - began
        faults, said = _verified(product, place, key)
    for ring in rings():
        faults += _not_opened(ring.SETTING, tried[ring.SETTING], may_be_empty=ring.MAY_BE_EMPTY)
    last: datetime = product.last_act or backup.made_at
    return Report(
        backup,
        rto=rto,
        rpo=max(0.0, (at - last).total_seconds()),
        tried=tried,
        faults=tuple(faults),
        said=said,
    )


def _not_opened(setting: str, seen: Tried, *, may_be_empty: bool) -> list[str]:
    said = []
    if seen.closed:
        said.append(f"{seen.closed} enregistrement(s) vivant(s) ne s'ouvrent pas avec les clés de {setting}.")
    if not seen.opened and (seen != Tried() or not may_be_empty):
        said.append(f"Aucun enregistrement n'a été ouvert : rien ne dit que les clés de {setting} sont les bonnes.")
    return said


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
