from __future__ import annotations

from typing import Any

import pyrage
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Tire une paire de clés age pour les sauvegardes. Lancez-la sur la machine de qui restaurera, pas sur le "
        "serveur : la clé privée n'a rien à y faire."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = pyrage.x25519.Identity.generate()
        self.stdout.write(f"# Clé publique, pour BACKUP_RECIPIENTS ou BACKUP_VAULT_RECIPIENTS : {made.to_public()}")
        self.stdout.write(str(made))
