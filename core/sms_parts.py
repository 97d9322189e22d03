"""One part of a long SMS, as the header in front of its text says (3GPP TS 23.040 §9.2.3.24.1 and .8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# 8-bit and 16-bit reference numbers
LENGTHS = {0x00: 3, 0x08: 4}


@dataclass(frozen=True)
class Part:
    """Part `number` of `total`; `reference` is the same in all parts of one message of one sender."""

    reference: str
    number: int
    total: int


def part(reference: str, number: str, total: str) -> Part | None:
    """From three texts; None for what is no part of several."""
    if not all(re.fullmatch(r"[0-9]{1,3}", text) for text in (number, total)):
        return None
    found = Part(reference.strip()[:20], int(number), int(total))
    return found if found.reference and 1 <= found.number <= found.total <= 255 and found.total > 1 else None


def part_of_header(written: str) -> Part | None:
    """From a user data header in hexadecimal, or percent-encoded as Kannel writes it."""
    raw = _bytes(written.strip())
    elements = raw[1 : 1 + raw[0]] if raw else b""
    while len(elements) >= 2:
        kind, length = elements[0], elements[1]
        said, elements = elements[2 : 2 + length], elements[2 + length :]
        if LENGTHS.get(kind) == length == len(said):
            return part(said[:-2].hex(), str(said[-1]), str(said[-2]))
    return None


def _bytes(written: str) -> bytes:
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", written):
        return bytes.fromhex(written)
    return unquote_to_bytes(written.encode("latin-1", errors="replace"))
