from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """An app for its command, `manage.py setup`, and its checks."""

    name = "config"

    def ready(self) -> None:
        # Registering its check is all that this module does when it is read.
        import config.checks  # noqa: F401, PLC0415
