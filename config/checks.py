"""What `manage.py check --deploy` says of the settings, and of what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connections

from config.required import wrong_settings
from core.index import ring
from core.remarking import places_of_older_keys

SERVING = ("default", "vault", "vault_intake")
UNKNOWN = (
    "Un répartiteur de connexions (PgBouncer) est devant PostgreSQL ({names}) : réglez DATABASE_POOLED=1, "
    "sinon une requête peut en rencontrer une autre."
)
BACKUPS = (
    "Derrière un répartiteur, BACKUP_DATABASE_URL doit nommer PostgreSQL lui-même : il ne laisse passer aucune copie."
)


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
            reason = f"{name} : plus rien n'est sous l'ancienne clé ; lancez « new_key {name} --settle »."
            found.append(Warning(reason, id="config.W004"))
    return found


@register("settings", deploy=True)
def addresses_are_told_apart(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Behind the TLS front every request comes from one address, unless the front is trusted to say whose it is."""
    if not settings.PRODUCTION or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0:
        return []
    reason = "TRUSTED_PROXIES=0 : derrière un frontal, dix mots de passe faux fermeraient la porte à tout le monde."
    return [Warning(reason, id="config.W005")]


@register("settings", deploy=True)
def somebody_could_restore_and_watch(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Jaabi runs without backups and without a monitor, until the day they are missed."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = [
        Warning(f"{name} manque : rien n'est sauvegardé (docs/sauvegarde.md).", id="config.W006")
        for name in ("BACKUP_RECIPIENTS", "BACKUP_VAULT_RECIPIENTS")
        if not getattr(settings, name)
    ]
    if not settings.METRICS_TOKEN:
        reason = "METRICS_TOKEN manque : /metrics ne répond à personne, et aucune alerte ne part."
        found.append(Warning(reason, id="config.W007"))
    return found


@register("settings", deploy=True)
def pooler_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """DATABASE_POOLED says what stands there: behind a pooler in transaction mode what a connection remembers is lost,
    or is another transaction's."""
    told = {alias: _pooled(alias) for alias in SERVING if alias in connections and _is_postgres(alias)}
    behind = sorted(alias for alias, found in told.items() if found is True)
    wrong: list[CheckMessage] = [
        Error(f"La base « {alias} » ne répond pas : {found}", id="config.E005")
        for alias, found in told.items()
        if isinstance(found, str)
    ]
    if behind and not _says_pooled():
        wrong.append(Error(UNKNOWN.format(names=", ".join(behind)), id="config.E002"))
    if _says_pooled() and told and not any(told.values()):
        wrong.append(Warning("DATABASE_POOLED=1, et aucun répartiteur n'est devant PostgreSQL.", id="config.W001"))
    if "default" in behind and not settings.BACKUP_DATABASE_URL:
        wrong.append(Error(BACKUPS, id="config.E006"))
    return wrong


def _is_postgres(alias: str) -> bool:
    return connections[alias].vendor == "postgresql"


def _says_pooled() -> bool:
    return bool(connections["default"].settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))


def _pooled(alias: str) -> bool | str:
    """Whether somebody else answers in PostgreSQL's place; or why nobody does. A pooler makes up the process that it
    says to be."""
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (pid,) = cursor.fetchone()
    except DatabaseError as error:
        said = str(error).strip().splitlines()[-1]
        return "unsupported startup parameter" in said or said  # a pooler's words: it was told what it cannot pass on
    return bool(connection.connection.info.backend_pid != pid)
