"""The platform's online keys, kept outside the database (`SEALING_KEYS`, newest first).

A wrap names its key by the first eight bytes of the public key's SHA-256, so that an old key can be
found, and its wraps moved to the newest, before it leaves the ring.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from django.conf import settings

from core.sealing import Context, SealBroken, public_of, unwrap, wrap

LABEL_BYTES = 8


def wrap_online(key: bytes, context: Context) -> bytes:
    """A data key wrapped to the newest online key."""
    label, _, public = _ring(tuple(settings.SEALING_KEYS))[0]
    return label + wrap(key, public, context)


def unwrap_online(blob: bytes, context: Context) -> bytes:
    """The data key. Raises SealBroken if its key has left the ring: then it is destroyed."""
    for label, private, _ in _ring(tuple(settings.SEALING_KEYS)):
        if bytes(blob[:LABEL_BYTES]) == label:
            return unwrap(bytes(blob[LABEL_BYTES:]), private, context)
    raise SealBroken


def is_newest(blob: bytes) -> bool:
    """Whether a wrap already stands under the newest online key."""
    return bytes(blob[:LABEL_BYTES]) == _ring(tuple(settings.SEALING_KEYS))[0][0]


@lru_cache(maxsize=4)
def _ring(encoded: tuple[str, ...]) -> list[tuple[bytes, bytes, bytes]]:
    ring = []
    for key in encoded:
        private = base64.urlsafe_b64decode(key)
        public = public_of(private)
        ring.append((hashlib.sha256(public).digest()[:LABEL_BYTES], private, public))
    return ring
