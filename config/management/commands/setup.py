"""`manage.py setup`: from an empty machine to an installation that runs. Running it again changes nothing that exists.

Its first step, `config.setup.prepare`, was done when this is read: the settings come from the file that it wrote.
"""

from __future__ import annotations

import os
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwall
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.setup import filling, trials
from config.setup.prepare import SERVICE_GROUP, add_arguments, answers
from config.setup.questions import Unanswered
from config.setup.remaining import in_lines, remaining

FIRST_SIGN_IN = "first-sign-in.txt"


class Command(BaseCommand):
    help = (
        "Installe Jaabi : clés, réglages, bases, données du pays, première personne ; dit ensuite ce qui reste à faire."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)
        parser.add_argument("--try-number", default="", help="envoie un SMS d'essai à ce numéro (+223…)")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["env_file"].parent
        told = answers(options["answers"], is_asking=not options["unattended"])
        try:
            for sentence in _steps(folder, told):
                self._say(sentence)
        except Unanswered as error:
            raise CommandError(str(error)) from error
        for sentence in trials.tried(options["try_number"]):
            self._say(sentence)
        self.stdout.write("\nReste à faire :")
        for line in in_lines(remaining(folder)):
            self._say(line)
        self.stdout.write("\n`manage.py check --deploy` dit ce qui serait mal réglé.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"  {sentence}")
        self.stdout.flush()


def _steps(folder: Path, told: Any) -> Iterator[str]:
    yield filling.tables()
    yield filling.rights()
    yield filling.places()
    yield filling.reference()
    yield filling.plan()
    yield filling.static_files()
    yield filling.administrator(told, folder / FIRST_SIGN_IN)
    _hand_over(Path(settings.VAR_DIR))


def _hand_over(folder: Path) -> None:
    """What was written under VAR_DIR belongs to those who run the services, where the machine has them."""
    if os.geteuid() == 0 and SERVICE_GROUP in {user.pw_name for user in getpwall()}:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, SERVICE_GROUP, SERVICE_GROUP)
