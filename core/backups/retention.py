"""How long sets are kept, and which keys of the rings may leave: what was destroyed stays so once its key has left.

A key is needed by live wraps until `rotate_sealing` moved them, and by every set that was begun before that.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from core.backups import sets
from core.backups.sets import BackupSet, finished, moment_of, wal_folder
from core.backups.wal_archive import SUFFIX
from core.rings import rings

UNFINISHED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class OldKey:
    """A key of a setting that is no longer the newest, and what still needs it."""

    setting: str
    label: str
    places: tuple[str, ...]
    backups: tuple[str, ...]

    @property
    def may_leave(self) -> bool:
        return not (self.places or self.backups)

    def __str__(self) -> str:
        if self.may_leave:
            return f"La clé {self.label} peut quitter {self.setting} : rien de vivant ni aucune sauvegarde n'en dépend."
        if self.places:
            return (
                f"La clé {self.label} reste dans {self.setting} : {', '.join(self.places)} ; lancez « rotate_sealing »."
            )
        until = (moment_of(self.backups[-1]) + timedelta(days=settings.BACKUP_DAYS)).date().isoformat()
        many = len(self.backups)
        return f"La clé {self.label} reste dans {self.setting} jusqu'au {until} : {many} sauvegarde(s) en dépendent."


def old_keys(setting: str = "") -> list[OldKey]:
    """Every ring's keys but its newest; of one setting, if it is named."""
    kept = finished()
    return [
        OldKey(
            ring.SETTING, label, tuple(ring.places_under(label)), tuple(one.name for one in kept if one.needs(label))
        )
        for ring in rings()
        for label in ring.labels()[1:]
        if setting in ("", ring.SETTING)
    ]


def prune(days: int, now: datetime) -> list[str]:
    """Removes the sets that are older, but the newest, and the WAL that no set needs. Out: the names of those sets."""
    kept, gone = finished(), []
    for one in kept[:-1]:
        if one.made_at < now - timedelta(days=days):
            shutil.rmtree(one.folder)
            gone.append(one.name)
    for folder in sets.unfinished():
        if moment_of(folder.name) < now - UNFINISHED_AFTER:
            shutil.rmtree(folder)
    _prune_wal([one for one in kept if one.name not in gone])
    return gone


def _prune_wal(kept: Iterable[BackupSet]) -> None:
    """Timelines count on: a file's place is what follows the first eight signs of its name."""
    begins: dict[str, str] = {}
    for part in (part for one in kept for part in one.parts if part.kind == "postgres"):
        first = part.server["first_wal"][8:]
        begins[part.name] = min(first, begins.get(part.name, first))
    for name, first in begins.items():
        for path in wal_folder(name).glob(f"*{SUFFIX}"):
            if ".history" not in path.name and path.name[8:24] < first:
                path.unlink()
