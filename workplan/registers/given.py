"""What somebody gives of one entry: typed, read from a line of a table, or sent by a system; checked in one place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.spelling import plain
from directory.models import Organisation, Place
from workplan.registers.kinds import Register


@dataclass(frozen=True)
class Given:
    """`facts` and `words` by field, as `Field.read` gave them; `source_id` where a source names its entries."""

    day: date
    line: str
    until: date | None = None
    place: Place | None = None
    about_focus: bool | None = None
    organisation: Organisation | None = None
    link: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    source_id: str = ""

    @property
    def key(self) -> str:
        """What makes it the same entry when it is given again: its source's id, else its day, line and organisation."""
        organisation = self.organisation.pk if self.organisation else ""
        named = f"id\x1f{self.source_id}" if self.source_id else f"{self.day}\x1f{plain(self.line)}\x1f{organisation}"
        return hashlib.sha256(named.encode()).hexdigest()

    @property
    def texts(self) -> list[str]:
        """Everything that is read as words."""
        return [self.line, *self.words.values()]


def sorted_out(register: Register, said: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """In: what was said of a register's own fields. Out: facts, words, and the names of fields that are wrong."""
    facts: dict[str, Any] = {}
    words: dict[str, str] = {}
    wrong = []
    for one in register.fields:
        try:
            value = one.read(said.get(one.name))
        except ValueError:
            wrong.append(one.name)
            continue
        if value is None:
            wrong += [one.name] if one.is_required else []
        elif one.is_text:
            words[one.name] = value
        else:
            facts[one.name] = value
    return facts, words, wrong
