from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.long_changes import BATCH, known, run
from core.models import LongChange


class Command(BaseCommand):
    help = (
        "Mène à son terme un changement de nombreuses lignes, par lots, pendant que tout fonctionne. Peut être arrêtée "
        "(Ctrl-C, coupure) et relancée : elle reprend où elle en était. Sans nom, dit où en est chacun."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--batch", type=int, default=BATCH, help="lignes par transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        changes, name = known(), options["name"]
        if not name:
            for one in changes.values():
                self.stdout.write(f"{one.name} : {_standing(one.name, one.using)}")
            return
        if name not in changes:
            raise CommandError(f"Aucun changement ne s'appelle « {name} ». Il y a : {', '.join(changes) or 'aucun'}.")
        try:
            for progress in run(changes[name], batch=options["batch"]):
                share = 100 * progress.done // progress.total
                self.stdout.write(f"{name} : {progress.done}/{progress.total} ({share} %)")
                self.stdout.flush()
        except KeyboardInterrupt as problem:
            raise CommandError("Arrêtée ; relancez-la pour continuer.") from problem
        self.stdout.write(f"{name} : {_standing(name, changes[name].using)}")


def _standing(name: str, using: str) -> str:
    found = LongChange.objects.using(using).filter(name=name).first()
    if found is None:
        return "pas commencé"
    return f"{found.done} lignes, " + ("terminé" if found.finished_at else "en cours ou arrêté")
