"""The time to answer stands still while nobody can go there: said, with its reason, and not for ever."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import SYSTEM, Actor
from core.transitions import Refused, Sentence, check_seen, locked, react
from directory.models import User
from directory.notices import Notice
from referrals.enums import TO_ANSWER, PauseReason, Side
from referrals.models import Referral, ReferralPause
from referrals.people import tell_receiver, tell_sender

# A pause that nobody ends is over by itself after so long (a proposal, not a norm): then it must be said again.
PAUSE_LASTS = timedelta(days=30)


def why_not_pause(referral: Referral, by: Actor) -> Sentence | None:
    """None when the actor may pause it now; else why not."""
    if referral.state not in TO_ANSWER or referral.withdrawn_at is not None:
        return _("Seul un référencement accepté, qui attend sa réponse, se met en pause.")
    if referral.paused_at is not None:
        return _("c’est déjà fait.")
    return None if Side.RECEIVER in Referral.objects.sides_of(referral, by) else _("C’est au destinataire de le faire.")


def why_not_resume(referral: Referral, by: Actor) -> Sentence | None:
    """None when the actor may end its pause now; else why not."""
    if referral.paused_at is None:
        return _("Ce référencement n’est pas en pause.")
    return None if Side.RECEIVER in Referral.objects.sides_of(referral, by) else _("C’est au destinataire de le faire.")


@transaction.atomic
def pause(
    referral_id: uuid.UUID, *, reason: str, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Referral:
    """The time to answer stops running, for a reason that both sides read. Raises Refused, Conflict."""
    row = _locked(referral_id, seen)
    if reason not in PauseReason.values:
        raise Refused(_("Dites pourquoi vous le mettez en pause."))
    _check(why_not_pause(row, by))
    row.paused_at = at or timezone.now()
    row.save(update_fields=["paused_at"])
    person = by if isinstance(by, User) else None
    ReferralPause.objects.create(referral=row, reason=reason, began_at=row.paused_at, began_by=person)
    react(row, "pause", by=by, at=row.paused_at)
    audit.record("referrals.referral.pause", by=by, target=row, at=at, reason=reason)
    tell_sender(row, Notice.INFO)
    return row


@transaction.atomic
def resume(referral_id: uuid.UUID, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Referral:
    """It runs again; the deadline is later by as long as it stood still. Raises Refused, Conflict."""
    row = _locked(referral_id, seen)
    _check(why_not_resume(row, by))
    moment = at or timezone.now()
    _end(row, by=by, at=moment)
    react(row, "resume", by=by, at=moment)
    tell_sender(row, Notice.INFO)
    return row


def pause_is_over(pk: Any, *, by: Actor, at: datetime) -> None:
    """Whoever answers, refuses or takes it back ends its pause."""
    row = locked(Referral, pk)
    if row.paused_at is not None:
        _end(row, by=by, at=at)


def end_long_pauses(now: datetime) -> int:
    """Ends those that lasted as long as a pause may, and tells the receiver; out: how many. Safe to run twice."""
    ids = list(Referral.objects.filter(paused_at__lt=now - PAUSE_LASTS).values_list("pk", flat=True))
    return sum(_end_long(pk, now) for pk in ids)


@transaction.atomic
def _end_long(pk: uuid.UUID, now: datetime) -> bool:
    row = locked(Referral, pk)
    if row.paused_at is None or row.paused_at >= now - PAUSE_LASTS:
        return False
    _end(row, by=SYSTEM, at=row.paused_at + PAUSE_LASTS)
    react(row, "resume", by=SYSTEM, at=now)
    tell_receiver(row)
    return True


def _end(row: Referral, *, by: Actor, at: datetime) -> None:
    if row.paused_at is not None and row.answer_by is not None:
        row.answer_by += max(at - row.paused_at, timedelta(0))
    row.paused_at = None
    row.save(update_fields=["answer_by", "paused_at"])
    ReferralPause.objects.filter(referral=row, ended_at=None).update(ended_at=at)
    audit.record("referrals.referral.resume", by=by, target=row, at=at)


def _locked(referral_id: uuid.UUID, seen: str | None) -> Referral:
    row = locked(Referral, referral_id)
    check_seen(row.state, seen)
    return row


def _check(reason: Sentence | None) -> None:
    if reason is not None:
        raise Refused(reason)
