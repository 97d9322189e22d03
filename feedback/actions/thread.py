"""Writing down what happened around a case: words the person added by voice, a note, a call that nobody took."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.access import confidential_read
from core.transitions import Refused
from directory.models import User
from feedback.actions.protect import protect
from feedback.bringing import bring_question, can_be_asked
from feedback.enums import MessageDirection
from feedback.models import Case, CaseMessage
from feedback.reading import WITH_A_FILE, may_read_words
from feedback.screening import suggests_sea


@transaction.atomic
def write_down(
    case_id: Any, *, pk: uuid.UUID, words: str, direction: str, by: User, at: datetime | None = None
) -> Case:
    """Adds words of the person, or a note among staff; once per `pk`. Raises Refused.

    Words that suggest sexual exploitation or abuse protect the case at once, with them: look at the state returned.
    """
    if not words.strip():
        raise Refused(_("Écrivez ce qui a été dit."))
    case = heard_by(case_id, by)
    if CaseMessage.objects.filter(pk=pk).exists():
        return case
    message = CaseMessage(pk=pk, case=case, direction=direction, author=by, said_at=at or timezone.now())
    message.seal(body=words.strip())
    message.save(force_insert=True)
    if direction == MessageDirection.IN:
        case.last_spoke_at = max(case.last_spoke_at, message.said_at)
        case.save(update_fields=["last_spoke_at"])
    audit.record("feedback.message.write", by=by, target=message, at=at, case=str(case.pk), direction=str(direction))
    return protect(case.pk, by=by, at=at) if suggests_sea(words) else case


@transaction.atomic
def ask_person(case_id: Any, *, pk: uuid.UUID, words: str, by: User, at: datetime | None = None) -> CaseMessage:
    """Asks the person something in writing, once per `pk`; what they send next joins the case. Raises Refused."""
    if not words.strip():
        raise Refused(_("Écrivez votre question."))
    case = heard_by(case_id, by)
    known = CaseMessage.objects.filter(pk=pk).first()
    if known is not None:
        return known
    if not can_be_asked(case):
        raise Refused(
            _("On ne peut pas écrire à cette personne sans risque : passez par le moyen sûr qu’elle a donné.")
        )
    question = CaseMessage(pk=pk, case=case, direction=MessageDirection.OUT, author=by, awaits_reply=True)
    question.said_at = at or timezone.now()
    question.seal(body=words.strip())
    question.save(force_insert=True)
    bring_question(case, words.strip(), key=str(question.pk))
    audit.record("feedback.case.ask", by=by, target=case, at=at)
    return question


@transaction.atomic
def mark_read(case_id: Any, *, messages: Collection[uuid.UUID] = (), by: User, at: datetime | None = None) -> None:
    """Somebody read the person's new words: these `messages`. What came since they looked stays unread."""
    case = heard_by(case_id, by)
    if case.has_unread_words:
        case.messages.filter(pk__in=messages).update(is_unread=False)
        case.has_unread_words = case.messages.filter(is_unread=True).exists()
        case.save(update_fields=["has_unread_words"])
        audit.record("feedback.case.mark_read", by=by, target=case, at=at)


def reveal_contact(case_id: Any, *, by: User) -> str:
    """How the person is named, if they said so, and may be reached, in clear; each look is written to the audit.

    Raises Case.DoesNotExist for whoever may not read the person's own words.
    """
    case = Case.objects.visible_to(by).get(pk=case_id)
    if not may_read_words(case, by):
        raise Case.DoesNotExist
    audit.record("feedback.case.reveal_contact", by=by, target=case)
    return " · ".join(filter(None, [case.unsealed("name"), case.unsealed("contact")]))


def listen(case_id: Any, message_id: uuid.UUID, *, by: User) -> str:
    """What the person said by voice, packed (`core.audio`); each listening is written to the audit.

    Raises Case.DoesNotExist or CaseMessage.DoesNotExist for whoever may not read the person's own words.
    """
    return _opened(case_id, message_id, "recording", by)


def look(case_id: Any, message_id: uuid.UUID, *, by: User) -> str:
    """A picture that the person sent, packed (`core.pictures`); audited, and raises, as `listen`."""
    return _opened(case_id, message_id, "picture", by)


@transaction.atomic
def erase_recording(case_id: Any, message_id: uuid.UUID, *, by: User, at: datetime | None = None) -> None:
    """The voice or picture goes once it is written down (facts.md §6.5). Raises Refused, CaseMessage.DoesNotExist."""
    case = heard_by(case_id, by)
    message = case.messages.select_for_update().filter(WITH_A_FILE).get(pk=message_id)
    message.forget("recording", "picture")
    message.save(update_fields=["recording", "picture"])
    audit.record("feedback.message.erase_recording", by=by, target=message, at=at, case=str(case.pk))


def _opened(case_id: Any, message_id: uuid.UUID, field: str, by: User) -> str:
    case = Case.objects.visible_to(by).get(pk=case_id)
    if not may_read_words(case, by):
        raise Case.DoesNotExist
    message = case.messages.exclude(**{field: None}).get(pk=message_id)
    confidential_read(message, by=by)
    return message.unsealed(field)


def heard_by(case_id: Any, by: User) -> Case:
    """The locked case, for those who listen: the team, or its named recipients."""
    case = Case.objects.visible_to(by).select_for_update().get(pk=case_id)
    reason = case.may("triage", by)
    if reason is not None:
        raise Refused(reason)
    return case
