from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core.backups.retention import old_keys
from core.rotation import BATCH, Round, rotate, sealed_models


class Command(BaseCommand):
    help = (
        "Passe toute enveloppe vivante à la clé la plus récente de SEALING_KEYS, table par table, par lots. "
        "Relancez-la jusqu'à ce qu'elle n'en déplace plus ; elle dit si une ancienne "
        "clé peut partir, ou ce qui en dépend encore."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="lignes par transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Round()
        for model in sealed_models():
            done = Round()
            for one in rotate(model, options["batch"]):
                done += one
                self.stdout.write(f"{model._meta.db_table}: {done.moved} déplacées sur {done.looked}")
            total += done
        for name in settings.SEALED_BESIDE:
            done = import_module(name).rotate()
            self.stdout.write(f"{name}: {done.moved} déplacées sur {done.looked}")
            total += done
        self.stdout.write(f"{total.moved} enveloppes déplacées, {total.lost} qu'aucune clé de l'anneau n'ouvre.")
        for key in old_keys():
            self.stdout.write(str(key))
