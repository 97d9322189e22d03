"""Loads a plan from YAML; without a path, the plan of the country."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from workplan.loading import EHP_PLAN, load_plan
from workplan.models import Indicator


class Command(BaseCommand):
    help = "Charge un plan de travail depuis un fichier YAML (celui du pays par défaut)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=EHP_PLAN)
        parser.add_argument("--reason", default="", help="Change un plan qui est déjà là, et dit pourquoi.")

    def handle(self, *args: Any, path: Path, reason: str, **options: Any) -> None:
        plan = load_plan(path, reason=reason)
        self.stdout.write(f"{plan} : {Indicator.objects.of_plan(plan.pk).count()} indicateurs.")
