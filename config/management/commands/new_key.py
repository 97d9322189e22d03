"""`manage.py new_key`: a new key beside the former one, or the former one gone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.setup import environment_file
from config.setup.renewal import RENEWABLE, NotRenewed, renewed, without_the_oldest, write

MOVE = "Redémarrez tout, puis lancez « rotate_sealing » jusqu'à ce qu'il ne déplace plus rien."
NEXT = {
    "SEALING_KEYS": MOVE,
    "VAULT_SEALING_KEYS": MOVE,
    "AUDIT_SIGNING_KEYS": "Redémarrez tout ; dès l'heure suivante, les deux signent. Dites la nouvelle aux témoins.",
    "SECRET_KEY": "Redémarrez tout ; dans dix heures, --drop-oldest. Si elle a fui : tout de suite.",
    "METRICS_TOKEN": "Redémarrez les serveurs web, puis donnez-le à Prometheus.",
}
DROPPED = "Redémarrez tout, puis détruisez le papier de la clé qui part."


class Command(BaseCommand):
    help = (
        "Tire une nouvelle clé et l'écrit dans le fichier de réglages, devant l'ancienne, qui reste. --drop-oldest ôte "
        "l'ancienne, et refuse tant que quelque chose en dépend. Les autres secrets : docs/que-faire-quand.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=RENEWABLE, help="le réglage")
        parser.add_argument("--env-file", type=Path, default=os.environ.get("ENV_FILE"), help="ENV_FILE par défaut")
        parser.add_argument("--drop-oldest", action="store_true", help="ôte l'ancienne au lieu d'en tirer une")

    def handle(self, *args: Any, **options: Any) -> None:
        path, name = options["env_file"], options["name"]
        if path is None or not Path(path).is_file():
            raise CommandError("Nommez le fichier de réglages : --env-file, ou ENV_FILE.")
        path, today = Path(path), datetime.now(UTC).date()
        said = environment_file.read(path)
        if said.get(name, "") != os.environ.get(name, said.get(name, "")):
            raise CommandError(f"{name} vient de l'environnement et non de {path} : changez-le là où il est dit.")
        try:
            if options["drop_oldest"]:
                environment_file.change(path, without_the_oldest(name, said))
                self.stdout.write(f"{name} : l'ancienne est partie de {path}. {DROPPED}")
                return
            sheet = write(path, renewed(name, said), name=name, public_url=settings.PUBLIC_URL, today=today)
        except (NotRenewed, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{name} : une nouvelle est dans {path}. {NEXT[name]}")
        if sheet:
            self.stdout.write(f"À imprimer deux fois, puis à effacer (shred -u) : {sheet}")
