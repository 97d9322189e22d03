"""What a call needs to be told, and who tells it: the module that `settings.VOICE_TEXTS` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Voice:
    """A language that can be spoken: its code, the carrier's name of it, the digit that chooses it.

    `is_recorded`: by somebody who speaks it, where the carrier has no voice; then it needs no `locale`.
    """

    language: str
    locale: str
    digit: str
    is_recorded: bool = False


class VoiceTexts(Protocol):
    """What `settings.VOICE_TEXTS` names."""

    def voices(self) -> list[Voice]:
        """The languages offered, the usual one first."""

    def words(self, name: str, language: str) -> str:
        """What is said there: menu, speak, again, received, repeat, goodbye."""

    def recording(self, name: str, language: str) -> str:
        """The address of the same as a recording, from the root; of a digit, for "0" to "9"."""

    def language_of(self, phone: str) -> str:
        """What this caller speaks, as far as we know."""
