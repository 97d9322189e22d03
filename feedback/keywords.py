"""The few words people send as orders: AIDE, SUIVI ‹number›, STOP, START, and 1, 2, 3 to our question.

Anything else is someone speaking, and is kept as such: a word that only begins or ends a longer text orders nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from feedback.spelling import plain

Name = Literal["help", "status", "stop", "start", "yes", "no", "partly"]

NUMBER_LENGTH = 12

_WORDS: dict[Name, str] = {
    "help": "aide|aides|aider|ayde|aidee|eide|aid|ede|help|demen|deme|walla|walde|ballal|faaba|tilalt|مساعده|مساعدة",
    "status": "suivi|suivis|suivie|suivit|suivre|suivez|suvi|suivy|suiv|siuvi|suivii|sivi|sui vi",
    "stop": "stop|stope|stopp|stopper|stoppe|sotp|arret|arrete|arreter|arretez|aret|arete|areter|قف|توقف",
    "start": "start|startt|strat|reprendre|reprise|recommencer|recommence|commencer|unstop|ابدا|ابدأ",
    "yes": "1|oui|ui|wi|ouii|ouai|ouais|owo|awo|aho|eyo|eyyo|eey|oho|ayyo|iyya|iya|iyo|yes|نعم|اي نعم",
    "no": "2|non|nn|nom|no|nonn|ayi|aayi|alaa|ala|kalaa|kala|abada|لا",
    "partly": "3|en partie|partie|un peu|partiellement|pas tout|pas tout a fait|a moitie|doonin|dooni|seeda|kacca"
    "|partly|enderran|جزئيا",
}
_COURTESY = re.compile(r"\b(?:merci|svp|stp|s il vous plait|please|i ni ce)\b")
_SAID_BEFORE_A_NUMBER = re.compile(
    r"\b(?:numeros?|numero|num|no|n|nimoro|limngal|nimero|code|de|du|le|mon|ma|message)\b"
)
_LOOKS_LIKE_DIGITS = str.maketrans({"o": "0", "l": "1", "i": "1"})
_NUMBER_AT_THE_END = re.compile(r"((?:(?<![^\W\d_])[oli])?\d[\doli ]*)$")


@dataclass(frozen=True)
class Command:
    """An order. `number` is what followed SUIVI, digits only, of any length: the caller checks it; else None."""

    name: Name
    number: str | None = None


def _table() -> dict[str, Name]:
    return {plain(word): name for name, words in _WORDS.items() for word in words.split("|")}


_COMMANDS = _table()


def keyword(text: str) -> Command | None:
    """The order in `text`, or None when someone is speaking. A 12-digit number alone asks where that message is."""
    words = " ".join(_COURTESY.sub(" ", _evened(text)).split())
    if name := _COMMANDS.get(words):
        return Command(name)
    return _status(words)


def _evened(text: str) -> str:
    """Letters and digits only; any digits (Arabic ones too) become 0–9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in plain(text))


def _status(words: str) -> Command | None:
    found = _NUMBER_AT_THE_END.search(words)
    if not found:
        return None
    number = found.group(1).replace(" ", "").translate(_LOOKS_LIKE_DIGITS)
    said = " ".join(_SAID_BEFORE_A_NUMBER.sub(" ", words[: found.start()]).split())
    asked = _COMMANDS.get(said) == "status"
    alone = not said and len(number) == NUMBER_LENGTH
    return Command("status", number) if asked or alone else None
