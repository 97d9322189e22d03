"""Django's `migrate`, which in a database of few tables goes through the migrations of those alone."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from core.routers import apps_of


class Command(migrate.Command):
    """The vault holds two apps; going through the history of all the others, which changes nothing there, took long."""

    def handle(self, *args: Any, **options: Any) -> None:
        only = apps_of(options["database"])
        if options["app_label"] or only is None:
            super().handle(*args, **options)
            return
        for label in only:
            super().handle(*args, **options | {"app_label": label, "run_syncdb": False})
