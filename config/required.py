"""What production needs before it starts: each missing or weak setting has a sentence of its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pyrage
from django.core.exceptions import ImproperlyConfigured

from config.ranges import outside
from psea.enums import OVER

QUIET = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
# Commands that may run before everything is set.
UNGUARDED = {"help", "check", "compilemessages", "makemessages", "collectstatic", "version", "backup_identity"}


def readable(env_file: str) -> str:
    """The path of the environment file. Raises ImproperlyConfigured, in a sentence, unless it can be read."""
    try:
        with Path(env_file).open():
            return env_file
    except OSError as error:
        raise ImproperlyConfigured(f"ENV_FILE : {env_file} ne se lit pas ({error.strerror}).") from None


def refuse_weak_settings(settings: ModuleType, argv: list[str]) -> None:
    """Raises ImproperlyConfigured, naming every setting that is missing or weak and why it matters."""
    if len(argv) > 1 and argv[1] in UNGUARDED:
        return
    wrong = wrong_settings(settings)
    if wrong:
        raise ImproperlyConfigured("Jaabi ne démarre pas :\n- " + "\n- ".join(wrong))


def wrong_settings(settings: Any) -> list[str]:
    """A sentence for each setting that is missing or weak: which, and why it matters."""
    checks = (_keys, _addresses, _databases, _carrier, _retention, outside, _shapes, _recipients)
    return [sentence for check in checks for sentence in check(settings)]


def _keys(settings: Any) -> list[str]:
    wrong = []
    if len(_secret_key(settings)) < 50:
        wrong.append("SECRET_KEY manque ou compte moins de 50 caractères : les sessions pourraient être forgées.")
    if not settings.SEALING_KEYS or not all(_is_32_bytes(key) for key in settings.SEALING_KEYS):
        wrong.append("SEALING_KEYS manque ou n'est pas une clé X25519 (32 octets en base64url) : rien n'est scellé.")
    if not settings.VAULT_SEALING_KEYS or not all(_is_32_bytes(key) for key in settings.VAULT_SEALING_KEYS):
        wrong.append(
            "VAULT_SEALING_KEYS manque ou n'a pas 32 octets en base64url : "
            "ce qui est détruit dans le coffre s'ouvrirait encore dans une vieille copie."
        )
    if set(settings.SEALING_KEYS) & set(settings.VAULT_SEALING_KEYS):
        wrong.append("SEALING_KEYS et VAULT_SEALING_KEYS ont une clé en commun : elle ne quitterait jamais les deux.")
    if not settings.AUDIT_SIGNING_KEYS or not all(_is_32_bytes(key) for key in settings.AUDIT_SIGNING_KEYS):
        wrong.append(
            "AUDIT_SIGNING_KEYS manque ou n'est pas une clé Ed25519 (32 octets en base64url) : "
            "personne ne pourrait prouver que le journal n'a pas été réécrit."
        )
    for name in ("INDEX_KEY", "VAULT_INDEX_KEY"):
        if not all(_is_32_bytes(key) for key in _ring(getattr(settings, name))):
            wrong.append(f"{name} manque ou n'a pas 32 octets en base64url : les numéros se devineraient.")
    every = [*_ring(settings.INDEX_KEY), *_ring(settings.VAULT_INDEX_KEY)]
    if len(set(every)) < len(every) and all(every):
        wrong.append("INDEX_KEY et VAULT_INDEX_KEY ont une clé en commun : le coffre se recouperait avec le reste.")
    return wrong


def _secret_key(settings: Any) -> str:
    """Django's settings refuse to give an empty one."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def _ring(written: str) -> list[str]:
    return [key.strip() for key in written.replace("+", ",").split(",")]


def _is_32_bytes(value: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(value)) == 32
    except ValueError:
        return False


