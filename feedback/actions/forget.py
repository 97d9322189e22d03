"""Retention: what was said does not stay for ever. The wraps go, and the row stays as a bare number for figures.

How long is a setting of ours, not a norm (facts.md §4 gives no universal figure).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, quarantine
from core.actors import Actor
from core.transitions import Refused, move, react
from feedback.enums import CaseState, ClosedBecause, EnvelopeState, Outcome
from feedback.models import Case, Envelope, PhonePreference


@transaction.atomic
def forget_case(case_id: Any, *, by: Actor, at: datetime | None = None) -> Case:
    """Drops every text, contact and number of an ended case, its messages and the words of its answers.

    What figures count stays: category, place, dates, profile, outcome. Whom it implicates stays too, so that it goes
    on being hidden from them. Twice is once; one that was taken up again meanwhile is left alone.
    """
    moment = at or timezone.now()
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.forgotten_at is None and case.has_ended:
        _forget(case, by=by, at=moment)
    return case


@transaction.atomic
def erase_case(case_id: Any, *, by: Actor, at: datetime) -> Case:
    """The person asked, and somebody granted it; or who collected it took it back. Ends the case if need be, then
    drops what `forget_case` drops.

    Raises Refused while it waits to be sorted, or stands with another organisation: that is ended first, by people.
    """
    case = _ended(Case.objects.select_for_update().get(pk=case_id), by=by, at=at)
    if case.forgotten_at is None:
        _forget(case, by=by, at=at)
    return case


def _ended(case: Case, *, by: Actor, at: datetime) -> Case:
    if case.state == CaseState.TRIAGED:
        return move(Case, case.pk, "end_without_answer", by=by, at=at, because=ClosedBecause.NO_ANSWER_WANTED)
    if case.state == CaseState.ANSWERED:
        return move(Case, case.pk, "close", by=by, at=at, outcome=Outcome.NO_ANSWER_WANTED)
    if case.state == CaseState.REFERRED:
        raise Refused(_("Rappelez d’abord ce qui est référé : les organisations saisies effacent leur copie."))
    if case.state in (CaseState.NEW, CaseState.REOPENED):
        raise Refused(_("Triez d’abord ce dossier : ce qu’il contient décide de qui peut l’effacer."))
    return case


def _forget(case: Case, *, by: Actor, at: datetime) -> None:
    case.forget_texts(at=at)
    case.has_unread_words = False
    case.save()
    case.messages.all().delete()
    for row in (*case.answers.filter(data_key__isnull=False), *case.data_requests.filter(data_key__isnull=False)):
        row.forget_all()
        row.save()
    react(case, "forget", by=by, at=at)
    audit.record("feedback.case.forget", by=by, target=case, at=at, lane=str(case.lane))


@transaction.atomic
def forget_contact(case_id: Any, *, by: Actor, at: datetime | None = None) -> Case:
    """Drops how the person of an ended case is named and could be reached; their receipt number still opens it."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if not case.has_ended or (case.contact is None and case.name is None and not case.phone_hash):
        return case
    case.forget("name", "contact")
    case.phone_hash = ""
    case.save(update_fields=["name", "contact", "phone_hash"])
    audit.record("feedback.case.forget_contact", by=by, target=case, at=at)
    return case


@transaction.atomic
def forget_envelopes(before: datetime, *, by: Actor) -> int:
    """Drops handled envelopes received before then: no gateway repeats a message that late. Out: how many."""
    count, _each = Envelope.objects.filter(state=EnvelopeState.HANDLED, received_at__lt=before).delete()
    if count:
        audit.record("feedback.envelope.forget", by=by, count=count)
    return count


@transaction.atomic
def forget_quarantine(before: datetime, *, by: Actor) -> int:
    """Destroys what was refused at gateways' doors before then, and never found genuine. Out: how many."""
    count = quarantine.forget(before)
    if count:
        audit.record("core.quarantined.forget", by=by, count=count)
    return count


@transaction.atomic
def forget_telephones(before: datetime, *, by: Actor) -> int:
    """Drops what silent telephones asked of us, but a STOP: that holds for good. Out: how many."""
    case = Case.objects.filter(phone_hash=OuterRef("phone_hash"))
    silent = PhonePreference.objects.filter(~Exists(case), stopped_at=None, last_spoke_at__lt=before)
    count, _each = silent.delete()
    if count:
        audit.record("feedback.phonepreference.forget", by=by, count=count)
    return count
