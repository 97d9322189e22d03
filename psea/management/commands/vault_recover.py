"""For the custodians of the recovery key: opens to somebody, who has a fresh key, what their role entitles them to."""

from __future__ import annotations

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import robot
from core.transitions import Refused
from directory.models import User
from directory.roles import IN_VAULT
from psea.actions import open_recovery, recover_cases


class Command(BaseCommand):
    help = (
        "Rouvre à une personne habilitée, par la clé de recouvrement, les dossiers auxquels son rôle lui donne droit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="adresse de la personne, qui a déjà créé sa nouvelle clé")

    def handle(self, *args: Any, **options: Any) -> None:
        colleague = User.objects.with_role(*IN_VAULT).filter(email__iexact=options["email"]).first()
        if colleague is None:
            raise CommandError("Personne du coffre n'a cette adresse.")
        by = robot("command")
        try:
            recovery = open_recovery(passphrase=getpass("Phrase de recouvrement : "), by=by)
            count = recover_cases(colleague=colleague, recovery=recovery, by=by)
        except Refused as error:
            raise CommandError(str(error.reason)) from error
        self.stdout.write(f"{count} dossier(s) ouvert(s).")
