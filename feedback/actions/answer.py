"""Answering the person, and knowing whether the answer reached them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.transitions import Refused, locked, move, react
from directory.models import User
from feedback.actions.person import say_settled
from feedback.actions.reach import HAS_ITS_ANSWER, reached
from feedback.bringing import ask_if_settled, bring
from feedback.enums import AnswerKind, AnswerSource, Delivery, ToldHow
from feedback.models import Answer, Case, ReadyAnswer

BY_VOICE = (ToldHow.CALL, ToldHow.IN_PERSON, ToldHow.RELAY, ToldHow.GROUP)


def answer(
    case_id: Any,
    *,
    words: str,
    by: Actor,
    at: datetime | None = None,
    kind: str = AnswerKind.RESPONSE,
    ready_answer: ReadyAnswer | None = None,
    seen: str | None = None,
) -> Answer:
    """The listening team answers, in its own words or the library's. Raises Refused; Conflict if it moved on."""
    if not words.strip():
        raise Refused(_("Écrivez la réponse."))
    source = AnswerSource.LIBRARY if ready_answer is not None else AnswerSource.OPERATOR
    return record_answer(
        case_id, words=words, kind=kind, by=by, at=at, source=source, ready_answer=ready_answer, seen=seen
    )


@transaction.atomic
def record_answer(
    case_id: Any,
    *,
    words: str,
    kind: str,
    by: Actor,
    at: datetime | None = None,
    source: str = AnswerSource.REFERRAL,
    ready_answer: ReadyAnswer | None = None,
    seen: str | None = None,
) -> Answer:
    """triaged, referred → answered, and the answer sets out by the way the person chose. Raises Refused.

    A further answer, to what is answered or closed already, goes to the person as well and moves nothing.
    """
    moment = at or timezone.now()
    case = Case.objects.select_for_update().get(pk=case_id)
    given = _written(case, words, kind, source, ready_answer, by=by, at=moment)
    if case.state in HAS_ITS_ANSWER and seen in (None, case.state):
        _check(case, "answer", by)
        audit.record("feedback.case.answer_again", by=by, target=case, at=moment, kind=str(kind))
    else:
        facts = {"kind": str(kind), "source": str(source)}
        case = move(Case, case_id, "answer", by=by, at=moment, seen=seen, facts=facts)
    bring(case, given, at=moment)
    return given


@transaction.atomic
def tell_person(case_id: Any, *, how: str, by: Actor, at: datetime | None = None, settled: str = "") -> Answer:
    """Somebody told the person the latest answer, by voice: how and when, and what they said of it if they did.

    Raises Refused: no answer, no way, or a date to come.
    """
    moment = at or timezone.now()
    case = Case.objects.select_for_update().get(pk=case_id)
    told = case.latest_answer
    if told is None:
        raise Refused(_("Il n’y a pas encore de réponse à dire."))
    if how not in BY_VOICE:
        raise Refused(_("Dites comment la personne a été informée."))
    if moment > timezone.now():
        raise Refused(_("Cette date n’est pas encore venue."))
    _check(case, "close", by)
    told.told_how, told.told_at = how, moment
    told.delivery, told.delivery_at = Delivery.TOLD, moment
    told.save()
    audit.record("feedback.answer.tell", by=by, target=told, at=moment, how=str(how), case=str(case.pk))
    reached(case.pk)
    if settled:
        say_settled(case.pk, settled=settled, by=by, at=moment)
    react(case, "tell", by=by, at=moment)
    return told


def carried_sent(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: the carrier took the message. In its own words, the question whether it settled follows."""
    given = _delivery(outbound_id, Delivery.SENT, by, at, unless=(Delivery.DELIVERED, Delivery.TOLD))
    if given is not None and given.told_how == ToldHow.SMS:
        ask_if_settled(given.case, given, at=at)


def carried_delivered(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: the message is on the person's telephone."""
    _delivery(outbound_id, Delivery.DELIVERED, by, at, unless=(Delivery.TOLD,))


def carried_failed(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: it never arrived. The answer is among those that somebody must tell."""
    _delivery(outbound_id, Delivery.FAILED, by, at, unless=(Delivery.TOLD,))


def _delivery(
    outbound_id: Any, delivery: Delivery, by: Actor, at: datetime, *, unless: tuple[Delivery, ...]
) -> Answer | None:
    found = Answer.objects.filter(outbound_id=outbound_id).values_list("pk", flat=True).first()
    if found is None:
        return None
    given = locked(Answer, found)
    if given.delivery in unless:
        return None
    given.delivery, given.delivery_at = delivery, at
    given.save(update_fields=["delivery", "delivery_at"])
    react(given, "carried", by=by, at=at)
    return given


def _written(
    case: Case, words: str, kind: str, source: str, ready: ReadyAnswer | None, *, by: Actor, at: datetime
) -> Answer:
    given = Answer(case=case, kind=kind, source=source, given_at=at, ready_answer=ready)
    given.given_by = by if isinstance(by, User) else None
    given.seal(words=words.strip())
    given.save(force_insert=True)
    if ready is not None:
        ReadyAnswer.objects.filter(pk=ready.pk).update(use_count=F("use_count") + 1)
    return given


def _check(case: Case, act: str, by: Actor) -> None:
    reason = case.may(act, by)
    if reason is not None:
        raise Refused(reason)
