"""The WAL that was received, file by file, and whether any of it is missing."""

from __future__ import annotations

from pathlib import Path

from core.backups.problems import BackupProblem
from core.backups.sets import Part, finished, wal_folder

SUFFIX = ".gz.age"
TIMELINE = 8
FILES_OF_A_LOG = 256


def wal_needed(part: Part) -> list[Path]:
    """The kept WAL files from where the part begins, in order. Raises BackupProblem when one of them is missing."""
    first, last = _number(part.server["first_wal"]), _number(part.server["last_wal"])
    kept = sorted(wal_folder(part.name).glob(f"*{SUFFIX}"))
    files = [path for path in kept if ".history" not in path.name and _number(path.name) >= first]
    numbers = sorted({_number(path.name) for path in files})
    # The part itself holds what was written until its end.
    expected = range(min(numbers[0], last + 1), numbers[-1] + 1) if numbers else range(0)
    if missing := set(expected) - set(numbers):
        raise BackupProblem(
            f"Il manque {len(missing)} fichier(s) du journal de « {part.name} » depuis cette sauvegarde : "
            "ce qui suit ne peut pas être repris. Prenez une sauvegarde plus récente."
        )
    return [*files, *(path for path in kept if ".history" in path.name)]


def has_hole(name: str) -> bool:
    """Whether a file is missing after the newest set that holds this server."""
    try:
        parts = [part for one in finished() for part in one.parts if part.name == name]
        for part in parts[-1:]:
            wal_needed(part)
    except BackupProblem:
        return True
    return False


def _number(name: str) -> int:
    """The place of a WAL file in the whole, whatever its timeline."""
    log, file = name[TIMELINE : 2 * TIMELINE], name[2 * TIMELINE : 3 * TIMELINE]
    return int(log, 16) * FILES_OF_A_LOG + int(file, 16)
