"""What the timeline of a referral shows beside its acts: files, and the notes of the reader's own organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import User
from referrals.enums import Side
from referrals.files import Shown
from referrals.models import Referral, ReferralNote
from referrals.timeline import Event


def notes_of(referral: Referral, reader: User) -> Iterator[Event]:
    """What the reader's own organisation wrote for itself, each marked so that nobody takes it for an answer."""
    notes = ReferralNote.objects.visible_to(reader).filter(referral=referral)
    for note in notes.select_related("author", "struck_by", "organisation"):
        yield {
            "when": note.said_at,
            "title": _("Note interne"),
            "badge": _("lue par %(organisation)s seulement") % {"organisation": note.organisation.acronym},
            "actor": note.author.name if note.author is not None else "",
            "tone": "draft",
            "text": note.unsealed("words"),
            "is_struck": note.struck_at is not None,
            **_what_can_be_done(note, reader),
        }
        who = note.struck_by.name if note.struck_by is not None else ""
        if note.struck_at is not None:
            yield {"when": note.struck_at, "title": _("Note interne rayée"), "actor": who, "tone": "draft"}


def files_of(referral: Referral, files: Iterable[Shown]) -> Iterator[Event]:
    """When each file that the reader is told of was joined, and by whom."""
    for shown in files:
        file = shown.file
        name = referral.receiver_name if file.side == Side.RECEIVER else referral.sender_name
        yield {
            "when": file.added_at,
            "title": _("Fichier joint : %(kind)s") % {"kind": file.get_kind_display()},
            "actor": f"{file.author.name} ({name})" if file.author is not None else name,
            "tone": "neutral",
            "icon": "file",
            "text": shown.name,
        }


def _what_can_be_done(note: ReferralNote, reader: User) -> Event:
    if note.can_be_taken_back(reader, timezone.now()):
        act, label = "note_take_back", _("Retirer ma note")
    elif note.struck_at is None:
        act, label = "note_strike", _("Rayer cette note")
    else:
        return {}
    return {"act_url": reverse(f"referrals:{act}", args=[note.referral_id, note.pk]), "act_label": label}
