"""What a call needs to be told, and who tells it: the module that `settings.VOICE_TEXTS` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Voice:
    """A language that can be spoken: its code, the carrier's name of it, the digit that chooses it."""

    language: str
    locale: str
    digit: str


class VoiceTexts(Protocol):
    """What `settings.VOICE_TEXTS` names."""

    def voices(self) -> list[Voice]:
        """The languages offered, the usual one first."""

    def words(self, name: str, language: str) -> str:
        """What is said there: menu, speak, again, received, repeat, goodbye."""

    def language_of(self, phone: str) -> str:
        """What this caller speaks, as far as we know."""
