"""Words of the tracker are read by every member of staff: nothing in them may tell of a case or lead to a person."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from core.transitions import Refused
from feedback.level_one import MANY_DIGITS
from feedback.screening import suggests_sea

# As people and files write days: those are no telephone numbers.
DATE = re.compile(r"(?<!\d)(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|20\d\d[01]\d[0-3]\d)(?!\d)")


class SaysTooMuch(Refused):
    """A text that may tell of a case, or hold a number. Its writer takes it out, or says that it tells of nobody."""


def check_public(*texts: str, about_nobody: bool = False) -> None:
    """In: what somebody wrote; whether they said that it tells of no case and of nobody. Raises SaysTooMuch.

    Plans speak of such violence in general; only the writer knows whether a sentence is general.
    """
    if about_nobody:
        return
    if any(says_too_much(text) for text in texts):
        raise SaysTooMuch(
            _(
                "Ce texte contient un long numéro, ou des mots qui peuvent désigner un cas de violence. Tout le "
                "personnel le lira : retirez ce qui parle d’un cas ou d’une personne, ou dites que ce n’en est pas un."
            )
        )


def says_too_much(text: str) -> bool:
    """Whether a text holds a long number, or words that suggest such a case."""
    return MANY_DIGITS.search(DATE.sub("", text)) is not None or suggests_sea(text)
