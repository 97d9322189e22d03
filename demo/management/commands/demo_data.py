"""`manage.py demo_data`: fills empty databases with invented people and history."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo import filling
from demo.accounts import register_path


class Command(BaseCommand):
    help = "Remplit une installation vide de personnes et de faits inventés, et écrit var/demo.json."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--small", action="store_true", help="une personne par rôle, une poignée de dossiers")
        parser.add_argument("--seed", type=int, default=1, help="le même nombre redonne les mêmes faits")
        parser.add_argument("--cases", type=int, help="combien de dossiers inventer, tous circuits réunis")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = options["cases"] or (filling.SMALL if options["small"] else filling.FULL)
        wanted = filling.Wanted(seed=options["seed"], cases=cases, small=options["small"])
        try:
            filling.fill(wanted, self.stdout.write)
        except filling.NotEmpty as error:
            raise CommandError("La base contient déjà des organisations : rien n'a été ajouté.") from error
        self.stdout.write(f"Comptes, codes et phrases : {register_path()}")
