"""Telling staff that something waits: fixed sentences, the same in every lane, without any content.

One who was told within the hour is not told again before it is over, unless it is urgent: what came meanwhile is said
in one summary (`directory.summaries`), as is everything for those who prefer one each morning.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import Outbound
from core.outbox import queue_mail, queue_sms
from directory.enums import Notice, NoticePace, NoticeWay
from directory.models import StaffNotice, User

__all__ = ["Notice", "notify", "present", "send", "sentence_of", "was_just_told"]

PAUSE = timedelta(hours=1)


def sentence_of(notice: Notice) -> str:
    """The sentence, in the active language."""
    sentences = {
        Notice.ACT: _("Une action vous attend dans Jaabi."),
        Notice.LATE: _("Une action en retard vous attend dans Jaabi."),
        Notice.INFO: _("Il y a du nouveau pour vous dans Jaabi."),
    }
    return sentences[notice]


def notify(
    users: Iterable[User], notice: Notice, *, dedupe_key: str | None = None, is_urgent: bool = False
) -> list[User]:
    """Tells each person who is there to read it, at once or with their next summary; returns them.

    Someone away or whose account is closed is replaced by their deputy. `dedupe_key` (opaque, for instance a keyed
    hash) makes the same notice about the same thing one per person. `is_urgent`: at once, at any hour, by every way.
    """
    told = {person.pk: person for user in users if (person := present(user)) is not None}
    for person in told.values():
        _note(person, notice, f"{dedupe_key}:{person.pk}" if dedupe_key else None, is_urgent=is_urgent)
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


def was_just_told(person: User, now: datetime) -> bool:
    """Whether they heard of something within the last hour."""
    return StaffNotice.objects.filter(person=person, told_at__gt=now - PAUSE).exists()


def send(person: User, notice: Notice, *, more: str = "", key: str | None = None, is_urgent: bool = False) -> None:
    """Queues the sentence in their language, by the way they chose, or by both when it is urgent.

    `more` (no content either) goes into the mail.
    """
    with override(person.language):
        sentence = sentence_of(notice)
        body = _("%(sentence)s\n\n%(url)s\n\nCe message ne contient volontairement aucun détail.") % {
            "sentence": "\n".join(filter(None, [sentence, more])),
            "url": f"{settings.PUBLIC_URL}/accueil/",
        }
    if is_urgent or person.notices_by != NoticeWay.SMS:
        queue_mail(person.email, sentence, body, dedupe_key=key)
    if person.phone and (is_urgent or person.notices_by != NoticeWay.EMAIL):
        kind = Outbound.Kind.URGENT if is_urgent else Outbound.Kind.NOTICE
        queue_sms(person.phone, sentence, kind=kind, dedupe_key=f"{key}:sms" if key else None)


def _note(person: User, notice: Notice, key: str | None, *, is_urgent: bool) -> None:
    now = timezone.now()
    may_hear = person.notices_pace == NoticePace.HOURLY and not was_just_told(person, now)
    hears = is_urgent or may_hear
    noted = {"person": person, "sentence": notice, "made_at": now, "told_at": now if hears else None}
    is_new = True
    if key is None:
        StaffNotice.objects.create(**noted)
    else:
        _row, is_new = StaffNotice.objects.get_or_create(key=key, defaults=noted)
    if is_new and hears:
        send(person, notice, key=key, is_urgent=is_urgent)
