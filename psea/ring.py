"""The vault's own ring of keys (`VAULT_SEALING_KEYS`, newest first): the outer layer of what a reader's key opens.

What is destroyed here is in old backups still, under the keys of people who live on. So each wrap is sealed once more
under a key that will leave: whoever opens it needs the reader's private key and a key that is still in the ring.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from django.conf import settings

from core.sealing import NAME_BYTES, SUITE, Context, SealBroken, key_name, seal, unseal

# What stands under the ring begins so. What is bare, of an installation that had no ring yet, begins with its suite.
LAYER = b"\x02"
NAMED = len(LAYER) + len(SUITE) + NAME_BYTES


def under_ring(blob: bytes, context: Context) -> bytes:
    """In: what a reader's key opens, and where it will live. Out: the same under the newest key of the ring."""
    return LAYER + seal(_ring(tuple(settings.VAULT_SEALING_KEYS))[0], blob, context)


def out_of_ring(blob: bytes, context: Context) -> bytes:
    """What a reader's key opens. Raises SealBroken if its ring key has left: then it is destroyed."""
    if is_bare(blob):
        return bytes(blob)
    if bytes(blob[: len(LAYER)]) != LAYER:
        raise SealBroken
    for key in _ring(tuple(settings.VAULT_SEALING_KEYS)):
        if bytes(blob[:NAMED]) == named(key_name(key)):
            return unseal(key, bytes(blob[len(LAYER) :]), context)
    raise SealBroken


def is_bare(blob: bytes) -> bool:
    """Whether it is from before there was a ring, and so stands under none of its keys."""
    return bytes(blob[: len(SUITE)]) == SUITE


def names() -> list[bytes]:
    """The names of the ring's keys, newest first: four bytes each, which tell nothing of the key."""
    return [key_name(key) for key in _ring(tuple(settings.VAULT_SEALING_KEYS))]


def named(name: bytes) -> bytes:
    """How everything begins that stands under the key of that name."""
    return LAYER + SUITE + name


@lru_cache(maxsize=4)
def _ring(encoded: tuple[str, ...]) -> list[bytes]:
    return [base64.urlsafe_b64decode(key) for key in encoded]
