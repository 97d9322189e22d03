from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from referrals.tallying import differences, pair, take_in_all, take_in_anew, tidy

SHOWN = 20


class Command(BaseCommand):
    help = (
        "The sums that figures are read from: makes those that an earlier version did not keep, once it has gone, and "
        "takes in what is open to be counted again. --anew: makes them of every case (a first start, a restored "
        "backup). --check: recounts everything, and fails where they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="empty the sums and make them again")
        parser.add_argument("--check", action="store_true", help="compare the sums with a recount")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            take_in_anew(self._say)
            tidy(self._say)
            self.stdout.write("the sums were made anew")
        elif not options["check"]:
            if pair(self._say):
                tidy(self._say)
                self.stdout.write("the sums that were missing were made")
            self.stdout.write(f"{take_in_all()} cases taken in")
        if options["check"]:
            found = differences()
            for line in found[:SHOWN]:
                self.stderr.write(line)
            if found:
                raise CommandError(f"{len(found)} differences; --anew makes the sums again")
            self.stdout.write("the sums equal a recount")

    def _say(self, done: str) -> None:
        self.stdout.write(f"{timezone.localtime():%H:%M:%S} {done}")
        self.stdout.flush()
