from __future__ import annotations

from django.apps import AppConfig


class PseaConfig(AppConfig):
    name = "psea"
    verbose_name = "PSEA"

    def ready(self) -> None:
        # Registering its check is all that this module does when it is read.
        import psea.checks  # noqa: F401, PLC0415
