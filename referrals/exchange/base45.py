"""Base45 (RFC 9285): bytes in the signs that a QR code packs tightest."""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
VALUES = {sign: value for value, sign in enumerate(SIGNS)}


def encoded(data: bytes) -> str:
    """Two bytes are three signs, a last one is two."""
    return "".join(_signs(data[start : start + 2]) for start in range(0, len(data), 2))


def decoded(text: str) -> bytes:
    """Raises ValueError for what is not Base45."""
    found = bytearray()
    for start in range(0, len(text), 3):
        values = [_value(sign) for sign in text[start : start + 3]]
        total = sum(value * 45**place for place, value in enumerate(values))
        size = len(values) - 1
        if size < 1 or total >= 256**size:
            raise ValueError("not Base45")
        found += total.to_bytes(size, "big")
    return bytes(found)


def _signs(pair: bytes) -> str:
    total, signs = int.from_bytes(pair, "big"), ""
    for _place in range(len(pair) + 1):
        total, value = divmod(total, 45)
        signs += SIGNS[value]
    return signs


def _value(sign: str) -> int:
    if sign not in VALUES:
        raise ValueError("not Base45")
    return VALUES[sign]
