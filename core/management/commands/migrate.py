"""Django's `migrate`, which in a database of few tables goes through the migrations of those alone, and which waits for
no table longer than what is served meanwhile can bear: it tries again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable

from core.routers import apps_of

TRIES = 10
WAITS = 2.0
HELD = (
    "Une autre transaction tient une table depuis trop longtemps : la migration qui la voulait est défaite en entier, "
    "celles d'avant restent. Qui tient : « select pid, usename, state, xact_start from pg_stat_activity "
    "where xact_start is not null order by xact_start ». Attendez qu'elle finisse, puis relancez la même commande."
)


class Command(migrate.Command):
    """The vault holds two apps; going through the history of all the others, which changes nothing there, took long."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        help_text = "secondes pendant lesquelles une migration attend une table, et fait attendre qui la lit ; 5"
        parser.add_argument("--lock-timeout", type=float, default=5.0, help=help_text)

    def handle(self, *args: Any, lock_timeout: float, **options: Any) -> None:
        only = apps_of(options["database"])
        with _impatient(options["database"], lock_timeout):
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
                if not isinstance(error.__cause__, DeadlockDetected | LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(HELD) from error
                self.stderr.write("Une autre transaction tenait la table : nouvel essai dans deux secondes.")
                time.sleep(WAITS)
            else:
                return


@contextmanager
def _impatient(alias: str, seconds: float) -> Iterator[None]:
    """Within, each migration that is one transaction waits so long for a table.

    It is said within the transaction, as a pooler gives the next one another connection. A migration that is none
    builds an index beside those who write, which holds nobody up, and which would be left invalid.
    """
    connection = connections[alias]
    usual: Any = connection.SchemaEditorClass
    if usual is None or connection.vendor != "postgresql":
        yield
        return

    class Impatient(usual):  # type: ignore[misc]  # the class of that connection
        def __enter__(self) -> Any:
            entered = super().__enter__()
            if self.atomic_migration:
                self.execute(f"set local lock_timeout = {int(seconds * 1000)}")
            return entered

    connection.SchemaEditorClass = Impatient
    try:
        yield
    finally:
        connection.SchemaEditorClass = usual
