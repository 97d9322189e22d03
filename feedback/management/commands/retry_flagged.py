from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.actors import SYSTEM
from feedback.envelopes import take_up_flagged


class Command(BaseCommand):
    help = "Takes up again the messages that could not be processed, once the cause is mended."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{take_up_flagged(by=SYSTEM)} messages taken up again")
