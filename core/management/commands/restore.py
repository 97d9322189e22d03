from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.backups.age_streams import identities
from core.backups.problems import BackupProblem
from core.backups.restoring import Restored, restore
from core.backups.sets import chosen


class Command(BaseCommand):
    help = (
        "Restaure une sauvegarde dans un dossier vide, avec le journal reçu depuis, et dit ce qui reste à faire. "
        "Ne touche ni aux bases en service ni à leurs fichiers (docs/sauvegarde.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", type=Path, help="un dossier vide")
        parser.add_argument("--set", default="", help="le nom de la sauvegarde ; la plus récente par défaut")
        parser.add_argument("--identity", type=Path, action="append", required=True, help="une clé privée age")
        parser.add_argument("--part", action="append", default=[], help="cette partie seulement (répétable)")
        parser.add_argument("--until", help="l'état à ce moment, par exemple 2026-11-27T13:00 (PostgreSQL)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            until = _moment(options["until"])
            keys = identities(options["identity"])
            backup, place = chosen(options["set"]), options["place"].resolve()
            restored = restore(backup, place, keys, only=options["part"], until=until)
        except (BackupProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("\n".join(_next(restored)))


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BackupProblem(f"« {text} » n'est pas un moment : écrivez par exemple 2026-11-27T13:00.") from error
    return found if found.tzinfo else timezone.make_aware(found)


def _next(restored: Restored) -> list[str]:
    """What is where, and what its owner does now."""
    said = [f"Sauvegarde {restored.backup.name} restaurée dans {restored.place} :"]
    for part in restored.parts:
        folder = restored.place / part.name
        if part.kind == "postgres":
            version = part.server["version"]
            said.append(f"- {folder} : dossier de données, à démarrer avec PostgreSQL {version} ; il lira son journal.")
        elif part.kind == "sqlite":
            said.append(f"- {folder} : base SQLite, à mettre dans VAR_DIR.")
        else:
            where = "SPOOL_DIR" if part.name == "spool" else "la place de VAULT_PINS_FILE"
            said.append(f"- {folder} : {len(list(folder.iterdir()))} fichier(s), à mettre à {where}.")
    needed = restored.backup.keys_needed.items()
    return [*said, *(f"Pour lire, {setting} doit contenir les clés {', '.join(labels)}." for setting, labels in needed)]
