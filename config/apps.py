from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings

from config.watching import watch


class ConfigConfig(AppConfig):
    """An app for its command, `manage.py setup`, and its checks."""

    name = "config"

    def ready(self) -> None:
        # Registering its check is all that this module does when it is read.
        import config.checks  # noqa: F401, PLC0415

        if settings.SENTRY_DSN:
            watch(settings.SENTRY_DSN, sample_rate=settings.SENTRY_SAMPLE_RATE)
