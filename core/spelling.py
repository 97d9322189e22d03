"""Texts evened out, so that what people really type can be compared. Nothing here is meant to be read by anybody."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {
        "ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƴ": "y", "ɣ": "gh", "ʃ": "sh", "ʒ": "j",
        "ə": "e", "ǝ": "e", "ε": "e", "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l",
        "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": "",
    }
)  # fmt: skip


# The signs of every living script; a long text of all others would fill the memory.
_REMEMBERED = 0x3000


class _Plain(dict[int, str]):
    """What each sign becomes: looked up the first time it is met, for this is done with every text several times."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        letters = "" if unicodedata.combining(sign) else sign.translate(_LETTERS)
        becomes = "".join(letter if letter.isalnum() else " " for letter in letters)
        if code < _REMEMBERED:
            self[code] = becomes
        return becomes


_PLAIN = _Plain()


def plain(text: str) -> str:
    """Lower-case `text` without accents or special letters; words and digits stay, the rest becomes single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("@", "a").replace("$", "s"))
    return " ".join(decomposed.translate(_PLAIN).split())
