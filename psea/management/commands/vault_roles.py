"""Gives the vault's two PostgreSQL roles exactly what they need. Run with the owner's address, after each migration."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from psea.database_roles import create_missing, grants
from psea.databases import INTAKE, OWNER, VAULT


class Command(BaseCommand):
    help = "Crée au besoin les rôles du coffre (intake, handlers) et leur donne leurs droits, rien de plus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="affiche les instructions sans les exécuter")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = connections[OWNER]
        if owner.vendor != "postgresql":
            raise CommandError("Le coffre n'est pas sur PostgreSQL : il n'y a pas de rôles à régler.")
        handlers, intake = _login(VAULT), _login(INTAKE)
        names = {handlers[0], intake[0], _login(OWNER)[0]}
        if len(names) != 3:
            raise CommandError("VAULT, VAULT_INTAKE et VAULT_OWNER doivent être trois rôles différents.")
        statements = grants(handlers=handlers[0], intake=intake[0])
        if options["print"]:
            self.stdout.write(";\n".join(statements) + ";")
            return
        with transaction.atomic(using=OWNER), owner.cursor() as cursor:
            create_missing(cursor, dict([handlers, intake]))
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write("Les rôles du coffre sont réglés.")


def _login(alias: str) -> tuple[str, str]:
    settings = connections[alias].settings_dict
    return str(settings["USER"]), str(settings["PASSWORD"])
