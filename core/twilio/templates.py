"""Texts that WhatsApp approved beforehand, by the name that we give them: only these may go to somebody who did not
write to us within 24 hours (https://www.twilio.com/docs/whatsapp/key-concepts#message-templates).

A line keeps them as text, one a line: our name, then Twilio's `ContentSid`.
"""

from __future__ import annotations

import re

ONE = re.compile(r"([a-z][\w.-]{0,19})[\s=:]+(HX[0-9a-fA-F]{32})")


def templates_in(text: str) -> dict[str, str]:
    """Twilio's id of each template, by our name; lines that say neither are left out."""
    found = (ONE.fullmatch(line.strip()) for line in text.splitlines())
    return {match[1]: match[2] for match in found if match is not None}


def unreadable_in(text: str) -> list[str]:
    """The lines that name no template, as they were written."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and ONE.fullmatch(line) is None]


def as_text(templates: dict[str, str]) -> str:
    return "\n".join(f"{name} {sid}" for name, sid in templates.items())
