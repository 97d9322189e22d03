"""Spelling evened out, so that what people really type can be compared with word lists.

Both Bambara spellings (ɲ and ny, ɛ and è), accents, doubled letters, French-like spellings of Malian words (ou, gn),
k for c, and digits put for letters all come to the same letters. Nothing here is meant to be read by anybody.
"""

from __future__ import annotations

import re

from core.spelling import plain

_DIGITS_FOR_LETTERS = str.maketrans("0134578", "oieastb")
_WORD, _DIGIT = re.compile(r"\w+"), re.compile(r"\d")
_PAIRS = (("ph", "f"), ("gn", "ny"), ("qu", "k"), ("ou", "u"))
_SOUNDS = (
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c(?!h)"), "k"),
    (re.compile(r"([^\W\d])\1+"), r"\1"),
)
_SPELT_OUT = re.compile(r"\b(?:\w ){3,}\w\b")


def folded(text: str) -> str:
    """`plain(text)` brought to one spelling by sound; letters spelt apart join, digits in words become letters."""
    words = _SPELT_OUT.sub(lambda run: run.group().replace(" ", ""), plain(text))
    if _DIGIT.search(words):
        words = _WORD.sub(lambda word: _letters_only(word.group()), words)
    for pair, letter in _PAIRS:
        words = words.replace(pair, letter)
    for sound, letter in _SOUNDS:
        words = sound.sub(letter, words)
    return words


def _letters_only(word: str) -> str:
    """A word that mixes letters and digits, with its digits read as letters; a number stays a number."""
    mixed = any(c.isdigit() for c in word) and not word.replace("_", "").isdigit()
    return word.translate(_DIGITS_FOR_LETTERS) if mixed else word
