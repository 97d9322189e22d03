"""Typing in what somebody said by voice or on paper, perhaps long ago, perhaps for someone else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.receipt_number import is_well_formed
from core.transitions import Refused
from directory.models import User
from feedback.actions.receive import Spoken, receive, send_receipt
from feedback.enums import SafeContact
from feedback.models import Case
from feedback.source_keys import receipt_number, row_id
from feedback.whereabouts import where_is


@dataclass(frozen=True)
class Entered:
    """The number to give, in three groups of four; and whether there is anything left here to work on."""

    receipt_number: str
    case: Case | None


def enter(spoken: Spoken, *, by: User, at: datetime | None = None) -> Entered:
    """Takes in what an operator typed. A repeat of the same form makes nothing new and gives the same number.

    `spoken.receipt_number`: from a booklet, or "" for a fresh one. Raises Refused: a number that is mistyped or taken,
    a date to come.
    """
    moment = at or timezone.now()
    if spoken.said_at is not None and spoken.said_at > moment:
        raise Refused(_("Ce qui est dit l’est avant d’être saisi : cette date n’est pas encore venue."))
    number = spoken.receipt_number or receipt_number(spoken.source_key)
    if spoken.receipt_number:
        _check_booklet(spoken)
    said = replace(spoken, receipt_number=number, entered_by=by, entered_for=by.organisation)
    case = receive(said, by=by)
    if said.safe_contact == SafeContact.SMS:
        send_receipt(said)
    return Entered(number, case)


def _check_booklet(spoken: Spoken) -> None:
    if not is_well_formed(spoken.receipt_number):
        raise Refused(_("Il y a une erreur dans ce numéro de carnet : relisez ses 12 chiffres."))
    is_repeat = Case.objects.filter(pk=row_id(spoken.source_key, "case")).exists()
    if not is_repeat and where_is(spoken.receipt_number).stage is not None:
        raise Refused(_("Ce numéro de carnet est déjà pris : prenez le feuillet suivant."))
