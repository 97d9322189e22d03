"""Which table lives in which database. Code that uses the vault names its alias; what a dashboard reads may come from a
replica of the other (`core.replica`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from core.replica import REPLICA, hints_at_replica, is_read

VAULT_OWNER = "vault_owner"
VAULT_ALIASES = {"vault", "vault_intake", VAULT_OWNER}
VAULT_APP = "psea"
# Tables of `core` that each database has for itself.
IN_BOTH = {"auditentry", "audithead", "lease", "longchange"}


def apps_of(alias: str) -> tuple[str, ...] | None:
    """The apps that a database holds tables of; None for all but the vault's."""
    return ("core", VAULT_APP) if alias in VAULT_ALIASES else None


class VaultRouter:
    """The vault's tables are made by its owner's alias only; reads and writes name their alias."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        if model._meta.app_label == VAULT_APP:
            return "vault"
        if is_read():
            return REPLICA
        return "default" if hints_at_replica(hints) else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Nothing is written to a replica, whichever row it hangs on."""
        if model._meta.app_label == VAULT_APP:
            return "vault"
        return "default" if hints_at_replica(hints) else None

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool | None:
        """No relation crosses databases."""
        return (first._meta.app_label == VAULT_APP) == (second._meta.app_label == VAULT_APP)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        if db == "default":
            return app_label != VAULT_APP
        if db == VAULT_OWNER:
            return app_label == VAULT_APP or (app_label == "core" and (model_name or "") in IN_BOTH)
        return False
