"""The environment, read: a value that cannot be read is one sentence with the name of its setting."""

from __future__ import annotations

import logging
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SAID = {int: "un nombre entier", float: "un nombre", bool: "1 ou 0"}
DATABASE = "une adresse de base, postgres://rôle:mot-de-passe@hôte/base"
MAIL = "une adresse de serveur de courriel, smtp+tls://utilisateur:mot-de-passe@hôte:587"
BOOLEANS = {*environ.Env.BOOLEAN_TRUE_STRINGS, "0", "false", "off", "no", "n", ""}


class Environment(environ.Env):  # type: ignore[misc]  # environ publishes no types
    """environ's, which would end in a traceback, take any word for a false one, and show the value."""

    def get_value(self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, **more: Any) -> Any:
        if cast is bool and str(self.ENVIRON.get(var, "")).strip().lower() not in BOOLEANS:
            raise _unreadable(var, SAID[bool])
        try:
            return super().get_value(var, cast=cast, default=default, **more)
        except (ValueError, TypeError):
            raise _unreadable(var, SAID.get(cast, "du JSON")) from None

    def db(self, var: str, default: Any = environ.Env.NOTSET) -> dict[str, Any]:
        """Raises ImproperlyConfigured for what is no address of a database."""
        # asked of an address that it does not know, environ prints it, password and all
        if str(self.get_value(var, default=default)).partition(":")[0] not in self.DB_SCHEMES:
            raise _unreadable(var, DATABASE)
        try:
            found: dict[str, Any] = super().db(var, default=default)
        except (ValueError, KeyError):
            raise _unreadable(var, DATABASE) from None
        if not found.get("NAME"):
            raise _unreadable(var, DATABASE)
        return found

    def mail(self, var: str, default: str) -> dict[str, Any]:
        """Django's settings of mail. Raises ImproperlyConfigured for what is no address of a mail server."""
        try:
            found: dict[str, Any] = self.email_url(var, default=default)
        except (ValueError, KeyError, ImproperlyConfigured):
            raise _unreadable(var, MAIL) from None
        if found["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not found["EMAIL_HOST"]:
            raise _unreadable(var, MAIL)
        return found

    def level(self, var: str, default: str) -> str:
        """A level of logging. Raises ImproperlyConfigured for any other word."""
        found = str(self.str(var, default=default)).upper()
        if found not in logging.getLevelNamesMapping():
            raise _unreadable(var, "DEBUG, INFO, WARNING ou ERROR")
        return found


def _unreadable(name: str, wanted: str) -> ImproperlyConfigured:
    """Without the value, which may be a secret."""
    return ImproperlyConfigured(f"{name} ne se lit pas : écrivez {wanted}.")
