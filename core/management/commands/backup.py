from __future__ import annotations

from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from core.backups.making import make_backup
from core.backups.problems import BackupProblem


class Command(BaseCommand):
    help = (
        "Fait une sauvegarde dans BACKUP_DIR : les deux bases, ce qui attend sur le disque de cette machine et le "
        "fichier des clés épinglées, chiffrés pour BACKUP_RECIPIENTS, le coffre pour BACKUP_VAULT_RECIPIENTS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup()
        except (BackupProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        except psycopg.Error as problem:
            raise CommandError(f"Le serveur PostgreSQL ne répond pas, ou refuse ce rôle : {problem}") from problem
        for part in made.parts:
            self.stdout.write(f"{part.name} : {part.size} octets, {'coffre' if part.is_vaults else 'ordinaire'}")
        if any(part.name == "all" for part in made.parts):
            self.stdout.write(
                "Les deux bases sont sur le même serveur PostgreSQL : la sauvegarde entière ne s'ouvre qu'avec la clé "
                "du coffre. Donnez au coffre son propre serveur pour qu'elles se restaurent à part."
            )
        seconds = (made.ended_at - made.made_at).total_seconds()
        self.stdout.write(
            f"Sauvegarde {made.name} : {made.size} octets en {seconds:.0f} s. Elle demande, pour être lue, les clés "
            f"{made.keys_told}, qui n'y sont pas."
        )
