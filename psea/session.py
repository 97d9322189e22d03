"""The vault while it is open: a private key that neither the database nor the browser alone can open.

The browser holds a random key in a cookie of its own; the session row holds the private key sealed under it.
It closes after a quarter of an hour without use (`VAULT_OPEN_MINUTES`), or at once.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.index import keyed_hash
from core.sealing import Context, SealBroken, new_data_key, seal, unseal
from directory.models import User
from psea.databases import VAULT
from psea.models import HandlerKey
from psea.readers import Reader

# Over TLS, a browser takes a cookie of this name from nowhere else.
COOKIE = "__Secure-vault" if settings.SESSION_COOKIE_SECURE else "vault"
PATH = "/vault/"
SESSION_KEY = "vault"
# The end is moved at most this often, so that reading pages does not write the session each time.
MOVED_EVERY = timedelta(minutes=1)
FRESH_FOR = timedelta(minutes=5)
WRONG_TRIES = 5
SLOWED_FOR = 300


@dataclass(frozen=True)
class OpenVault:
    """A reader, until when the vault stays open for them, and when they typed their passphrase."""

    reader: Reader
    until: datetime
    typed_at: datetime

    @property
    def is_fresh(self) -> bool:
        """Whether the passphrase was typed so lately that something may leave the vault."""
        return timezone.now() - self.typed_at < FRESH_FOR


def open_vault(request: HttpRequest, response: HttpResponse, reader: Reader) -> None:
    """Splits the open key between the session row and the browser's cookie."""
    key = new_data_key()
    sealed = seal(key, reader.private, _context(reader.user_id, reader.key_id))
    request.session[SESSION_KEY] = {
        "sealed": base64.b64encode(sealed).decode(),
        "key_id": str(reader.key_id),
        "until": _from_now().isoformat(),
        "typed_at": timezone.now().isoformat(),
    }
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(key).decode(),
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def opened_vault(request: HttpRequest) -> OpenVault | None:
    """The open vault of this request, with its end moved; None when it is locked, expired or does not fit."""
    kept, cookie = request.session.get(SESSION_KEY), request.COOKIES.get(COOKIE)
    user = cast(User, request.user)
    if not kept or not cookie or datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    key_id = UUID(kept["key_id"])
    if not HandlerKey.objects.using(VAULT).of(user).filter(pk=key_id).exists():
        return None
    try:
        private = unseal(base64.urlsafe_b64decode(cookie), base64.b64decode(kept["sealed"]), _context(user.pk, key_id))
    except (SealBroken, binascii.Error, ValueError):
        return None
    typed_at = datetime.fromisoformat(kept["typed_at"])
    return OpenVault(Reader(user.pk, key_id, private), _moved_end(request, kept), typed_at)


def lock_vault(request: HttpRequest, response: HttpResponse) -> None:
    """Forgets both halves."""
    request.session.pop(SESSION_KEY, None)
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")


def is_slowed(user: User) -> bool:
    """Whether too many wrong passphrases were tried for this person in the last minutes."""
    return int(cache.get(_tries_key(user), 0)) >= WRONG_TRIES


def count_wrong_try(user: User) -> None:
    """One more wrong passphrase."""
    cache.add(_tries_key(user), 0, SLOWED_FOR)
    cache.incr(_tries_key(user))


def forget_tries(user: User) -> None:
    """The right passphrase: start counting anew."""
    cache.delete(_tries_key(user))


def _tries_key(user: User) -> str:
    return f"tries-{keyed_hash(str(user.pk), 'tries', vault=True)}"


def _moved_end(request: HttpRequest, kept: dict[str, str]) -> datetime:
    until = _from_now()
    if until - datetime.fromisoformat(kept["until"]) >= MOVED_EVERY:
        request.session[SESSION_KEY] = {**kept, "until": until.isoformat()}
    return until


def _from_now() -> datetime:
    return timezone.now() + timedelta(minutes=settings.VAULT_OPEN_MINUTES)


def _context(user_id: int, key_id: UUID) -> Context:
    return Context("vault-session", str(user_id), str(key_id))
