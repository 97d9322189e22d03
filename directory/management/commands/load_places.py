from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.transitions import Refused
from directory.geography import load_geography
from directory.later_geography import load_later_geography


class Command(BaseCommand):
    help = (
        "Loads the places of today (10 regions, 53 cercles). With --version: a later division beside them, from two "
        "files (see docs/geography.md); no case, office or service is moved."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """`--version` is ours here, not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--version", help="name of the later division, 2023 say")
        parser.add_argument("--places", type=Path, help="CSV: code,level,name,parent_code")
        parser.add_argument("--crosswalk", type=Path, help="CSV: pcode,code,extent (whole or part)")

    def handle(self, *args: Any, **options: Any) -> None:
        version, places, crosswalk = options["version"], options["places"], options["crosswalk"]
        if version is None:
            load_geography()
            self.stdout.write("places of today loaded")
            return
        if places is None or crosswalk is None:
            raise CommandError("--version needs --places and --crosswalk.")
        try:
            count, links = load_later_geography(version, places, crosswalk)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version}: {count} places, {links} lines of crosswalk")
