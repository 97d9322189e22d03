from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.backups.retention import old_keys
from core.rings import BATCH, Round, rings


class Command(BaseCommand):
    help = (
        "Passe toute enveloppe vivante à la clé la plus récente de SEALING_KEYS, et dans le coffre de "
        "VAULT_SEALING_KEYS, table par table, par lots. "
        "Relancez-la jusqu'à ce qu'elle n'en déplace plus ; elle dit si une ancienne "
        "clé peut partir, ou ce qui en dépend encore."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="lignes par transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Round()
        for ring in rings():
            done: dict[str, Round] = defaultdict(Round)
            for place, one in ring.rotate_all(options["batch"]):
                done[place] += one
                self.stdout.write(f"{place}: {done[place].moved} déplacées sur {done[place].looked}")
            total = sum(done.values(), total)
        self.stdout.write(f"{total.moved} enveloppes déplacées, {total.lost} qu'aucune clé de l'anneau n'ouvre.")
        for key in old_keys():
            self.stdout.write(str(key))
