"""Texts evened out, so that what people really type can be compared. Nothing here is meant to be read by anybody."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƴ": "y", "ɣ": "gh", "ʃ": "sh", "ʒ": "j",
        "ə": "e", "ǝ": "e", "ε": "e", "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l",
        "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": "",
    }
)  # fmt: skip


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Lower-case `text` without accents or special letters; words and digits stay, the rest becomes single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("@", "a").replace("$", "s"))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())
