"""Passphrases made of French words: 7 of at least 2,048, so at least 77 bits, easy to say and to type."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).parent / "static" / "psea" / "words_fr.txt"
LENGTH = 7


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
