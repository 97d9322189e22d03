from __future__ import annotations

import signal
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.backups.problems import BackupProblem
from core.backups.wal import receive


class Command(BaseCommand):
    help = (
        "Reçoit sans cesse le journal (WAL) de PostgreSQL et le garde chiffré dans BACKUP_DIR : entre deux "
        "sauvegardes, rien de plus vieux que --every secondes ne se perd. Un seul à la fois par serveur."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=300.0, help="secondes ; 300 par défaut")

    def handle(self, *args: Any, **options: Any) -> None:
        over: list[int] = []
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda number, frame: over.append(number))
        try:
            kept = receive(options["every"], lambda: bool(over))
        except (BackupProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        except psycopg.Error as problem:
            raise CommandError(f"Le serveur PostgreSQL ne répond pas, ou refuse ce rôle : {problem}") from problem
        self.stdout.write(f"{kept} fichier(s) du journal gardé(s).")
