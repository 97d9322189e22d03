"""Notes to a place: drafted from figures, written by staff, approved by the working group, then left as they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.periods import Quarter
from core.transitions import Refused
from directory.models import Place, User
from directory.roles import Role
from workplan.models import PlaceNote
from workplan.notes import BLANK, draft, told
from workplan.querysets import NOTE_WRITERS


@transaction.atomic
def draft_note(place: Place, quarter: Quarter, *, by: User, at: datetime | None = None) -> PlaceNote:
    """A first draft, from what closed cases let one say. Raises Refused when that is too little to be published."""
    _check(by, *NOTE_WRITERS)
    counts = told(place, quarter)
    if not counts.said:
        raise Refused(_("Trop peu de dossiers clos avec une réponse : le dire désignerait quelqu’un."))
    texts = draft(place, quarter, counts)
    note = PlaceNote.objects.create(
        place=place,
        year=quarter.year,
        quarter=quarter.number,
        written_by=by,
        written_at=at or timezone.now(),
        **vars(texts),
    )
    audit.record("workplan.note.draft", by=by, target=note, at=at)
    return note


@transaction.atomic
def write_note(pk: Any, *, sms: str, radio: str, poster: str, by: User, at: datetime | None = None) -> PlaceNote:
    """Staff's own words. Raises Refused once it is approved."""
    _check(by, *NOTE_WRITERS)
    note = _open(pk)
    note.sms, note.radio, note.poster = sms, radio, poster
    note.written_by, note.written_at = by, at or timezone.now()
    note.save()
    audit.record("workplan.note.write", by=by, target=note, at=at)
    return note


@transaction.atomic
def approve_note(pk: Any, *, seen: str, by: User, at: datetime | None = None) -> PlaceNote:
    """These very words may be said. `seen`: the stamp that the page showed. Raises Refused."""
    _check(by, Role.WORKING_GROUP)
    note = _open(pk)
    if note.stamp != seen:
        raise Refused(_("La note a changé entre-temps : relisez-la avant de l’approuver."))
    if blanks := sorted({blank for text in (note.sms, note.radio, note.poster) for blank in BLANK.findall(text)}):
        raise Refused(_("Complétez d’abord : %(blanks)s.") % {"blanks": ", ".join(blanks)})
    note.approved_by, note.approved_at = by, at or timezone.now()
    note.save()
    audit.record("workplan.note.approve", by=by, target=note, at=at)
    return note


@transaction.atomic
def take_up_note(pk: Any, *, by: User, at: datetime | None = None) -> PlaceNote:
    """A new draft with the words of an approved one, which stays as it was. Raises Refused."""
    _check(by, *NOTE_WRITERS)
    old = PlaceNote.objects.select_for_update().get(pk=pk)
    if old.approved_at is None:
        raise Refused(_("Cette note n’est pas encore approuvée : modifiez-la."))
    note = PlaceNote.objects.create(
        place=old.place,
        year=old.year,
        quarter=old.quarter,
        sms=old.sms,
        radio=old.radio,
        poster=old.poster,
        written_by=by,
        written_at=at or timezone.now(),
        replaces=old,
    )
    audit.record("workplan.note.take_up", by=by, target=note, at=at, of=str(old.pk))
    return note


def _open(pk: Any) -> PlaceNote:
    note: PlaceNote = PlaceNote.objects.select_for_update().get(pk=pk)
    if note.approved_at is not None:
        raise Refused(_("Cette note est approuvée : reprenez-la pour en écrire une autre."))
    return note


def _check(by: User, *roles: Role) -> None:
    if not by.has_role(*roles):
        raise Refused(_("Votre rôle ne permet pas cet acte."))
