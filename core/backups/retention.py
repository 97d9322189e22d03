"""How long sets are kept, and which keys of the ring may leave: what was destroyed stays so once its key has left.

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
from core.keyring import labels
from core.rotation import places_under

UNFINISHED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class OldKey:
    """A key that is no longer the newest, and what still needs it."""

    label: str
    places: tuple[str, ...]
    backups: tuple[str, ...]

    @property
    def may_leave(self) -> bool:
        return not (self.places or self.backups)

    def __str__(self) -> str:
        if self.may_leave:
            return f"La clé {self.label} peut quitter SEALING_KEYS : rien de vivant ni aucune sauvegarde n'en dépend."
        if self.places:
            return f"La clé {self.label} reste : {', '.join(self.places)} ; lancez « rotate_sealing »."
        until = (moment_of(self.backups[-1]) + timedelta(days=settings.BACKUP_DAYS)).date().isoformat()
        return f"La clé {self.label} reste jusqu'au {until} : {len(self.backups)} sauvegarde(s) en dépendent."


def old_keys() -> list[OldKey]:
    """The ring's keys but the newest."""
    kept = finished()
    return [
        OldKey(label, tuple(places_under(label)), tuple(one.name for one in kept if label in one.keys_needed))
        for label in labels()[1:]
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
