"""What the person does with their own case, known by their receipt or their telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import PERSON, Actor
from core.index import is_same
from core.transitions import Refused, move, react
from feedback.actions.danger import raise_danger
from feedback.actions.reopen import reopen
from feedback.danger import suggests_danger
from feedback.enums import (
    CaseState,
    Delivery,
    MessageDirection,
    Outcome,
    ReopenReason,
    Settled,
)
from feedback.models import Case, CaseMessage
from feedback.source_keys import row_id

OUTCOME_SAID = {
    Settled.YES: Outcome.SETTLED,
    Settled.PARTLY: Outcome.PARTLY,
    Settled.NO: Outcome.NOT_SETTLED,
}


@transaction.atomic
def add_words(
    case_id: Any,
    *,
    source_key: str,
    words: str,
    channel: str,
    recording: str = "",
    picture: str = "",
    by: Actor = PERSON,
    at: datetime | None = None,
) -> CaseMessage:
    """Adds what the person says to their thread, once per `source_key`, and marks the case unread.

    The words were screened by the caller. A case joined to another passes them on to it. `recording` and `picture`:
    as `core.audio` and `core.pictures` pack them.
    """
    case = _where_it_went(case_id)
    pk = row_id(source_key, "message")
    known = CaseMessage.objects.filter(pk=pk).first()
    if known is not None:
        return known
    moment = at or timezone.now()
    message = CaseMessage(
        pk=pk, case=case, direction=MessageDirection.IN, channel=channel, said_at=moment, is_unread=True
    )
    message.seal(body=words, recording=recording, picture=picture)
    message.save(force_insert=True)
    _questions_to_whoever_speaks(case_id, case).update(awaits_reply=False)
    case.last_spoke_at, case.has_unread_words = max(case.last_spoke_at, moment), True
    case.save(update_fields=["last_spoke_at", "has_unread_words", *case.note_reached()])
    if suggests_danger(words):
        raise_danger(case, at=moment)
    return message


@transaction.atomic
def say_settled(case_id: Any, *, settled: str, by: Actor = PERSON, at: datetime | None = None) -> Case:
    """The person says whether the answer settled it. Yes or in part closes with that outcome; no takes it up again.

    Raises Refused when there is no answer to speak of.
    """
    case = _where_it_went(case_id)
    if case.state not in (CaseState.ANSWERED, CaseState.CLOSED) or case.latest_answer is None:
        raise Refused(_("Il n'y a pas encore de réponse à ce message."))
    moment = at or timezone.now()
    said = Settled(settled)
    _note_settled(case, said, moment)
    react(case, "settle", by=by, at=moment)
    closed = _closed_with(case, OUTCOME_SAID[said], by=by, at=moment)
    if said is not Settled.NO:
        return closed
    return reopen(case.pk, by=by, at=moment, reason_code=ReopenReason.PERSON_NOT_SETTLED)


@transaction.atomic
def take_up_again(case_id: Any, *, by: Actor = PERSON, at: datetime) -> Case:
    """The person wants it taken up again: what had ended is, what runs goes on. Harmless to repeat."""
    case = _where_it_went(case_id)
    if case.state == CaseState.ANSWERED:
        return say_settled(case.pk, settled=Settled.NO, by=by, at=at)
    if case.state == CaseState.CLOSED and case.forgotten_at is None:
        return reopen(case.pk, by=by, at=at, reason_code=ReopenReason.PERSON_SPOKE_AGAIN)
    return case


def _where_it_went(case_id: Any) -> Case:
    """The case, or what it was joined to, locked: that one alone, for whoever takes both takes that one first."""
    pk = case_id
    while True:
        joined_to: Any = Case.objects.values_list("merged_into_id", flat=True).get(pk=pk)
        if joined_to is not None:
            pk = joined_to
            continue
        case = Case.objects.select_for_update().get(pk=pk)
        if case.merged_into_id is None:
            return case


def _questions_to_whoever_speaks(case_id: Any, went_to: Case) -> QuerySet[CaseMessage]:
    """Open ones: of the case they speak of, and of the one it was joined to, unless that is another telephone's."""
    spoken_of = went_to if case_id == went_to.pk else Case.objects.get(pk=case_id)
    is_theirs = not spoken_of.phone_hash or is_same(spoken_of.phone_hash, went_to.phone_hash)
    cases = [spoken_of.pk, *([went_to.pk] if is_theirs else [])]
    return CaseMessage.objects.filter(case__in=cases, awaits_reply=True)


def _note_settled(case: Case, said: Settled, at: datetime) -> None:
    case.settled, case.settled_at = said, at
    case.save(update_fields=["settled", "settled_at", *case.note_reached()])
    # Whoever speaks of an answer has had it, whatever the carrier said.
    answer = case.latest_answer
    if answer is not None and answer.delivery not in (Delivery.TOLD, Delivery.READABLE, Delivery.WAITING):
        answer.delivery, answer.delivery_at = Delivery.DELIVERED, at
        answer.save(update_fields=["delivery", "delivery_at"])


def _closed_with(case: Case, outcome: Outcome, *, by: Actor, at: datetime) -> Case:
    if case.state == CaseState.ANSWERED:
        return move(Case, case.pk, "close", by=by, at=at, outcome=outcome, facts={"outcome": outcome.value})
    case.outcome = outcome
    case.save(update_fields=["outcome"])
    return case
