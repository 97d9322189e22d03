"""What `manage.py check --deploy` says of the settings: the sentences that would stop the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from config.required import wrong_settings


@register("settings", deploy=True)
def settings_are_strong(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One error for each setting that is missing or weak."""
    return [Error(sentence, id="config.E001") for sentence in wrong_settings(settings)]
