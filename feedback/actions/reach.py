"""Reaching the person: trying again what could not be delivered, flagging who stays unreachable, asking once more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from core import audit
from core.actors import SYSTEM, Actor
from core.index import keyed_hash
from core.leaving import OWN_REASONS
from core.models import Outbound
from core.transitions import locked, react
from directory.models import User
from directory.notices import Notice, notify, present
from directory.roles import Role
from feedback.bringing import ask_once_more, bring_once_more, phone_of
from feedback.enums import CaseState, Delivery, ToldHow
from feedback.models import Answer, Case
from feedback.outgoing import has_stopped
from feedback.recipients import named_recipients

HAS_ITS_ANSWER = (CaseState.ANSWERED, CaseState.CLOSED)
BY_SMS = (ToldHow.SMS, ToldHow.SMS_NOTICE)
# Who has not said by then, after the second time, will not say: what was asked long ago is left alone.
STILL_ASKED = timedelta(days=30)


def note_failed_delivery(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: an answer did not arrive. What we held back, or the person had stopped, makes nobody unreachable."""
    failed = Outbound.objects.get(pk=outbound_id)
    given = Answer.objects.filter(outbound_id=outbound_id, delivery=Delivery.FAILED).first()
    if given is None or failed.reason in OWN_REASONS:
        return
    case = Case.objects.select_for_update().get(pk=given.case_id)
    if has_stopped(phone_of(case)):
        return
    case.failed_deliveries += 1
    case.first_failed_at = case.first_failed_at or at
    case.save(update_fields=["failed_deliveries", "first_failed_at"])
    span = timedelta(days=settings.UNREACHABLE_DAYS)
    if case.failed_deliveries >= settings.UNREACHABLE_FAILURES and at - case.first_failed_at >= span:
        _flag_unreachable(case, at)


def note_reached(outbound_id: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: an answer arrived."""
    given = Answer.objects.filter(outbound_id=outbound_id).first()
    if given is not None:
        reached(given.case_id)


def reached(case_id: Any) -> None:
    """The person was told, or spoke: whatever failed before is over."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.first_failed_at is not None:
        case.save(update_fields=case.note_reached())


def bring_again(now: datetime) -> int:
    """Tries again the latest answers that were not delivered, until the person is flagged. Out: how many were tried."""
    between = timedelta(days=settings.UNREACHABLE_DAYS / max(1, settings.UNREACHABLE_FAILURES - 1))
    due = Answer.objects.filter(
        delivery=Delivery.FAILED,
        delivery_at__lte=now - between,
        told_how__in=BY_SMS,
        case__state__in=HAS_ITS_ANSWER,
        case__unreachable_at=None,
        case__forgotten_at=None,
        case__failed_deliveries__gt=0,
    )
    return sum(_bring_again(pk) for pk in due.values_list("pk", flat=True))


def ask_again(now: datetime) -> int:
    """Asks once more whether it is settled, where nobody said. Out: how many cases were asked about."""
    asked_before = now - timedelta(days=settings.SETTLED_ASK_AGAIN_DAYS)
    due = _unanswered().filter(settled_asked_at__lte=asked_before, settled_asked_at__gt=asked_before - STILL_ASKED)
    return sum(_ask_again(pk, now) for pk in due.values_list("pk", flat=True))


def tell_listeners(case_pk: Any, *, by: Actor, at: datetime) -> None:
    """Reaction: whoever listens there is told that something waits; for a restricted matter, its named recipients."""
    case = Case.objects.select_related("place").get(pk=case_pk)
    implicated = case.implicated()
    people = named_recipients(case) if case.is_restricted else User.objects.with_role(Role.OPERATOR, place=case.place)
    standing = [present(user) for user in people if implicated.spares(user)]
    spared = [user for user in standing if user is not None and implicated.spares(user)]
    notify(spared, Notice.ACT, dedupe_key=keyed_hash(f"{case.pk}:{at:%Y-%m-%d}", "unreachable")[:40])


def _flag_unreachable(case: Case, at: datetime) -> None:
    """A flag, never a state: nothing closes by itself."""
    if case.unreachable_at is not None:
        return
    case.unreachable_at = at
    case.save(update_fields=["unreachable_at"])
    audit.record("feedback.case.unreachable", by=SYSTEM, target=case, at=at, failures=case.failed_deliveries)
    react(case, "unreachable", by=SYSTEM, at=at)


@transaction.atomic
def _bring_again(answer_pk: Any) -> bool:
    given = locked(Answer, answer_pk)
    is_latest = given.case.latest_answer == given
    return given.delivery == Delivery.FAILED and is_latest and bring_once_more(given.case, given)


@transaction.atomic
def _ask_again(case_pk: Any, now: datetime) -> bool:
    case = _unanswered().select_for_update().filter(pk=case_pk).first()
    given = case.latest_answer if case is not None else None
    if case is None or given is None:
        return False
    # Marked even when nobody could be asked: never a third time, nor much later.
    case.settled_asked_again_at = now
    case.save(update_fields=["settled_asked_again_at"])
    has_arrived = given.delivery in (Delivery.SENT, Delivery.DELIVERED) and given.told_how in BY_SMS
    return has_arrived and ask_once_more(case, given)


def _unanswered() -> QuerySet[Case]:
    rows: QuerySet[Case] = Case.objects.filter(
        Q(settled_at=None) | Q(settled_at__lt=F("settled_asked_at")),
        state__in=HAS_ITS_ANSWER,
        settled_asked_again_at=None,
        forgotten_at=None,
    )
    return rows
