"""What the words of a plan say by themselves, where its table has no column for it. Each guess is left to settle."""

from __future__ import annotations

import re

from core.spelling import plain
from workplan.enums import Kind

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,2}(?:\.[a-z])?)[\s.):·–-]+(.+)", re.DOTALL)
BULLET = re.compile(r"^\s*[-–•▪*]\s+")
SHARE = re.compile(r"\(?\b(?:et|dont)\s+%\s*(?:de\s+)?([^)]*)\)?", re.IGNORECASE)
EXPERTISE = re.compile(r"\(\s*\+\s*([^()]*?)\s*\)")


def numbered(text: str) -> tuple[str, str]:
    """ "1.1.2 Un intitulé" as its number and its words; no number, and the text, where it has none."""
    found = NUMBERED.fullmatch(text)
    return (found[1], found[2].strip()) if found else ("", text)


def bullets(text: str) -> list[str]:
    """The lines of a cell that holds several indicators, without their bullets."""
    lines = (BULLET.sub("", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def kind_of_value(title: str) -> Kind:
    """What an indicator counts, by the signs that plans use: "#", "%", "(O/N)"."""
    if re.search(r"\(\s*o\s*/\s*n\s*\)", title, re.IGNORECASE):
        return Kind.YES_NO
    if title.startswith("%") or plain(title).startswith(("pourcentage", "taux", "proportion")):
        return Kind.PERCENT
    if title.startswith("#") or plain(title).startswith(("nombre", "nb", "number")):
        return Kind.COUNT_WITH_SHARE if SHARE.search(title) else Kind.COUNT
    return Kind.YES_NO


def share_of(title: str) -> str:
    """What the part of a count is, "(et % sur Liptako Gourma)" being "sur Liptako Gourma"."""
    found = SHARE.search(title)
    return found[1].strip() if found else ""


def expertise_in(names: list[str]) -> tuple[list[str], list[str]]:
    """Other actors, without what "(+ PROCAP ?)" names; and that."""
    found = [each.strip() for name in names for part in EXPERTISE.findall(name) for each in part.split(",")]
    others = [" ".join(EXPERTISE.sub("", name).split()).rstrip("-").strip() for name in names]
    return [name for name in others if name], [one for one in found if one]
