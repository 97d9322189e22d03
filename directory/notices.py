"""Telling staff that something waits: fixed sentences, the same in every lane, without any content."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.outbox import queue_mail
from directory.models import User


class Notice(TextChoices):
    """What a notice can say. A sealed matter uses the same sentences as any urgent one."""

    ACT = "act"
    LATE = "late"
    INFO = "info"


def sentence_of(notice: Notice) -> str:
    """The sentence, in the active language."""
    sentences = {
        Notice.ACT: _("Une action vous attend dans Jaabi."),
        Notice.LATE: _("Une action en retard vous attend dans Jaabi."),
        Notice.INFO: _("Il y a du nouveau pour vous dans Jaabi."),
    }
    return sentences[notice]


def notify(users: Iterable[User], notice: Notice, *, dedupe_key: str | None = None) -> list[User]:
    """Queues one mail per person who is there to read it, and returns them.

    Someone away or whose account is closed is replaced by their deputy. `dedupe_key` (opaque, for
    instance a keyed hash) makes the same notice about the same thing one mail per person.
    """
    told = {person.pk: person for user in users if (person := present(user)) is not None}
    for person in told.values():
        _tell(person, notice, f"{dedupe_key}:{person.pk}" if dedupe_key else None)
    return list(told.values())


def present(user: User) -> User | None:
    """The person, or whoever stands in for them; None when nobody does."""
    seen: set[int] = set()
    standing: User | None = user
    while standing is not None and standing.pk not in seen:
        if standing.is_active and not standing.is_away:
            return standing
        seen.add(standing.pk)
        standing = standing.deputy
    return None


def _tell(person: User, notice: Notice, dedupe_key: str | None) -> None:
    with override(person.language):
        sentence = sentence_of(notice)
        body = _("%(sentence)s\n\n%(url)s\n\nCe message ne contient volontairement aucun détail.") % {
            "sentence": sentence,
            "url": f"{settings.PUBLIC_URL}/accueil/",
        }
    queue_mail(person.email, sentence, body, dedupe_key=dedupe_key)
