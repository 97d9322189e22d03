"""How many SMS a text costs: GSM-7 or UCS-2, and how it is cut (3GPP TS 23.038; facts.md §6.3)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")

_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_PART = {"GSM-7": 153, "UCS-2": 67}

# Spelling of Mali's languages before 1982, which GSM-7 can carry, and French without its costly letters.
FOLDS = {
    "ɛ": "è", "ɔ": "ò", "ɲ": "ny", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƴ": "y", "ɣ": "gh", "ʃ": "sh", "ʒ": "j", "ə": "e",
    "Ɛ": "E", "Ɔ": "O", "Ɲ": "Ny", "Ŋ": "Ng", "Ɓ": "B", "Ɗ": "D", "Ƴ": "Y", "Ɣ": "Gh", "Ʃ": "Sh", "Ʒ": "J", "Ə": "E",
    "ç": "c", "œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...",
    "–": "-", "—": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
}  # fmt: skip

Encoding = Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True)
class Segments:
    """The cost of one text. `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: Encoding
    units: int
    segments: int
    per_segment: int
    remaining: int
    culprits: tuple[str, ...]


def measure(text: str) -> Segments:
    """Say how `text` will be encoded and cut; an empty text costs nothing."""
    culprits = tuple(dict.fromkeys(c for c in text if c not in GSM_BASIC and c not in GSM_EXTENDED))
    encoding: Encoding = "UCS-2" if culprits else "GSM-7"
    widths = [_width(char, encoding) for char in text]
    units = sum(widths)
    if units <= _SINGLE[encoding]:
        size = _SINGLE[encoding]
        return Segments(encoding, units, 1 if text else 0, size, size - units, culprits)
    parts, last = _cut(widths, _PART[encoding])
    return Segments(encoding, units, parts, _PART[encoding], _PART[encoding] - last, culprits)


def fold(text: str) -> str:
    """Rewrite `text` with GSM-7 letters where a readable spelling exists; other letters stay as they are."""
    return "".join(_fold_char(char) for char in unicodedata.normalize("NFC", text))


def _width(char: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if char in GSM_EXTENDED else 1
    return 2 if ord(char) > 0xFFFF else 1


def _cut(widths: list[int], size: int) -> tuple[int, int]:
    """Fill parts of `size` units without splitting a character; give their count and the units of the last one."""
    parts, used = 1, 0
    for width in widths:
        if used + width > size:
            parts, used = parts + 1, 0
        used += width
    return parts, used


def _fold_char(char: str) -> str:
    if char in GSM_BASIC or char in GSM_EXTENDED:
        return char
    if char in FOLDS:
        return FOLDS[char]
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return plain if plain and all(c in GSM_BASIC for c in plain) else char
