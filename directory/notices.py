"""Telling staff that something waits: fixed sentences, the same in every lane, without any content.

One who was told within the hour is not told again before it is over, unless it is urgent: what came meanwhile is said
in one summary (`directory.summaries`), as is everything for those who prefer one each morning. What does not reach a
telephone goes another way: from WhatsApp to SMS, from SMS to mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.actors import Actor
from core.gateways import line_with_template
from core.models import Outbound
from core.outbox import queue_mail, queue_sms
from directory.enums import Notice, NoticePace, NoticeWay
from directory.models import StaffNotice, User

__all__ = ["Notice", "notify", "present", "send", "sentence_of", "told_otherwise", "was_just_told"]

PAUSE = timedelta(hours=1)
# The sentence of a summary is that of its gravest notice
GRAVEST_FIRST = (Notice.LATE, Notice.ACT, Notice.INFO)


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


def send(
    person: User, notice: Notice, *, more: str = "", key: str | None = None, is_urgent: bool = False
) -> Outbound | None:
    """Queues the sentence in their language, by the way they chose, or by mail and telephone when it is urgent.

    `more` (no content either) goes into the mail. Out: what goes to their telephone, if anything does.
    """
    if is_urgent or person.notices_by in (NoticeWay.EMAIL, NoticeWay.BOTH):
        _mail(person, notice, more=more, key=key)
    if not person.phone or (person.notices_by == NoticeWay.EMAIL and not is_urgent):
        return None
    kind = Outbound.Kind.URGENT if is_urgent else Outbound.Kind.NOTICE
    name = template_of(notice, person.language)
    line = line_with_template(name) if person.notices_by == NoticeWay.WHATSAPP else ""
    return _text(person, notice, kind, key=f"{key}:sms" if key else None, line=line, template=name if line else "")


def told_otherwise(outbound_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """A notice did not reach a telephone: by SMS after WhatsApp, by mail after SMS, to whoever is there now.

    While nobody stands in for somebody who left, it waits for a summary.
    """
    rows = list(StaffNotice.objects.select_for_update().filter(outbound=outbound_pk))
    if not rows:
        return
    failed, theirs = Outbound.objects.get(pk=outbound_pk), StaffNotice.objects.filter(pk__in=[row.pk for row in rows])
    person = present(rows[0].person)
    if person is None:
        theirs.update(told_at=None, outbound=None)
        return
    notice, key = gravest_of(rows), f"{outbound_pk}:again"
    if failed.template and person.phone:
        theirs.update(outbound=_text(person, notice, Outbound.Kind(failed.kind), key=key))
    elif person.notices_by != NoticeWay.BOTH and failed.kind != Outbound.Kind.URGENT:
        _mail(person, notice, key=key)


def gravest_of(rows: Iterable[StaffNotice]) -> Notice:
    """The sentence that speaks for several notices."""
    said = {row.sentence for row in rows}
    return next(notice for notice in GRAVEST_FIRST if notice in said)


def template_of(notice: Notice, language: str) -> str:
    """What a sentence is called where a carrier approves texts: `act.fr`."""
    return f"{notice}.{language}"


def templates() -> dict[str, str]:
    """Every sentence that a carrier may have to approve, by its name."""
    found: dict[str, str] = {}
    for language, _label in settings.STAFF_LANGUAGES:
        with override(language):
            found |= {template_of(notice, language): sentence_of(notice) for notice in Notice}
    return found


def whatsapp_is_ready(language: str) -> bool:
    """Whether every notice in this language may leave by WhatsApp now."""
    return all(line_with_template(template_of(notice, language)) for notice in Notice)


def _mail(person: User, notice: Notice, *, more: str = "", key: str | None = None) -> None:
    with override(person.language):
        sentence = sentence_of(notice)
        body = _("%(sentence)s\n\n%(url)s\n\nCe message ne contient volontairement aucun détail.") % {
            "sentence": "\n".join(filter(None, [sentence, more])),
            "url": f"{settings.PUBLIC_URL}/accueil/",
        }
    queue_mail(person.email, sentence, body, dedupe_key=key)


def _text(
    person: User, notice: Notice, kind: Outbound.Kind, *, key: str | None, line: str = "", template: str = ""
) -> Outbound:
    with override(person.language):
        sentence = sentence_of(notice)
    return queue_sms(person.phone, sentence, kind=kind, dedupe_key=key, line=line, template=template)


@transaction.atomic
def _note(person: User, notice: Notice, key: str | None, *, is_urgent: bool) -> None:
    now = timezone.now()
    may_hear = person.notices_pace == NoticePace.HOURLY and not was_just_told(person, now)
    hears = is_urgent or may_hear
    noted = {"person": person, "sentence": notice, "made_at": now, "told_at": now if hears else None}
    row, is_new = None, True
    if key is not None:
        row, is_new = StaffNotice.objects.get_or_create(key=key, defaults=noted)
    row = row or StaffNotice.objects.create(**noted)
    if is_new and hears:
        row.outbound = send(person, notice, key=key, is_urgent=is_urgent)
        row.save(update_fields=["outbound"])
