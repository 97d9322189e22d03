"""Short questions to a person, put by staff alone: two at most for a case, one at a time, each skipped by ignoring it.

To a telephone whose latest case is sealed nothing leaves, and whoever asked sees no difference: it stays unanswered.
"""

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
from core.models import Outbound
from core.transitions import Refused, Sentence, react
from directory.models import User
from feedback import sealed_door
from feedback.actions.thread import heard_by
from feedback.bringing import phone_of, sms_is_welcome
from feedback.enums import MessageDirection, SafeContact, ShortQuestion
from feedback.models import Case, CaseMessage
from feedback.outgoing import fixed_sms, has_stopped
from feedback.places import MOST_WORDS, place_in

AT_MOST = 2
PUT_BY_THE_TEAM = (ShortQuestion.PLACE, ShortQuestion.SAFE_CONTACT)
SAFE_CONTACTS = {
    **dict.fromkeys(["1", "sms", "message", "par sms"], SafeContact.SMS),
    **dict.fromkeys(["2", "appel", "appeler", "appelez moi", "par appel", "call"], SafeContact.CALL),
    **dict.fromkeys(["3", "quelqu un", "quelqu un de confiance", "personne de confiance", "relais"], SafeContact.RELAY),
    **dict.fromkeys(["4", "aucun", "aucun moyen"], SafeContact.NONE),
}


def why_not_asked(case: Case, asks: str) -> Sentence | None:
    """None when this question may be put now; else why not. Nothing here tells what other cases a telephone has."""
    if asks == ShortQuestion.PLACE and case.place_id is not None:
        return _("Le lieu est déjà connu.")
    if asks == ShortQuestion.SAFE_CONTACT and case.safe_contact != SafeContact.NONE:
        return _("Le moyen sûr est déjà connu.")
    put = list(case.messages.exclude(asks="").values_list("said_at", "awaits_reply"))
    if len(put) >= AT_MOST:
        return _("Deux questions ont déjà été posées : c’est le plus qu’on demande à une personne.")
    since = timezone.now() - timedelta(hours=settings.QUESTION_OPEN_HOURS)
    if any(waits and at > since for at, waits in put):
        return _("Une question attend déjà sa réponse.")
    phone = phone_of(case)
    if not phone or not sms_is_welcome(case) or has_stopped(phone):
        return _("On ne peut pas écrire à cette personne sans risque : passez par le moyen sûr qu’elle a donné.")
    return None


def questions_to_ask(case: Case) -> list[ShortQuestion]:
    """Those that the listening team may put now."""
    return [asks for asks in PUT_BY_THE_TEAM if why_not_asked(case, asks) is None]


@transaction.atomic
def ask_short(case_id: Any, *, asks: str, pk: uuid.UUID, by: User, at: datetime | None = None) -> CaseMessage:
    """Where is it, or how to reach them safely: in fixed words, by SMS, once per `pk`. Raises Refused."""
    if asks not in PUT_BY_THE_TEAM:
        raise Refused(_("Choisissez la question."))
    case = heard_by(case_id, by)
    return put_question(case, asks, pk=pk, by=by, at=at)


def put_question(case: Case, asks: str, *, pk: uuid.UUID, by: Actor, at: datetime | None = None) -> CaseMessage:
    """Puts one short question for whoever may ask it: that is the caller's to check. Raises Refused."""
    known = CaseMessage.objects.filter(pk=pk).first()
    if known is not None:
        return known
    reason = why_not_asked(case, asks)
    if reason is not None:
        raise Refused(reason)
    question = CaseMessage(pk=pk, case=case, direction=MessageDirection.OUT, awaits_reply=True, asks=asks)
    question.author = by if isinstance(by, User) else None
    question.said_at = at or timezone.now()
    question.seal(body=str(ShortQuestion(asks).label))
    question.save(force_insert=True)
    _send(case, question)
    audit.record("feedback.case.ask", by=by, target=case, at=at, question=str(asks))
    return question


def note_safe_contact(case_id: Any, way: SafeContact, *, at: datetime) -> None:
    """The person said how they can be reached."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.safe_contact == SafeContact.NONE and way != SafeContact.NONE:
        case.safe_contact = way
        case.save(update_fields=["safe_contact"])
        audit.record("feedback.case.safe_contact", by=PERSON, target=case, at=at, way=str(way))


def note_place(case_id: Any, words: str, *, at: datetime) -> bool:
    """The person said where it is: a region or cercle if its name is known, and their words. Out: whether it was."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if len(words.split()) > MOST_WORDS:
        return False
    known = place_in(words)
    if case.place_id is None:
        case.place = known
    if case.place_said is None:
        case.seal(place_said=words.strip())
    case.save(update_fields=["place", "place_said", "data_key"])
    react(case, "place", by=PERSON, at=at)
    audit.record("feedback.case.place", by=PERSON, target=case, at=at, is_known=known is not None)
    return True


def say_consent(question_id: uuid.UUID, *, agrees: bool, by: Actor = PERSON, at: datetime) -> None:
    """The person's yes or no to « may they have your number »: what follows is the reactions'."""
    question = CaseMessage.objects.get(pk=question_id)
    react(question, "agree" if agrees else "decline", by=by, at=at)


def _send(case: Case, question: CaseMessage) -> None:
    phone = phone_of(case)
    if sealed_door.sealed_phone(phone):
        return
    fixed_sms(
        phone,
        f"ask_{question.asks}",
        kind=Outbound.Kind.QUESTION,
        number=case.unsealed("receipt_number"),
        dedupe_key=f"question:{question.pk}",
    )
