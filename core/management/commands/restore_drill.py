from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.backups.age_streams import identities
from core.backups.drill import Report, drill
from core.backups.problems import BackupProblem
from core.backups.sets import chosen
from core.rings import Tried


class Command(BaseCommand):
    help = (
        "L'exercice : restaure une sauvegarde dans un dossier vide, démarre ce qui fut restauré, vérifie les deux "
        "journaux, ouvre des dossiers, essaie ceux qui furent détruits depuis, dit RTO et RPO, et efface tout."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set", default="", help="le nom de la sauvegarde ; la plus récente par défaut")
        parser.add_argument("--identity", type=Path, action="append", required=True, help="une clé privée age")
        parser.add_argument("--in", dest="folder", help="où restaurer : un disque qui a la place")
        parser.add_argument("--key", default="", help="la clé publique du journal, telle qu'un témoin l'a reçue")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tempfile.TemporaryDirectory(dir=options["folder"], prefix="jaabi-drill-") as name:
                Path(name).chmod(0o711)  # PostgreSQL's own account passes through it
                place = Path(name) / "place"
                found = drill(chosen(options["set"]), place, identities(options["identity"]), key=options["key"])
        except (BackupProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("\n".join(_told(found)))
        if found.faults:
            raise CommandError("\n".join(found.faults))


def _of_ring(setting: str, seen: Tried) -> str:
    kept = f"{seen.destroyed_open} s'ouvrent encore : leur clé n'a pas quitté le réglage (« prune_backups »)"
    return (
        f"{setting} : {seen.opened} enregistrement(s) ouverts, de ceux qui vivent encore ; "
        f"{seen.destroyed} détruit(s) depuis ; {kept if seen.destroyed_open else 'aucun ne s’ouvre'}."
    )


def _told(found: Report) -> list[str]:
    return [
        f"Sauvegarde {found.backup.name}, {found.backup.size} octets.",
        found.said,
        *(_of_ring(setting, seen) for setting, seen in found.tried.items()),
        "Du coffre, l'enveloppe de l'anneau seule s'essaie ici : qu'une personne l'ouvre de sa clé une fois l'an.",
        f"RTO {found.rto:.0f} s, jusqu'au premier dossier ouvert ; RPO {found.rpo:.0f} s, âge du dernier acte.",
    ]
