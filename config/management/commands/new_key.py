"""`manage.py new_key`: a new secret beside the former one or in its place, or the former one gone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.setup import environment_file
from config.setup.renewal import (
    MARKING,
    PASSWORDS,
    RENEWABLE,
    NotRenewed,
    renew_password,
    renewed,
    settled,
    without_the_oldest,
    write,
)
from config.setup.roles import NoDatabase

MOVE = "Redémarrez tout, puis lancez « rotate_sealing » jusqu'à ce qu'il ne déplace plus rien."
MARK = "Arrêtez tout, puis redémarrez ; lancez « rotate_marks » jusqu'au bout, puis cette commande avec --settle."
NEXT = dict.fromkeys(MARKING, MARK) | {
    "SEALING_KEYS": MOVE,
    "VAULT_SEALING_KEYS": MOVE,
    "AUDIT_SIGNING_KEYS": "Redémarrez tout ; dès l'heure suivante, les deux signent. Dites la nouvelle aux témoins.",
    "SECRET_KEY": "Redémarrez tout ; dans dix heures, --drop-oldest. Si elle a fui : tout de suite.",
    "METRICS_TOKEN": "Redémarrez les serveurs web, puis donnez-le à Prometheus.",
}
AT_ONCE = "Redémarrez tout aussitôt ; un répartiteur de connexions (PgBouncer) doit l'apprendre aussi."
DROPPED = "Redémarrez tout, puis détruisez le papier de la clé qui part."


class Command(BaseCommand):
    help = (
        "Tire une nouvelle clé et l'écrit dans le fichier de réglages, devant l'ancienne, qui reste. --drop-oldest ôte "
        "l'ancienne, et refuse tant que quelque chose en dépend. Le mot de passe d'une base change aussitôt, chez elle "
        "et dans le fichier. Les autres secrets : docs/que-faire-quand.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=RENEWABLE, help="le réglage")
        parser.add_argument("--env-file", type=Path, default=os.environ.get("ENV_FILE"), help="ENV_FILE par défaut")
        other = parser.add_mutually_exclusive_group()
        other.add_argument("--drop-oldest", action="store_true", help="ôte l'ancienne au lieu d'en tirer une")
        other.add_argument("--settle", action="store_true", help="toute marque est sous la nouvelle : le note")

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
            if options["settle"]:
                environment_file.change(path, settled(name, said))
                self.stdout.write(f"{name} : noté dans {path}. Redémarrez tout ; les deux clés y restent.")
                return
            if name in PASSWORDS:
                changed = ", ".join(renew_password(path, name, said))
                self.stdout.write(f"{changed} : nouveau mot de passe, chez PostgreSQL et dans {path}. {AT_ONCE}")
                return
            sheet = write(path, renewed(name, said), name=name, public_url=settings.PUBLIC_URL, today=today)
        except (NotRenewed, NoDatabase, environment_file.Unwritable, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{name} : une nouvelle est dans {path}. {NEXT[name]}")
        if sheet:
            self.stdout.write(f"À imprimer deux fois, puis à effacer (shred -u) : {sheet}")
