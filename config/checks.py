"""What `manage.py check --deploy` says of the settings: the sentences that would stop the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError

from config.required import wrong_settings
from core.index import ring
from core.remarking import places_of_older_keys


@register("settings", deploy=True)
def settings_are_strong(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One error for each setting that is missing or weak."""
    return [Error(sentence, id="config.E001") for sentence in wrong_settings(settings)]


@register("settings", deploy=True)
def marks_are_under_the_newest_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """While a key that marks is changed: what is left to do. Afterwards: that nothing is looked for in vain."""
    found: list[CheckMessage] = []
    for name, vault in (("INDEX_KEY", False), ("VAULT_INDEX_KEY", True)):
        try:
            held = ring(vault=vault)
            places = ", ".join(places_of_older_keys(vault=vault)) if len(held.keys) > 1 else ""
        except (ValueError, DatabaseError):
            continue  # said elsewhere
        if places and held.is_changing:
            reason = f"{name} : des marques restent sous une ancienne clé ({places}) ; lancez « rotate_marks »."
            found.append(Warning(reason, id="config.W002"))
        elif places:
            reason = (
                f"{name} : « + » y est trop tôt, on ne retrouve plus ce qui reste sous une ancienne clé ({places})."
            )
            found.append(Error(reason, id="config.E003"))
        elif held.is_changing:
            reason = f"{name} : plus rien n'est sous l'ancienne clé ; mettez « + » à la place de la virgule."
            found.append(Warning(reason, id="config.W004"))
    return found


@register("settings", deploy=True)
def addresses_are_told_apart(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Behind the TLS front every request comes from one address, unless the front is trusted to say whose it is."""
    if not settings.PRODUCTION or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0:
        return []
    reason = "TRUSTED_PROXIES=0 : derrière un frontal, dix mots de passe faux fermeraient la porte à tout le monde."
    return [Warning(reason, id="config.W005")]