def _addresses(settings: Any) -> list[str]:
    wrong = []
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not settings.PUBLIC_URL.startswith("https://"):
        wrong.append("PUBLIC_URL doit commencer par https:// : la signature des SMS et les sessions en dépendent.")
    if not any(host == one or (one.startswith(".") and host.endswith(one)) for one in settings.ALLOWED_HOSTS):
        wrong.append(f"ALLOWED_HOSTS ne contient pas {host or 'le nom de PUBLIC_URL'} : toute page serait refusée.")
    if "*" in settings.ALLOWED_HOSTS:
        wrong.append(
            "ALLOWED_HOSTS=* accepte n'importe quel nom : un lien envoyé par courriel pourrait mener ailleurs."
        )
    if settings.EMAIL_BACKEND.rpartition(".")[0] == "django.core.mail.backends.console":
        wrong.append("EMAIL_URL manque : invitations, mots de passe et avis ne partiraient pas.")
    return wrong


def _databases(settings: Any) -> list[str]:
    wrong = []
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            wrong.append(f"La base « {alias} » est en SQLite : la production demande PostgreSQL.")
    users = {alias: settings.DATABASES[alias].get("USER") for alias in ("vault", "vault_intake", "vault_owner")}
    if len(set(users.values())) < 3:
        wrong.append(
            "VAULT_DATABASE_URL, VAULT_INTAKE_DATABASE_URL et VAULT_OWNER_DATABASE_URL doivent nommer trois rôles : "
            "la réception ne doit pas pouvoir lire, ni les PF posséder les tables."
        )
    return wrong


def _carrier(settings: Any) -> list[str]:
    wrong = []
    if settings.SMS_GATEWAY == "console":
        wrong.append("SMS_GATEWAY=console n'envoie rien : nommez une passerelle réelle.")
    if settings.SMS_GATEWAY == "twilio" and not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
        wrong.append("TWILIO_ACCOUNT_SID ou TWILIO_AUTH_TOKEN manque : les SMS ne seraient ni reçus ni envoyés.")
    if settings.QUIET_HOURS and not QUIET.fullmatch(settings.QUIET_HOURS):
        wrong.append("QUIET_HOURS ne se lit pas : écrivez « 21:00-06:30 », ou rien. Aucun SMS ne partirait.")
    if not settings.REDIS_URL:
        wrong.append("REDIS_URL manque : les tâches n'auraient pas de file.")
    return wrong


def _retention(settings: ModuleType) -> list[str]:
    told = settings.RETENTION_SEALED_BY_OUTCOME
    unknown = sorted(set(told if isinstance(told, dict) else ()) - OVER)
    if not unknown:
        return []
    return [f"RETENTION_SEALED_BY_OUTCOME nomme ce qui ne finit aucun dossier scellé : {', '.join(unknown)}."]


def _shapes(settings: Any) -> Iterator[str]:
    """What is written in JSON, or is one of a few words."""
    for name in ("SMS_DAY_BUDGET_BY_LINE", "RETENTION_SEALED_BY_OUTCOME"):
        if not _is_of(getattr(settings, name), dict, lambda one: type(one) is int and one >= 0):
            yield f'{name} ne se lit pas : écrivez un nombre pour chaque nom, {{"nom": 500}}.'
    if not _is_of(settings.TWILIO_WHATSAPP_TEMPLATES, dict, lambda one: isinstance(one, str)):
        yield 'TWILIO_WHATSAPP_TEMPLATES ne se lit pas : écrivez {"act.fr": "HX…"}.'
    for name in ("LISTENING_WAYS", "URGENT_NUMBERS"):
        if not _is_of(getattr(settings, name), list, lambda one: isinstance(one, dict) and "label" in one):
            yield f'{name} ne se lit pas : écrivez [{{"label": "…", "number": "…"}}].'
    if settings.REFERRAL_PERSON_VISIBLE_FROM not in ("accepted", "received"):
        yield "REFERRAL_PERSON_VISIBLE_FROM doit être « accepted » ou « received » : sinon personne ne saurait quand."


def _is_of(value: Any, kind: type, holds: Callable[[Any], bool]) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(value, kind) and all(map(holds, parts))


def _recipients(settings: Any) -> Iterator[str]:
    for name in ("BACKUP_RECIPIENTS", "BACKUP_VAULT_RECIPIENTS"):
        try:
            for one in getattr(settings, name):
                pyrage.x25519.Recipient.from_str(one.strip())
        except pyrage.RecipientError:
            yield f"{name} contient ce qui n'est pas une clé publique age (« age1… ») : rien ne serait sauvegardé."
