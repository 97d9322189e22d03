"""Keyed hashes: how a number is found again without being stored.

Two rings of keys, one for each side: without `VAULT_INDEX_KEY` nothing joins the vault's rows to the others. A ring
grows (decision 19): a later key hashes what the earlier ones made, for what was hashed is known to nobody here. What is
stored is a mark (`core.marks.MarkField`), whose first sign says how many keys it went through; what is only drawn, an
id or a number, is not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

# A mark of one key has hexadecimal digits alone; of two it begins with g, of three with h …
SIGNS = "ghijklmnopqrstuvwxyz"
DIGITS = frozenset("0123456789abcdef")
LENGTH = 64


class Mark(str):
    """As it is stored from now on; `older`: as it may still stand, where the marks were not all changed yet."""

    older: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ring:
    """The keys of one side, the oldest first; `least`: how many of them every stored mark went through."""

    keys: tuple[bytes, ...]
    least: int

    @property
    def is_changing(self) -> bool:
        return self.least < len(self.keys)


def ring_of(written: str) -> Ring:
    """In: a key, and others behind it: after a comma while marks are changed, after a plus once all were."""
    parts = [part.split("+") for part in written.split(",")]
    keys = tuple(base64.urlsafe_b64decode(key.strip()) for part in parts for key in part)
    return Ring(keys, len(parts[0]))


def ring(*, vault: bool = False) -> Ring:
    """The keys of this side, or of the vault's."""
    return _ring(settings.VAULT_INDEX_KEY if vault else settings.INDEX_KEY)


def keyed_hash(value: str, purpose: str, *, vault: bool = False) -> Mark:
    """In: a value and what it is for ("phone", "receipt" …). Out: 64 signs, under every key of the ring."""
    held = ring(vault=vault)
    every = _upwards(_hash(held.keys[0], f"{purpose}\x1f{value}"), held)
    return _mark(every[-1], tuple(every[held.least - 1 : -1]))


def drawn_hash(value: str, purpose: str, *, vault: bool = False, keys: int = 0) -> str:
    """As `keyed_hash`, for ids, numbers and keys that follow from something: 64 hexadecimal digits.

    `keys`: as it was drawn when the ring had so many; all of them unless it is said.
    """
    held = ring(vault=vault).keys
    drawn = _hash(held[0], f"{purpose}\x1f{value}")
    for key in held[1 : keys or len(held)]:
        drawn = _hash(key, f"drawn\x1f{drawn}")
    return drawn


def random_mark(*, vault: bool = False) -> Mark:
    """What looks like a mark, and is of nothing."""
    return keyed_hash(os.urandom(32).hex(), "nothing", vault=vault)


def forms_of(mark: str, *, vault: bool = False) -> tuple[str, ...]:
    """Every form in which a mark may stand in the database: newest first. One that was read there leads to later ones.

    What is no mark is left as it is.
    """
    if isinstance(mark, Mark):
        return (str(mark), *mark.older)
    return tuple(dict.fromkeys(reversed(_upwards(mark, ring(vault=vault))))) if is_mark(mark) else (mark,)


def lifted(mark: str, *, vault: bool = False) -> str:
    """A mark under every key of the ring."""
    return forms_of(mark, vault=vault)[0]


def is_same(kept: str, mark: str, *, vault: bool = False) -> bool:
    """Whether a mark that was read is this one, under whichever keys; in a time that does not tell."""
    return hmac.compare_digest(lifted(kept, vault=vault).encode(), lifted(mark, vault=vault).encode())


def is_mark(text: str) -> bool:
    return len(text) == LENGTH and (text[0] in DIGITS or text[0] in SIGNS) and DIGITS.issuperset(text[1:])


def keys_of(mark: str) -> int:
    """How many keys it went through."""
    return SIGNS.find(mark[0]) + 2 if mark[0] in SIGNS else 1


def _upwards(mark: str, held: Ring) -> list[str]:
    """The mark, and what later keys make of it."""
    found = [mark]
    for place in range(keys_of(mark), len(held.keys)):
        found.append(SIGNS[place - 1] + _hash(held.keys[place], found[-1])[: LENGTH - 1])
    return found


def _mark(newest: str, older: tuple[str, ...]) -> Mark:
    mark = Mark(newest)
    mark.older = tuple(reversed(older))
    return mark


def _hash(key: bytes, said: str) -> str:
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


_ring = lru_cache(maxsize=8)(ring_of)
