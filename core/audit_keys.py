"""The keys that sign checkpoints of the audit (`AUDIT_SIGNING_KEYS`, Ed25519, newest first), kept outside the database.

While two are in the ring both sign: whoever trusts the old one learns the new one from it.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def public_keys() -> list[str]:
    """In base64url, newest first: what verifiers are told."""
    return [_encoded(key.public_key().public_bytes_raw()) for key in _ring(tuple(settings.AUDIT_SIGNING_KEYS))]


def sign(said: bytes) -> list[str]:
    """One signature for each of `public_keys()`, in base64url."""
    return [_encoded(key.sign(said)) for key in _ring(tuple(settings.AUDIT_SIGNING_KEYS))]


@lru_cache(maxsize=4)
def _ring(encoded: tuple[str, ...]) -> list[Ed25519PrivateKey]:
    return [Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(key)) for key in encoded]


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
