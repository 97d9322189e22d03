"""The sentence shown after an act: what happened, what happens next, and how to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest

Tone = Literal["success", "info", "warning", "error"]

_LEVELS: dict[Tone, int] = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}
_UNDO = "undo="


@dataclass(frozen=True)
class Flash:
    """One sentence as the page shows it; `undo_url` is posted to, "" when the act cannot be undone."""

    text: str
    tone: str
    undo_url: str


def flash(request: HttpRequest, text: str, *, undo_url: str = "", tone: Tone = "success") -> None:
    """Keep a sentence for the next page of this person, with the address that undoes the act if there is one."""
    messages.add_message(request, _LEVELS[tone], text, extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def read(message: Any) -> Flash:
    """Read a stored Django message back, whoever wrote it."""
    undo = next((t.removeprefix(_UNDO) for t in (message.extra_tags or "").split() if t.startswith(_UNDO)), "")
    return Flash(str(message.message), message.level_tag or "info", undo)
