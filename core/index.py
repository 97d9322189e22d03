"""Keyed hashes: how a number is found again without being stored.

Two keys, one for each side: without `VAULT_INDEX_KEY` nothing joins the vault's rows to the others.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings


def keyed_hash(value: str, purpose: str, *, vault: bool = False) -> str:
    """In: a value and what it is for ("phone", "receipt" …). Out: 64 hexadecimal digits."""
    key = base64.urlsafe_b64decode(settings.VAULT_INDEX_KEY if vault else settings.INDEX_KEY)
    return hmac.new(key, f"{purpose}\x1f{value}".encode(), hashlib.sha256).hexdigest()
