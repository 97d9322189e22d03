"""The platform's online keys, kept outside the database (`SEALING_KEYS`, newest first).

A wrap names its key by the first eight bytes of the public key's SHA-256, so that an old key can be
found, and its wraps moved to the newest, before it leaves the ring.
"""

from __future__ import annotations

import base64
import hashlib
import time
from functools import lru_cache

from django.conf import settings

from core.sealing import Context, SealBroken, new_data_key, public_of, unwrap, wrap

LABEL_BYTES = 8
SHARED_SECONDS = 180
_shared: dict[tuple[str, Context], tuple[float, bytes, bytes]] = {}
_opened: dict[tuple[tuple[str, ...], Context, bytes], tuple[float, bytes]] = {}


def wrap_online(key: bytes, context: Context) -> bytes:
    """A data key wrapped to the newest online key."""
    label, _, public = _ring(tuple(settings.SEALING_KEYS))[0]
    return label + wrap(key, public, context)


def shared_key(context: Context) -> tuple[bytes, bytes]:
    """A data key that this process holds for a few minutes, with its wrap; another once the newest online key is."""
    place = (settings.SEALING_KEYS[0], context)
    until, key, wrapped = _shared.get(place, (0.0, b"", b""))
    if time.monotonic() >= until:
        key = new_data_key()
        wrapped = wrap_online(key, context)
        _shared.clear()
        _shared[place] = (time.monotonic() + SHARED_SECONDS, key, wrapped)
    return key, wrapped


def open_shared(blob: bytes, context: Context) -> bytes:
    """As `unwrap_online`, for a key that many records share: the last one is held as long as whoever made it did."""
    place = (tuple(settings.SEALING_KEYS), context, blob)
    until, key = _opened.get(place, (0.0, b""))
    if time.monotonic() >= until:
        key = unwrap_online(blob, context)
        _opened.clear()
        _opened[place] = (time.monotonic() + SHARED_SECONDS, key)
    return key


def unwrap_online(blob: bytes, context: Context) -> bytes:
    """The data key. Raises SealBroken if its key has left the ring: then it is destroyed."""
    for label, private, _ in _ring(tuple(settings.SEALING_KEYS)):
        if bytes(blob[:LABEL_BYTES]) == label:
            return unwrap(bytes(blob[LABEL_BYTES:]), private, context)
    raise SealBroken


def is_newest(blob: bytes) -> bool:
    """Whether a wrap already stands under the newest online key."""
    return bytes(blob[:LABEL_BYTES]) == _ring(tuple(settings.SEALING_KEYS))[0][0]


def labels() -> list[str]:
    """The ring's keys, newest first: eight bytes each in hexadecimal, which tell nothing of the key."""
    return [label.hex() for label, _private, _public in _ring(tuple(settings.SEALING_KEYS))]


def label_of(blob: bytes) -> str:
    """Which key a wrap stands under."""
    return bytes(blob[:LABEL_BYTES]).hex()


@lru_cache(maxsize=4)
def _ring(encoded: tuple[str, ...]) -> list[tuple[bytes, bytes, bytes]]:
    ring = []
    for key in encoded:
        private = base64.urlsafe_b64decode(key)
        public = public_of(private)
        ring.append((hashlib.sha256(public).digest()[:LABEL_BYTES], private, public))
    return ring
