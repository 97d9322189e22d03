"""Asking the person, by SMS, whether the receiver may have their number: their own yes or no, for this receiver."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import PERSON, Actor
from core.transitions import Refused, Sentence, locked
from directory.notices import Notice
from feedback.actions import put_question
from feedback.actions.short_questions import why_not_asked
from feedback.enums import SafeContact, ShortQuestion
from referrals.actions.consent import Receiver, grant_consent, refuse_consent
from referrals.enums import LIVE, ConsentGiver, ConsentMethod, Level, Side, Teller
from referrals.models import Referral
from referrals.people import tell_receiver, tell_sender


def why_not_ask_consent(referral: Referral) -> Sentence | None:
    """None when the person may be asked now; else why not."""
    case = referral.case
    if referral.level != Level.MATTER or referral.state not in LIVE or referral.withdrawn_at is not None:
        return _("On ne le demande que pour un référencement de niveau 1 encore ouvert.")
    if case.objects_to_sharing:
        return _("La personne ne veut pas que sa demande soit transmise.")
    if case.safe_contact != SafeContact.SMS:
        return _("On ne le demande par SMS que si la personne a choisi le SMS comme moyen sûr.")
    if referral.consent_question_id is not None:
        return _("La question a déjà été posée.")
    return why_not_asked(case, ShortQuestion.CONTACT)


def is_asking_consent(referral: Referral) -> bool:
    """Whether the question was put, and still waits for its answer."""
    question = referral.consent_question
    since = timezone.now() - timedelta(hours=settings.QUESTION_OPEN_HOURS)
    return question is not None and question.awaits_reply and question.said_at > since


@transaction.atomic
def ask_consent(referral_id: uuid.UUID, *, pk: uuid.UUID, by: Actor, at: datetime | None = None) -> Referral:
    """The sender has the person asked, once. Raises Refused."""
    row = locked(Referral, referral_id)
    if Side.SENDER not in Referral.objects.sides_of(row, by):
        raise Refused(_("C’est à l’émetteur de le faire."))
    if row.consent_question_id == pk:
        return row
    reason = why_not_ask_consent(row)
    if reason is not None:
        raise Refused(reason)
    row.consent_question = put_question(row.case, ShortQuestion.CONTACT, pk=pk, by=by, at=at)
    row.save(update_fields=["consent_question"])
    audit.record("referrals.referral.ask_consent", by=by, target=row, at=at)
    return row


def person_agreed(question_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Reaction: yes. Their number, for this receiver alone; the referral rises to level 2 while it runs."""
    row = _asked_about(question_pk)
    if row is None:
        return
    consent = grant_consent(
        _asked_on(row),
        _receiver(row),
        words=False,
        contact=True,
        method=ConsentMethod.SMS,
        giver=ConsentGiver.SELF,
        language=row.case.language,
        by=PERSON,
        at=at,
    )
    if row.state not in LIVE or row.case.objects_to_sharing:
        return
    row.level, row.consent = Level.PERSON, consent
    row.save(update_fields=["level", "consent"])
    tell_sender(row, Notice.INFO)
    tell_receiver(row, Notice.INFO)


def person_declined(question_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Reaction: no. The matter alone stays with the receiver: level 1, and the sender tells the person."""
    row = _asked_about(question_pk)
    if row is None:
        return
    row.consent = refuse_consent(_asked_on(row), _receiver(row), objects=False, by=PERSON, at=at)
    row.level, row.teller = Level.MATTER, Teller.SENDER
    row.save(update_fields=["consent", "level", "teller"])
    tell_sender(row, Notice.INFO)


def _asked_about(question_pk: Any) -> Referral | None:
    found = Referral.objects.filter(consent_question=question_pk).values_list("pk", flat=True).first()
    return locked(Referral, found) if found is not None else None


def _asked_on(row: Referral) -> Any:
    """The case of whoever answered: the referral may have gone on since, for the case that theirs was joined to."""
    return row.consent_question.case_id if row.consent_question is not None else row.case_id


def _receiver(row: Referral) -> Receiver:
    return Receiver(row.receiver_id, row.receiver_office_id)
