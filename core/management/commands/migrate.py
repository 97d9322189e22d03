"""Django's `migrate`, which in a database of few tables goes through the migrations of those alone, and which tries
again when it was in the way of what is served meanwhile."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

from core.routers import apps_of

TRIES = 10
WAITS = 2.0


class Command(migrate.Command):
    """The vault holds two apps; going through the history of all the others, which changes nothing there, took long."""

    def handle(self, *args: Any, **options: Any) -> None:
        only = apps_of(options["database"])
        if options["app_label"] or only is None:
            self._until_done(*args, **options)
            return
        for label in only:
            self._until_done(*args, **options | {"app_label": label, "run_syncdb": False})

    def _until_done(self, *args: Any, **options: Any) -> None:
        """PostgreSQL undoes the whole migration that met another's locks, and those before it stand."""
        for left in reversed(range(TRIES)):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not (left and isinstance(error.__cause__, DeadlockDetected | LockNotAvailable)):
                    raise
                self.stderr.write("Une autre transaction tenait la table : nouvel essai dans deux secondes.")
                time.sleep(WAITS)
            else:
                return
