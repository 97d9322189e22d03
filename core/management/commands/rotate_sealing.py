from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from core.rotation import BATCH, Round, rotate, sealed_models


class Command(BaseCommand):
    help = (
        "Moves every live wrap to the newest key of SEALING_KEYS, table by table, in batches. Run it again until it "
        "moves none; then, once the oldest backup has expired, the old key may leave the ring."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows per transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Round()
        for model in sealed_models():
            done = Round()
            for one in rotate(model, options["batch"]):
                done += one
                self.stdout.write(f"{model._meta.db_table}: {done.moved} moved of {done.looked}")
            total += done
        for name in settings.MOVED_BESIDE:
            moved = import_string(name)()
            self.stdout.write(f"{name}: {moved} moved")
            total += Round(moved, moved)
        self.stdout.write(f"{total.moved} moved to the newest key, {total.lost} that no key of the ring opens.")
