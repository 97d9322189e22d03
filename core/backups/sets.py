"""A backup set: a folder of parts and its manifest, which is written last; without one it is not finished."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from core.backups.problems import BackupProblem

FORM = 2
# Of the first, whose only ring was that of SEALING_KEYS, named by its labels alone.
ONE_RING = 1
MANIFEST = "manifest.json"
NAMED = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Part:
    """One encrypted archive. `kind`: a folder of files, an SQLite file, or a PostgreSQL server's data folder."""

    name: str
    kind: str
    is_vaults: bool
    file: str
    size: int
    sha256: str
    # Of a server: its version, and the first and last WAL file that the archive needs and holds.
    server: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BackupSet:
    """`keys_needed`: by setting, the labels of the keys that live wraps stood under when it began."""

    made_at: datetime
    ended_at: datetime
    keys_needed: dict[str, tuple[str, ...]]
    parts: tuple[Part, ...]
    form: int = FORM

    @property
    def name(self) -> str:
        return name_of(self.made_at)

    @property
    def folder(self) -> Path:
        return sets_folder() / self.name

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def needs(self, label: str) -> bool:
        """Whether something of it stands under that key."""
        return any(label in labels for labels in self.keys_needed.values())

    @property
    def keys_told(self) -> str:
        """Which keys of which settings, as one says it."""
        return " ; ".join(f"{', '.join(labels)} de {setting}" for setting, labels in self.keys_needed.items())

    def write(self) -> None:
        """Makes the set a finished one."""
        said = asdict(self) | {"made_at": self.made_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        unfinished = self.folder / f"{MANIFEST}.part"
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(said, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.folder / MANIFEST)


def name_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(NAMED)


def moment_of(name: str) -> datetime:
    """When the set of that name began. Raises ValueError."""
    return datetime.strptime(name, NAMED).replace(tzinfo=UTC)


def sets_folder() -> Path:
    return Path(settings.BACKUP_DIR) / "sets"


def wal_folder(part: str) -> Path:
    """Where the WAL of a server is kept, encrypted, file by file."""
    return Path(settings.BACKUP_DIR) / f"wal-{part}"


def finished() -> list[BackupSet]:
    """Every finished set, oldest first. Raises BackupProblem for a manifest that cannot be read."""
    return [read(folder) for folder in _folders() if (folder / MANIFEST).exists()]


def unfinished() -> list[Path]:
    """Folders of sets that were begun and have no manifest."""
    return [folder for folder in _folders() if not (folder / MANIFEST).exists()]


def chosen(name: str = "") -> BackupSet:
    """The set of that name, or the newest. Raises BackupProblem."""
    found = {one.name: one for one in finished()}
    if not found:
        raise BackupProblem(f"{sets_folder()} ne contient aucune sauvegarde achevée.")
    if name and name not in found:
        raise BackupProblem(f"Il n'y a pas de sauvegarde achevée « {name} » ; il y a : {', '.join(found)}.")
    return found[name or max(found)]


def read(folder: Path) -> BackupSet:
    """Raises BackupProblem when its manifest is not one of this form, or is not that of this folder."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        if said["form"] not in (ONE_RING, FORM):
            raise BackupProblem(f"{folder.name} est d'une autre forme ({said['form']}) que celle de cette version.")
        made_at, ended_at = (datetime.fromisoformat(said[name]) for name in ("made_at", "ended_at"))
        found = BackupSet(made_at, ended_at, _keys(said), tuple(Part(**part) for part in said["parts"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupProblem(f"Le manifeste de {folder.name} est abîmé : {error}.") from error
    if found.name != folder.name or any(Path(part.file).name != part.file for part in found.parts):
        raise BackupProblem(f"Le manifeste de {folder.name} n'est pas le sien.")
    return found


def _keys(said: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    needed = {"SEALING_KEYS": said["keys_needed"]} if said["form"] == ONE_RING else said["keys_needed"]
    return {setting: tuple(labels) for setting, labels in needed.items()}


def _folders() -> Iterator[Path]:
    for folder in sorted(sets_folder().glob("*Z")):
        if folder.is_dir():
            yield folder
