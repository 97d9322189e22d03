from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.backups.problems import BackupProblem
from core.backups.retention import old_keys, prune


class Command(BaseCommand):
    help = (
        "Supprime les sauvegardes trop vieilles, sauf la dernière, et le journal dont aucune n'a besoin ; dit quelles "
        "clés peuvent quitter SEALING_KEYS et VAULT_SEALING_KEYS : ce qui fut détruit l'est alors aussi dans toute "
        "copie."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=settings.BACKUP_DAYS, help="jours ; BACKUP_DAYS par défaut")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError("--days doit valoir au moins 1.")
        try:
            gone = prune(options["days"], timezone.now())
            self.stdout.write(f"{len(gone)} sauvegarde(s) supprimée(s){' : ' if gone else ''}{', '.join(gone)}.")
            for key in old_keys():
                self.stdout.write(str(key))
        except (BackupProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
