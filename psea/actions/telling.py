"""What the person was told, and what handlers note for one another."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from psea.actions.opening import case_for, facts_of, set_stage
from psea.databases import VAULT
from psea.enums import Part, Stage, ToldAbout
from psea.models import CaseNote, Informed, SealedCase
from psea.readers import Reader
from psea.rights import assistance_refused

LAST_WORD = frozenset({ToldAbout.DECISION, ToldAbout.OUTCOME})


def inform_person(
    *,
    case_id: UUID,
    about: ToldAbout,
    was_told: bool,
    on: date,
    reader: Reader,
    by: User,
    at: datetime | None = None,
) -> Informed:
    """Records that the person was told, or could not be: date and yes or no, never the content.

    Told of the decision or the outcome, their receipt number answers "answered". Raises Refused.
    """
    moment = at or timezone.now()
    if on > timezone.localdate(moment):
        raise Refused(_("Cette date est dans l'avenir."))
    with transaction.atomic(using=VAULT):
        case = _case_of_handler(case_id, by)
        row = Informed(case=case, about=about, was_told=was_told, on=on, told_by=by.pk)
        row.save(using=VAULT, force_insert=True)
        if was_told and about in LAST_WORD:
            set_stage(facts_of(case, reader).receipt, Stage.ANSWERED, at=moment)
        audit.record(
            "psea.informed.add", by=by, target=case, using=VAULT, at=moment, about=str(about), was_told=was_told
        )
    return row


def add_note(*, case_id: UUID, words: str, reader: Reader, by: User, at: datetime | None = None) -> CaseNote:
    """A note, sealed with the case's words. Raises NotAReader, Refused when it is empty."""
    if not words.strip():
        raise Refused(_("Une note ne peut pas être vide."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = _case_of_handler(case_id, by)
        reader.check_is(by)
        note = CaseNote(case=case, written_by=by.pk, written_at=moment)
        note.seal_with(reader.data_key(case.pk, Part.WORDS), words=words.strip())
        note.save(using=VAULT, force_insert=True)
        audit.record("psea.casenote.add", by=by, target=case, using=VAULT, at=moment)
    return note


def _case_of_handler(case_id: UUID, by: User) -> SealedCase:
    case = case_for(case_id, by)
    reason = assistance_refused(case, by)
    if reason is not None:
        raise Refused(reason)
    return case
