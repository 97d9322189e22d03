"""What `manage.py check --deploy` refuses of the vault, and what production does not start with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from psea.database_roles import unsafe_roles
from psea.databases import INTAKE, VAULT
from psea.ring_rotation import places_unknown, places_without
from psea.standing import recovery_until
from psea.trust import SIGNERS_NEEDED, approved_keys, pinned

NO_RECOVERY = "Le coffre n'a pas de clé de recouvrement approuvée que deux dépositaires ouvrent (page « Personnes »)."


@register("vault", deploy=True)
def vault_roles_are_narrow(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuses a role that owns the vault or bypasses its rules (DESIGN §6)."""
    found: list[CheckMessage] = []
    for alias in (VAULT, INTAKE):
        try:
            found += [Error(reason, id="psea.E001") for reason in unsafe_roles(alias)]
        except DatabaseError as error:
            found.append(Error(f"La base « {alias} » ne répond pas ({type(error).__name__}).", id="psea.E002"))
    return found


def refuse_unsafe_roles() -> None:
    """Raises ImproperlyConfigured in production, where a role may do too much (DESIGN §6); `/readyz` asks it again.

    A database that is away refuses nothing: what is said meanwhile is kept on this machine's disk.
    """
    if not settings.PRODUCTION:
        return
    try:
        reasons = [reason for alias in (VAULT, INTAKE) for reason in unsafe_roles(alias)]
    except DatabaseError:
        return
    if reasons:
        raise ImproperlyConfigured("Jaabi ne démarre pas :\n- " + "\n- ".join(reasons))


@register("vault", deploy=True)
def somebody_can_read(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without pins nobody's key can be approved; without a recovery key, a report that comes while nobody is on duty
    could be opened by nobody.
    """
    found: list[CheckMessage] = []
    if len(pinned()) < SIGNERS_NEEDED:
        reason = f"VAULT_PINS_FILE ({settings.VAULT_PINS_FILE}) épingle moins de deux personnes de la coordination."
        found.append(Error(reason, id="psea.E004"))
    try:
        if not recovery_until(approved_keys()):
            found.append(Error(NO_RECOVERY, id="psea.E003"))
    except DatabaseError:
        pass  # `vault_roles_are_narrow` says so
    return found


@register("vault", deploy=True)
def the_ring_opens_what_is_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A key that is missing from the ring, and what was there before there was one."""
    if not settings.VAULT_SEALING_KEYS:
        return []  # said of the settings
    found: list[CheckMessage] = []
    try:
        if places := places_unknown():
            reason = f"VAULT_SEALING_KEYS n'a pas la clé de ce qui est dans {', '.join(places)} : personne ne l'ouvre."
            found.append(Error(reason, id="psea.E005"))
        if places := places_without():
            reason = f"VAULT_SEALING_KEYS ne ferme pas encore {', '.join(places)} : lancez « rotate_sealing »."
            found.append(Warning(reason, id="psea.W001"))
    except DatabaseError:
        pass  # `vault_roles_are_narrow` says so
    return found
