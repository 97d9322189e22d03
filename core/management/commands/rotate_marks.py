from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.index import ring
from core.long_changes import BATCH
from core.remarking import marked_models, remaining, remark


class Command(BaseCommand):
    help = (
        "Met chaque marque (numéros, lectrices, entités) sous la dernière clé de INDEX_KEY, et de VAULT_INDEX_KEY, "
        "table par table, par lots, pendant que tout fonctionne. Peut être arrêtée et relancée : elle reprend où elle "
        "en était. Dit à la fin ce que le réglage doit devenir."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="lignes par transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for name, vault in (("INDEX_KEY", False), ("VAULT_INDEX_KEY", True)):
                self._rotate(name, vault, options["batch"])
        except KeyboardInterrupt as problem:
            raise CommandError("Arrêtée ; relancez-la pour continuer.") from problem

    def _rotate(self, name: str, vault: bool, batch: int) -> None:
        if not ring(vault=vault).is_changing:
            self.stdout.write(f"{name} : rien à changer.")
            return
        left = 0
        for model in marked_models(vault=vault):
            for progress in remark(model, batch):
                self.stdout.write(f"{model._meta.db_table} : {progress.done}/{progress.total}")
            left += remaining(model)
        if left:
            raise CommandError(f"{name} : {left} lignes restent sous une ancienne clé. Relancez la commande.")
        self.stdout.write(f"{name} : terminé. Lancez « new_key {name} --settle », et redémarrez.")
