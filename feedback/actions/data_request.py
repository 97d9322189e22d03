"""A person asks to see, correct or erase what they said. A person of the team decides, before a date.

How many days is a setting of ours, not a norm (facts.md §4 names none).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from core import audit
from core.actors import PERSON, Actor
from core.index import keyed_hash
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice, notify
from directory.roles import Role
from feedback.actions.answer import BY_VOICE
from feedback.actions.forget import erase_case
from feedback.enums import DataWish, Decision, MessageDirection
from feedback.models import Answer, Case, CaseMessage, DataRequest
from feedback.reading import may_read_words
from feedback.recipients import named_recipients
from feedback.source_keys import row_id


def due_of(asked_at: datetime) -> datetime:
    """Until when a request of that moment is decided, in every lane."""
    return asked_at + timedelta(days=settings.DATA_REQUEST_DAYS)


@transaction.atomic
def ask_about_data(
    case_id: Any, *, source_key: str, wish: str, words: str, had_code: bool, by: Actor = PERSON, at: datetime
) -> DataRequest:
    """Notes what the person asks of their own case, once per `source_key`, and tells those who decide.

    `by`: whoever of the team heard it said, else the person.
    A case joined to another keeps its own requests: what somebody else said is not theirs to see or erase.
    """
    case = Case.objects.select_for_update().get(pk=case_id)
    pk = row_id(source_key, "data-request")
    known = DataRequest.objects.filter(pk=pk).first()
    if known is not None:
        return known
    request = DataRequest(pk=pk, case=case, wish=DataWish(wish), had_code=had_code, asked_at=at, due_at=due_of(at))
    request.seal(words=words)
    request.save(force_insert=True)
    if isinstance(by, User):
        audit.record("feedback.datarequest.note", by=by, target=request, at=at, wish=str(request.wish))
    tell_who_decides(request, Notice.ACT)
    return request


@transaction.atomic
def decide_data_request(
    request_id: Any, *, decision: str, reason: str, by: User, at: datetime | None = None
) -> DataRequest:
    """Grants or refuses, with words for the person, who reads them with number and code. Raises Refused.

    To grant an erasure destroys what was said, at once. To grant a correction says that it was made.
    """
    moment = at or timezone.now()
    request = DataRequest.objects.select_for_update().get(pk=request_id)
    case = _heard_by(request, by)
    if request.decision:
        raise Refused(_("Cette demande est déjà décidée."))
    if decision == Decision.REFUSED and not reason.strip():
        raise Refused(_("Dites à la personne pourquoi vous refusez."))
    request.decision, request.decided_at, request.decided_by = Decision(decision), moment, by
    if decision == Decision.GRANTED and request.wish == DataWish.ERASE:
        request.forget_all()
        request.save()
        erase_case(case.pk, by=by, at=moment)
    else:
        request.seal(reason=reason.strip())
        request.save()
        _answer(request, reason.strip(), moment)
    audit.record(
        "feedback.datarequest.decide", by=by, target=request, at=moment, wish=str(request.wish), decision=decision
    )
    return request


@transaction.atomic
def tell_decision(request_id: Any, *, how: str, by: User, at: datetime | None = None) -> DataRequest:
    """Somebody told the person, by voice, what was decided: how, by whom and when. Raises Refused."""
    moment = at or timezone.now()
    request = DataRequest.objects.select_for_update().get(pk=request_id)
    _heard_by(request, by)
    if not request.decision:
        raise Refused(_("Cette demande n’est pas encore décidée."))
    if request.told_at is not None:
        raise Refused(_("La personne en est déjà informée."))
    if how not in BY_VOICE:
        raise Refused(_("Dites comment la personne a été informée."))
    request.told_how, request.told_at, request.told_by = how, moment, by
    request.save(update_fields=["told_how", "told_at", "told_by"])
    audit.record("feedback.datarequest.tell", by=by, target=request, at=moment, how=str(how))
    return request


def tell_who_decides(request: DataRequest, notice: Notice, *, again: str = "") -> None:
    """The listening team, or the named recipients of a restricted case. `again`: what makes a reminder a new one."""
    case = request.case
    people = named_recipients(case) if case.is_restricted else User.objects.with_role(Role.OPERATOR)
    spared = [user for user in people if case.implicated().spares(user)]
    notify(spared, notice, dedupe_key=keyed_hash(f"{request.pk}{again}", "data-request"))


def remind_of_late(now: datetime) -> int:
    """Says again, once a day, what nobody decided in time, or told; out: how many."""
    late = list(DataRequest.objects.waiting().filter(due_at__lt=now, case__forgotten_at=None).select_related("case"))
    for request in late:
        tell_who_decides(request, Notice.LATE, again=str(now.date()))
    return len(late)


def kept_of(case: Case) -> Iterator[tuple[str, str]]:
    """All that is kept of what the person said, each under its name."""
    yield _("Ce que vous avez dit"), case.unsealed("words")
    yield _("Lieu dit"), case.unsealed("place_said")
    yield _("Votre nom"), case.unsealed("name")
    yield _("Comment vous joindre"), case.unsealed("contact")
    yield pgettext("dossier", "Note"), case.unsealed("note")
    for message in case.messages.filter(direction=MessageDirection.IN):
        yield _("Ajouté par vous"), message.unsealed("body")
    for answer in Answer.objects.filter(case=case):
        yield _("Réponse donnée"), answer.unsealed("words")


def _answer(request: DataRequest, reason: str, at: datetime) -> None:
    """Written in the thread that number and code open; without a code, somebody tells it by the safe way."""
    # in the language of the pages, not in that of whoever decides
    with override(settings.LANGUAGE_CODE):
        lines = list(_lines_of(request, reason))
    message = CaseMessage(case=request.case, direction=MessageDirection.OUT, author=request.decided_by, said_at=at)
    message.seal(body="\n".join(filter(None, lines)))
    message.save(force_insert=True)


def _lines_of(request: DataRequest, reason: str) -> Iterator[str]:
    wish, decision = DataWish(request.wish), Decision(request.decision)
    yield _("Votre demande (%(wish)s) est %(decision)s.") % {"wish": wish.label, "decision": decision.label}
    yield reason
    if wish is DataWish.SEE and decision is Decision.GRANTED:
        yield from (f"{label} : {text}" for label, text in kept_of(request.case) if text)


def _heard_by(request: DataRequest, by: User) -> Case:
    """The locked case, for those who read the person's own words. Raises Case.DoesNotExist, Refused."""
    case = Case.objects.visible_to(by).select_for_update().get(pk=request.case_id)
    if not may_read_words(case, by):
        raise Case.DoesNotExist
    if case.forgotten_at is not None:
        raise Refused(_("Ses textes sont déjà détruits."))
    return case
