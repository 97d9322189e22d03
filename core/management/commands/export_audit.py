from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import audit_export
from core.audit_hashes import CHAINS
from core.checkpoints import as_lines
from core.models import Checkpoint

POINTS = "points"


class Command(BaseCommand):
    help = (
        "Writes one chain of the audit whole, or the signed checkpoints, one JSON object a line: what "
        "verifier/verify_audit.py reads. A whole chain says how much was done in each hour: for a full audit only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=[*CHAINS.values(), POINTS])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == POINTS:
            self.stdout.write(as_lines(Checkpoint.objects.order_by("number")), ending="")
            return
        alias = {chain: alias for alias, chain in CHAINS.items()}[options["what"]]
        for line in audit_export.whole(alias):
            self.stdout.write(line)
