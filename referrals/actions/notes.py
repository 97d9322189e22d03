"""Internal notes: one organisation's own, never changed; taken back at once, or struck out by name."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused, Sentence
from directory.models import User
from referrals.actions.thread import check_neutral
from referrals.enums import ReferralState
from referrals.files import FORGOTTEN
from referrals.models import Referral, ReferralNote


def why_not_note(referral: Referral, by: User) -> Sentence | None:
    """None when the actor may write a note on it, open or closed; else why not."""
    if not Referral.objects.sides_of(referral, by):
        return _("Seuls l’émetteur et le destinataire écrivent ici.")
    if referral.shown_state == ReferralState.RECALLED:
        return _("Ce référencement a été retiré par l’émetteur.")
    return FORGOTTEN if referral.case.forgotten_at is not None else None


@transaction.atomic
def write_note(
    referral_id: uuid.UUID, *, words: str, by: User, at: datetime | None = None, pk: uuid.UUID | None = None
) -> ReferralNote:
    """A note for one's own organisation; nobody is told. Once per `pk`.

    Raises Refused when it is empty or could lead to the person: what they allowed stays where consent can end it.
    """
    referral = Referral.objects.get(pk=referral_id)
    reason = why_not_note(referral, by)
    if reason is not None:
        raise Refused(reason)
    if not words.strip():
        raise Refused(_("Écrivez votre note."))
    check_neutral(words)
    known = ReferralNote.objects.visible_to(by).filter(pk=pk, referral=referral).first() if pk else None
    if known is not None:
        return known
    note = ReferralNote(referral=referral, organisation=by.organisation, author=by, said_at=at or timezone.now())
    note.id = pk or note.id
    note.seal(words=words.strip())
    note.save(force_insert=True)
    audit.record("referrals.note.write", by=by, target=note, at=at, referral=str(referral.pk))
    return note


@transaction.atomic
def take_back_note(note_id: uuid.UUID, *, by: User, at: datetime | None = None) -> None:
    """Its author takes it back while the setting's minutes last: nothing of it stays. Raises Refused."""
    note = _locked(note_id, by)
    if not note.can_be_taken_back(by, at or timezone.now()):
        raise Refused(_("Cette note ne se retire plus : rayez-la."))
    audit.record("referrals.note.take_back", by=by, target=note, at=at, referral=str(note.referral_id))
    note.delete()


@transaction.atomic
def strike_note(note_id: uuid.UUID, *, by: User, at: datetime | None = None) -> ReferralNote:
    """It no longer holds, and says who says so; its words stay legible to the same organisation. Twice is once."""
    note = _locked(note_id, by)
    if note.struck_at is not None:
        return note
    note.struck_at, note.struck_by = at or timezone.now(), by
    note.save(update_fields=["struck_at", "struck_by"])
    audit.record("referrals.note.strike", by=by, target=note, at=at, referral=str(note.referral_id))
    return note


def _locked(note_id: uuid.UUID, by: User) -> ReferralNote:
    """Raises ReferralNote.DoesNotExist for whoever may not read it."""
    return ReferralNote.objects.visible_to(by).select_for_update(of=("self",)).get(pk=note_id)
