"""The outbox: a message to someone is a row first; it leaves after commit, and never twice.

The row, not the queue, says what remains: publishing may fail, a sweep publishes again. Before a row
that was cut off while sending is tried again, the gateway is asked whether it already has it. One that
cannot be asked may say so by itself: its news under our reference settles a message whose answer was lost,
and is waited for a while. After that it is sent again: the same words twice are better than none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from core import audit, clocks, erasures
from core.actors import robot
from core.calls import Answer, Call, make_calls
from core.day_budget import note_spent
from core.even_answers import next_even_moment
from core.gateways import (
    Gateway,
    GatewayError,
    SendsTemplates,
    StatusUpdate,
    UnknownGateway,
    default_name,
    gateway,
    leaving_by,
    reference_of,
)
from core.index import keyed_hash
from core.inserting import insert_once
from core.leaving import WITHHELD, MayLeave, Turn, Verdict
from core.models import Outbound
from core.publishing import publish_soon
from core.reading_once import reading_once
from core.transitions import react

logger = logging.getLogger(__name__)

State: TypeAlias = Outbound.State
Way: TypeAlias = Outbound.Way
Kind: TypeAlias = Outbound.Kind
# Eight tries take two hours and a half, then one comes each hour: networks go down for days, and an answer keeps.
# A late reply to an order helps nobody.
MAX_ATTEMPTS = {Kind.MENU: 8}
MAX_ATTEMPTS_ELSE = 8 + 72
# A notice that does not pass there goes another way within minutes.
BY_TEMPLATE = 5
# What a receipt or a menu said is not kept: rows of every lane must look alike at rest.
FORGOTTEN_ONCE_SENT = {Kind.RECEIPT, Kind.MENU, Kind.NOTICE, Kind.URGENT}
# What staff are told, but for what is urgent, leaves by a way of its own: a mail server that hangs holds no receipt.
NOTICES, EVERYTHING = Q(kind=Kind.NOTICE), Q()
# Somebody has just written and waits for it.
ANSWERS_AT_ONCE = {Kind.RECEIPT, Kind.MENU}
# The telephone of the demonstration reads its messages here; production refuses this gateway.
KEEPS_TEXTS = "console"
# The timer of a task may be early by some milliseconds.
EARLY = timedelta(milliseconds=100)
# Held back because this installation is for practising (`settings.TRAINING`).
IN_TRAINING = Verdict("training")


def queue_sms(
    to: str, body: str, *, kind: Kind, dedupe_key: str | None = None, line: str = "", template: str = ""
) -> Outbound:
    """In: E.164 number, text, kind; the same `dedupe_key` twice is one message. Out: the row, published on commit.

    `line`: the one this person wrote to, by which it leaves while that is in use; else by the default. `template`:
    what the same text is called there, where the carrier takes only texts that it approved.
    """
    return _queue(Way.SMS, kind, dedupe_key, line, template, recipient=to, body=body)


def queue_mail(
    to: str, subject: str, body: str, *, kind: Kind = Kind.NOTICE, dedupe_key: str | None = None
) -> Outbound:
    """As `queue_sms`, for a mail."""
    return _queue(Way.EMAIL, kind, dedupe_key, "smtp", "", recipient=to, subject=subject, body=body)


def deliver(*pks: Any) -> None:
    """Sends those rows that are due, all at once. Safe to run twice."""
    with reading_once():
        make_calls(_leaving, pks)


def withhold(recipient: str) -> None:
    """Takes back every SMS that still waits to leave for this number (E.164); what follows a failure follows it.

    One that is leaving at this very moment is asked about through `MAY_LEAVE`.
    """
    theirs = Outbound.objects.filter(recipient_hash=keyed_hash(recipient, "phone"), state=State.QUEUED)
    with transaction.atomic():
        for row in theirs.select_for_update():
            _finish(row, State.FAILED, reason=WITHHELD)


def settle(update: StatusUpdate, *, gateway_name: str) -> None:
    """Applies what the carrier says became of a message. What we do not know is left alone."""
    with transaction.atomic():
        row = _row_of(update, gateway_name)
        if row is None:
            return
        row.provider_id = update.provider_id
        if update.state == "sent":
            if row.state != State.SENT:
                _taken(row)
            return
        if row.sent_at is None:
            _stamp_sent(row)
        if not (update.needs_other_line and _by_default_line(row, update.reason)):
            _finish(row, State(update.state), reason=update.reason)


def forget_sent(now: datetime, limit: int = 500) -> int:
    """Drops text and number of what was handed over long ago and of which the carrier never spoke again."""
    before = now - timedelta(days=settings.RETENTION_ENVELOPE_DAYS)
    kept = Outbound.objects.filter(state=State.SENT, sent_at__lt=before, data_key__isnull=False)
    with transaction.atomic():
        rows = list(kept.select_for_update().order_by("sent_at")[:limit])
        for row in rows:
            row.forget_all()
            row.save()
        if rows:
            audit.record("core.outbound.forget", by=robot("retention"), count=len(rows))
    return len(rows)


def due_ids(limit: int = 500, *, which: Q = EVERYTHING) -> list[Any]:
    """Rows of those that should have left by now: never published, or cut off while sending."""
    now = timezone.now()
    _believe_the_clock(now)
    waiting = Q(state=State.QUEUED, not_before__lte=now)
    cut_off = Q(state=State.SENDING, not_before__lte=now - _cut_off())
    due = Outbound.objects.filter(which, waiting | cut_off)
    return list(due.order_by("not_before").values_list("pk", flat=True)[:limit])


def _believe_the_clock(now: datetime) -> None:
    """What a machine wrote whose clock was ahead would wait until that hour has come: it is due now."""
    ahead = now + clocks.ALLOWED
    waiting = Outbound.objects.filter(state__in=(State.QUEUED, State.SENDING), not_before__gt=ahead)
    waiting.filter(created_at__gt=ahead).update(not_before=now, created_at=now)


def _cut_off() -> timedelta:
    """How long a message may be on its way to the carrier before it counts as cut off."""
    return timedelta(seconds=settings.OUTBOX_CUT_OFF_SECONDS)


def _row_of(update: StatusUpdate, gateway_name: str) -> Outbound | None:
    """The message meant; by our own reference when the carrier's news comes before our commit of its id, or instead of
    the answer to a try. Of one that is to be tried again, only that it was taken is news."""
    rows = Outbound.objects.select_for_update().filter(gateway=gateway_name)
    known = rows.filter(provider_id=update.provider_id, state=State.SENT).first()
    reference = reference_of(update.reference)
    if known is None and reference:
        tried = (State.SENDING,) if update.state == "failed" else (State.SENDING, State.QUEUED)
        known = rows.filter(pk=reference, provider_id="", state__in=tried, attempts__gt=0).first()
    return known


def _queue(way: Way, kind: Kind, dedupe_key: str | None, gateway_name: str, template: str, **texts: str) -> Outbound:
    now = timezone.now()
    row = Outbound(way=way, kind=kind, dedupe_key=dedupe_key, gateway=gateway_name, template=template, created_at=now)
    row.not_before = next_even_moment(now) if kind in ANSWERS_AT_ONCE else now
    if way == Way.SMS:
        row.recipient_hash = keyed_hash(texts["recipient"], "phone")
    row.seal(**texts)
    if not insert_once(row):
        return Outbound.objects.get(dedupe_key=dedupe_key)
    _publish(row)
    return row


def _publish(row: Outbound) -> None:
    later = row.not_before if row.not_before > timezone.now() else None
    task = "core.tasks.deliver_notices" if row.kind == Kind.NOTICE else "core.tasks.deliver"
    publish_soon(task, str(row.pk), is_waited_for=row.kind in ANSWERS_AT_ONCE, not_before=later)


def _leaving(pk: Any) -> Call | None:
    """What hands this row to its carrier; None when it does not leave now."""
    row = _claimed(pk)
    if row is None:
        return None
    if settings.TRAINING:
        _hold_back(row, IN_TRAINING)
        return None
    note = partial(_note, row)
    try:
        taken_as = _already_taken(row)
        if taken_as is not None:
            return Call(lambda: taken_as, note)
        verdict = _verdict(row)
        if verdict is None:
            return Call(_handing_over(row), note)
    except GatewayError as error:
        _put_back(row, error)
    else:
        _hold_back(row, verdict)
    return None


def _note(row: Outbound, answer: Answer) -> None:
    if isinstance(answer, GatewayError):
        _put_back(row, answer)
    else:
        _mark_sent(row, answer)


def _claimed(pk: Any) -> Outbound | None:
    with transaction.atomic():
        row = Outbound.objects.select_for_update().filter(pk=pk).first()
        if row is None or not _is_due(row):
            return None
        row.state = State.SENDING
        row.attempts += 1
        row.not_before = timezone.now()
        if row.way == Way.SMS and row.attempts == 1:
            row.gateway = leaving_by(row.gateway)
        row.save(update_fields=["state", "attempts", "not_before", "gateway"])
        return row


def _is_due(row: Outbound) -> bool:
    now = timezone.now() + EARLY
    if row.state == State.SENDING:
        return row.not_before <= now - _cut_off()
    return row.state == State.QUEUED and row.not_before <= now


def _already_taken(row: Outbound) -> str | None:
    """After a cut-off, the carrier may hold the message although we do not know it."""
    if row.way != Way.SMS or row.attempts == 1:
        return None  # a first try, or a mail: mail servers cannot be asked
    try:
        tried = gateway(row.gateway)
    except UnknownGateway:
        return None
    return tried.find(row.unsealed("recipient"), row.unsealed("body"), row.created_at)


def _verdict(row: Outbound) -> Verdict | None:
    """What the first says, of those whom `settings.MAY_LEAVE` lists, who does not let this SMS go now; None if all do.

    Only messages to people are asked about: mail goes to staff.
    """
    if row.way != Way.SMS:
        return None
    asked: tuple[MayLeave, ...] = import_string(settings.MAY_LEAVE)
    turn = Turn(
        recipient=row.unsealed("recipient"),
        body=row.unsealed("body"),
        kind=row.kind,
        line=row.gateway,
        queued_at=row.created_at,
        is_first_try=row.attempts == 1,
    )
    said = (may(turn) for may in asked)
    return next((verdict for verdict in said if verdict is not None), None)


def _hold_back(row: Outbound, verdict: Verdict) -> None:
    """It was not tried: waiting for its hour counts as no attempt."""
    with transaction.atomic():
        if verdict.until is None:
            _finish(row, State.FAILED, reason=verdict.reason)
            return
        row.state, row.reason, row.not_before = State.QUEUED, verdict.reason, verdict.until
        row.attempts -= 1
        row.save()


def _handing_over(row: Outbound) -> Callable[[], str]:
    """All that is read of the row is read now."""
    recipient, body = row.unsealed("recipient"), row.unsealed("body")
    if row.way != Way.SMS:
        return partial(_mail, row.unsealed("subject"), body, recipient)
    line = _line_of(row)
    if row.template and isinstance(line, SendsTemplates):
        return partial(line.send_template, recipient, row.template, reference=str(row.pk))
    return partial(line.send, recipient, body, reference=str(row.pk))


def _mail(subject: str, body: str, recipient: str) -> str:
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [recipient]).send()
    except OSError as error:
        raise GatewayError(reason=type(error).__name__, permanent=False) from error
    return ""


def _line_of(row: Outbound) -> Gateway:
    """The line it leaves by: another than last time when that one was switched off since."""
    name = leaving_by(row.gateway) if row.attempts > 1 else row.gateway
    if name != row.gateway:
        row.gateway = name
        row.save(update_fields=["gateway"])
    try:
        return gateway(name)
    except UnknownGateway as error:
        raise GatewayError("no line", permanent=False) from error


def _put_back(row: Outbound, error: GatewayError) -> None:
    with transaction.atomic():
        if error.opted_out:
            react(row, "opted_out", by=robot(row.gateway), at=timezone.now())
        if error.needs_other_line and _by_default_line(row, error.reason):
            return
        if error.permanent or row.attempts >= _most_attempts(row):
            _finish(row, State.FAILED, reason=error.reason)
            return
        row.state = State.QUEUED
        row.reason = error.reason[:120]
        row.not_before = timezone.now() + max(_pause(row), _cut_off() if _waits_for_news(row, error) else timedelta())
        row.save()


def _pause(row: Outbound) -> timedelta:
    return timedelta(seconds=min(3600, 5 * 3 ** min(row.attempts, 8)))


def _waits_for_news(row: Outbound, error: GatewayError) -> bool:
    """Whether the carrier may have it, and nothing but its news can tell."""
    try:
        return error.maybe_taken and row.way == Way.SMS and not gateway(row.gateway).can_be_asked
    except UnknownGateway:
        return False


def _by_default_line(row: Outbound, reason: str) -> bool:
    """The same message sets out anew by the default line, which this person's own refused: it is asked about, counted
    and stopped as any. False where it left by that, its text is gone, or what follows a failure tells it otherwise."""
    line, recipient = default_name(), row.unsealed("recipient")
    if row.template or row.gateway == line or not recipient:
        return False
    erasures.ask(row.gateway, row.provider_id)
    row.gateway, row.provider_id, row.reason = line, "", reason[:120]
    row.state, row.attempts, row.not_before, row.sent_at = State.QUEUED, 0, timezone.now(), None
    row.recipient_hash = keyed_hash(recipient, "phone")
    row.save()
    _publish(row)
    return True


def _most_attempts(row: Outbound) -> int:
    return BY_TEMPLATE if row.template else MAX_ATTEMPTS.get(Kind(row.kind), MAX_ATTEMPTS_ELSE)


def _mark_sent(row: Outbound, provider_id: str) -> None:
    with transaction.atomic():
        # The carrier's own news may have come first, and have sent it by another line.
        now = Outbound.objects.select_for_update().values_list("state", "gateway").get(pk=row.pk)
        if now != (State.SENDING, row.gateway):
            return
        row.provider_id = provider_id
        _taken(row)


def _taken(row: Outbound) -> None:
    """The carrier has it."""
    row.state = State.SENT
    sent_at = _stamp_sent(row)
    if row.kind in FORGOTTEN_ONCE_SENT and row.gateway != KEEPS_TEXTS:
        row.forget_all()
    row.save()
    react(row, "sent", by=robot(row.gateway), at=sent_at)


def _stamp_sent(row: Outbound) -> datetime:
    """The carrier took it: that is when it cost something. Saving is the caller's."""
    row.sent_at = moment = timezone.now()
    row.recipient_hash = ""
    if row.way == Way.SMS:
        note_spent(row.gateway, row.unsealed("body"))
    return moment


def _finish(row: Outbound, state: State, *, reason: str) -> None:
    row.state, row.reason, row.settled_at = state, reason[:120], timezone.now()
    row.recipient_hash = ""
    row.forget_all()
    row.save()
    logger.info("outbound settled", extra={"way": row.way, "state": row.state})
    if row.way == Way.SMS:
        erasures.ask(row.gateway, row.provider_id)
    react(row, state.value, by=robot(row.gateway), at=row.settled_at)
