"""What a register asks beside the day, the line, the place and the organisation that every entry has.

A field reads what people type, paste or send: `read` gives the value, None for a blank (blank is not zero, nor no),
and raises ValueError for what it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from django_stubs_ext import StrOrPromise

from core.formats import format_number
from core.spelling import plain

YES, NO = {"oui", "o", "yes", "y", "vrai", "true", "1", "x"}, {"non", "n", "no", "faux", "false", "0"}
# "1 250", "1.250" and "1250" are one number; "3.5" is none that counts anything.
WHOLE = re.compile(r"\d{1,3}(?:[\s.\u00a0\u202f]\d{3})+|\d+")
MOST = 1_000_000_000


def spellings(label: StrOrPromise) -> tuple[str, ...]:
    """A label as tables have it, evened out: in French, as our own exports write it, and in the reader's language."""
    with override("fr"):
        french = plain(str(label))
    return french, plain(str(label))


@dataclass(frozen=True)
class Field:
    """One thing that is asked. `names`: other headings under which tables have it."""

    name: str
    label: StrOrPromise
    is_required: bool = False
    names: tuple[str, ...] = ()
    help: StrOrPromise = ""

    # Whether it is free text: sealed, and never counted.
    is_text = False

    def read(self, said: Any) -> Any:
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """In words; "" where nothing is known."""
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Text(Field):
    most: int = 2_000
    is_text = True

    def read(self, said: Any) -> str | None:
        if said is None:
            return None
        if not isinstance(said, str) or len(said) > self.most:
            raise ValueError
        return said.strip() or None


@dataclass(frozen=True)
class YesNo(Field):
    def read(self, said: Any) -> bool | None:
        if isinstance(said, bool) or said is None:
            return said
        word = plain(str(said))
        if not word:
            return None
        if word in YES or word in NO:
            return word in YES
        raise ValueError

    def shown(self, value: Any) -> str:
        return "" if value is None else _("oui") if value else _("non")


@dataclass(frozen=True)
class Number(Field):
    def read(self, said: Any) -> int | None:
        text = str(said).strip() if said is not None else ""
        if not text:
            return None
        if isinstance(said, bool | float) or not WHOLE.fullmatch(text):
            raise ValueError
        count = int("".join(sign for sign in text if sign.isdecimal()))
        if count > MOST:
            raise ValueError
        return count

    def shown(self, value: Any) -> str:
        return "" if value is None else format_number(value)


@dataclass(frozen=True)
class Choice(Field):
    """One of a closed list: by its code, or by its label however it is spelt."""

    choices: Mapping[str, StrOrPromise] = field(default_factory=dict)

    def read(self, said: Any) -> str | None:
        if said is None or not plain(str(said)):
            return None
        word = plain(str(said))
        for code, label in self.choices.items():
            if word == plain(code) or word in spellings(label):
                return code
        raise ValueError

    def shown(self, value: Any) -> str:
        return str(self.choices.get(value, value or ""))
