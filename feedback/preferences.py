"""What a telephone asked of us, under its keyed hash: read once for each message of it, and written once."""

from __future__ import annotations

from typing import Any

from core.index import Mark, keyed_hash
from core.inserting import locked_or_made
from directory.languages import UNNAMED
from feedback.enums import LanguageFrom
from feedback.models import PhonePreference

SAID_BY_A_HUMAN = (LanguageFrom.CHOSEN, LanguageFrom.STAFF)
SAYS_NOTHING = ("", *UNNAMED)


def phone_index(phone: str) -> Mark:
    """The keyed hash under which a number (E.164) is found again on this side."""
    return keyed_hash(phone, "phone")


def preference_of(phone: str) -> PhonePreference:
    """What this number (E.164) asked of us; if nothing, what holds for any. To be read only."""
    index = phone_index(phone)
    return PhonePreference.objects.filter(pk=index).first() or PhonePreference(phone_hash=index)


def locked_preference(phone_hash: str, **at_first: Any) -> PhonePreference:
    """The row of a telephone, locked; made, with these values, if there was none. For a transaction."""
    return locked_or_made(PhonePreference, phone_hash, **at_first)[0]


def learn(known: PhonePreference, **values: Any) -> None:
    """Writes down what differs from what was known."""
    differing = {name: value for name, value in values.items() if getattr(known, name) != value}
    for name, value in differing.items():
        setattr(known, name, value)
    if differing:
        known.save(update_fields=list(differing))


def of_language(known: PhonePreference, language: str, *, known_from: LanguageFrom) -> dict[str, str]:
    """What is learnt from this person speaking `language`: nothing from not knowing it.

    What we only heard in their words never undoes what they chose, or what staff noted.
    """
    if language in SAYS_NOTHING:
        return {}
    if known_from == LanguageFrom.HEARD and known.language_from in SAID_BY_A_HUMAN:
        return {}
    return {"language": language, "language_from": known_from.value}
