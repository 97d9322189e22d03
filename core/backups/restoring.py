"""Putting a set back into an empty place, part by part; what is damaged, cut or incomplete is refused and removed."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import pyrage

from core.backups.age_streams import decrypt
from core.backups.problems import BackupProblem
from core.backups.sets import BackupSet, Part
from core.backups.wal_archive import SUFFIX, wal_needed


@dataclass(frozen=True)
class Restored:
    """Where the parts stand now: each in a folder of its name."""

    backup: BackupSet
    place: Path
    parts: tuple[Part, ...]


def restore(
    backup: BackupSet,
    place: Path,
    keys: list[pyrage.x25519.Identity],
    *,
    only: Collection[str] = (),
    until: datetime | None = None,
) -> Restored:
    """Restores the parts, those named in `only` if any, with the WAL that was received since. Raises BackupProblem.

    `until`: the moment at which the servers' databases are to stand, instead of the latest that was received.
    """
    parts = tuple(part for part in backup.parts if not only or part.name in only)
    if unknown := set(only) - {part.name for part in backup.parts}:
        raise BackupProblem(f"Cette sauvegarde n'a pas de partie « {', '.join(sorted(unknown))} ».")
    if place.exists() and any(place.iterdir()):
        raise BackupProblem(f"{place} n'est pas vide : on ne restaure que dans un dossier vide.")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        for part in parts:
            _unpack(backup.folder / part.file, part, place / part.name, keys)
            if part.kind == "postgres":
                _bring_wal(part, place, keys, until)
    except BaseException:
        for found in place.iterdir():
            shutil.rmtree(found)
        raise
    return Restored(backup, place, parts)


def _unpack(path: Path, part: Part, folder: Path, keys: list[pyrage.x25519.Identity]) -> None:
    if not path.exists():
        raise BackupProblem(f"{path.name} manque dans la sauvegarde.")
    if path.stat().st_size != part.size:
        raise BackupProblem(f"{path.name} est tronqué : {path.stat().st_size} octets au lieu de {part.size}.")
    folder.mkdir(mode=0o700)
    command = ["tar", "--extract", "--gzip", "--file=-", f"--directory={folder}", "--no-same-owner"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  our own words
    try:
        with cast(IO[bytes], process.stdin) as sink:
            _size, sha256 = decrypt(path, sink, keys)
    except BaseException:
        process.kill()
        raise
    finally:
        with cast(IO[bytes], process.stderr) as said:
            words = said.read().decode(errors="replace").strip()
        is_unpacked = process.wait() == 0
    if sha256 != part.sha256:
        raise BackupProblem(f"{path.name} n'est pas celui que nomme le manifeste : il fut remplacé ou abîmé.")
    if not is_unpacked:
        raise BackupProblem(f"{path.name} ne se déplie pas : {words[-500:]}")


def _bring_wal(part: Part, place: Path, keys: list[pyrage.x25519.Identity], until: datetime | None) -> None:
    """Opens the WAL received since, and tells the server to read it when it starts."""
    folder = place / f"{part.name}-wal"
    folder.mkdir(mode=0o700)
    for path in wal_needed(part):
        plain = io.BytesIO()
        decrypt(path, plain, keys)
        (folder / path.name.removesuffix(SUFFIX)).write_bytes(gzip.decompress(plain.getvalue()))
    told = {"restore_command": f'cp "{folder}/%f" "%p"', "recovery_target_timeline": "latest"}
    if until is not None:
        told |= {"recovery_target_time": until.astimezone(UTC).isoformat(), "recovery_target_action": "promote"}
    data = place / part.name
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{said}'\n" for name, said in told.items())
    (data / "recovery.signal").touch(mode=0o600)
    if os.geteuid() == 0:
        _give(place, data, folder)


def _give(place: Path, *folders: Path) -> None:
    """PostgreSQL refuses to run as root: what is its own belongs to the account of that name."""
    place.chmod(0o711)
    subprocess.run(["chown", "--recursive", "postgres:", *folders], check=True)  # noqa: S603, S607  our own words
