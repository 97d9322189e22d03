"""`manage.py demo`: makes everything that is missing, and serves in the foreground."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from demo import filling
from demo.accounts import PASSWORD, Register, read_register, register_path, write_register
from demo.static_files import collect_static
from demo.supervisor import ChildDied, Supervisor, is_taken
from directory.roles import Role

# Its people, places and cases are of this country.
COUNTRY = "ML"
FOLDERS = ("queue", "queue-control", "cache", "mail", "logs")


class Command(BaseCommand):
    help = "Prépare la démonstration et la sert sur http://localhost:8000 (PORT= change le port)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        if settings.COUNTRY.code != COUNTRY:
            raise CommandError(
                f"La démonstration se passe au Mali : retirez COUNTRY={settings.COUNTRY.folder.name}. "
                "Pour un autre pays, installez : docs/installation.md."
            )
        port = _port()
        if is_taken(port):
            raise CommandError(f"Le port {port} est déjà pris : relancez par exemple avec PORT={port + 1} make demo.")
        self._prepare_folders()
        register = self._filled()
        write_register(register)  # the address may have changed since the last start
        collect_static()
        connections.close_all()
        self._serve(register, port, began)

    def _prepare_folders(self) -> None:
        for name in FOLDERS:
            (Path(settings.VAR_DIR) / name).mkdir(parents=True, exist_ok=True)

    def _filled(self) -> Register:
        if filling.was_interrupted() and not filling.forget_interrupted():
            raise CommandError("Un remplissage précédent a été interrompu : videz les bases nommées, puis relancez.")
        filling.migrate()
        register = read_register()
        if register is not None and filling.is_filled():
            return register
        self.stdout.write("Remplissage de la démonstration :")
        try:
            return filling.fill(filling.Wanted(), self._say)
        except filling.NotEmpty as error:
            raise CommandError(
                "La base contient déjà autre chose qu'une démonstration. Donnez un autre dossier avec VAR_DIR=."
            ) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _serve(self, register: Register, port: int, began: float) -> None:
        supervisor = Supervisor(port)
        try:
            supervisor.start()
            if not supervisor.asked_to_stop:
                self._say(_welcome(register, time.monotonic() - began))
            supervisor.watch()
        except ChildDied as error:
            raise CommandError(
                f"Le processus « {error.name} » s'est arrêté. Son journal dit pourquoi : {error.log}"
            ) from error
        except TimeoutError as error:
            raise CommandError(f"Le serveur ne répond pas. Journaux : {settings.VAR_DIR}/logs/") from error
        finally:
            supervisor.stop()
        self._say("Arrêté.")


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CommandError(f"PORT={given} n'est pas un port.")
    return int(given)


def _welcome(register: Register, seconds: float) -> str:
    accounts = "\n".join(
        f"  {Role(one.role).label:<42} {one.email:<52} {one.organisation}" for one in _one_each(register)
    )
    return f"""
Jaabi est prêt ({seconds:.0f} s).

  {settings.PUBLIC_URL}/             ce que voit le public
  {settings.PUBLIC_URL}/demo/        la visite guidée : comptes, codes à usage unique, phrases du coffre
  {settings.PUBLIC_URL}/demo/phone/  un téléphone pour envoyer et recevoir des SMS

Une personne par rôle (mot de passe de toutes : {PASSWORD}) :
{accounts}

Tous les comptes : {register_path()}
Ctrl-C arrête tout.
"""


def _one_each(register: Register) -> list[Any]:
    seen = {account.role: account for account in reversed(register.accounts)}
    return [account for account in register.accounts if seen[account.role] is account]
