"""Passphrases of French words, 7 of at least 2,048, so at least 77 bits, easy to say and to type; printed codes."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).parent / "static" / "psea" / "words_fr.txt"
LENGTH = 7
# Digits and letters of Crockford's base 32: none looks like another, and what is misread is read as one of them.
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
CODE_GROUPS, GROUP_SIGNS = 5, 5


@cache
def word_list() -> tuple[str, ...]:
    """The words that a passphrase is drawn from, sorted, without accents."""
    return tuple(WORDS_FILE.read_text(encoding="utf-8").split())


def new_passphrase() -> str:
    """A fresh passphrase, drawn by the system's generator."""
    return " ".join(secrets.choice(word_list()) for _ in range(LENGTH))


def as_typed(text: str) -> str:
    """What somebody typed, in the one spelling that opens: small letters, no accents, single spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(bare.replace("-", " ").replace(",", " ").split())


def new_code() -> str:
    """A fresh printed code: 25 signs in five groups, 125 bits."""
    signs = [secrets.choice(CODE_SIGNS) for _ in range(CODE_GROUPS * GROUP_SIGNS)]
    return "-".join("".join(signs[start : start + GROUP_SIGNS]) for start in range(0, len(signs), GROUP_SIGNS))


def as_code(text: str) -> str:
    """A code that somebody typed, in the one spelling that opens: what is taken for another sign is that sign."""
    return "".join(sign for sign in text.upper().translate(MISREAD) if sign in CODE_SIGNS)
