"""Makes a recovery key, and prints its passphrase once, for the custodians' sealed envelope."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.actors import robot
from psea.actions import enrol_recovery


class Command(BaseCommand):
    help = "Crée une clé de recouvrement du coffre et affiche sa phrase de passe, une seule fois."

    def handle(self, *args: Any, **options: Any) -> None:
        enrolment = enrol_recovery(by=robot("command"))
        self.stdout.write("Clé de recouvrement créée. Notez la phrase sur papier, sous enveloppe scellée :")
        self.stdout.write(enrolment.passphrase)
