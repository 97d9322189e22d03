"""What somebody had taken on goes to whoever takes over, in the act that says they leave, are away or are back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from core import audit
from core.actors import Actor
from directory.models import User
from directory.notices import Notice, notify
from referrals.enums import LIVE, ReferralState, Teller
from referrals.models import Referral
from referrals.people import above, tell
from referrals.querysets import ReferralQuerySet


def hand_over(person: User, *, by: Actor, at: datetime, for_good: bool) -> None:
    """Open referrals under this person's name go to their deputy, who is told once.

    One that the deputy may not see (another kind or place, or one that implicates them) keeps its name: then the
    those above it are told. Not `for_good`: it comes back with `take_back`.
    """
    successor = person.deputy
    rows = _open(Referral.objects.filter(responsible=person))
    taken = rows.received_side_of(successor) if successor is not None else rows.none()
    ids = set(taken.values_list("pk", flat=True))
    for row in rows.select_for_update(of=("self",)).select_related("receiver", "case"):
        if successor is not None and row.pk in ids:
            stands_in = None if for_good else (row.stands_in_for or person)
            _give(row, to=successor, stands_in_for=stands_in, by=by, at=at)
        elif for_good:
            tell(row, above(row), Notice.ACT)
    if for_good and successor is not None:
        Referral.objects.filter(stands_in_for=person).update(stands_in_for=None)
    if successor is not None and ids:
        notify([successor], Notice.ACT)


def take_back(person: User, *, by: Actor, at: datetime) -> None:
    """What others hold for this person, and is not finished, is theirs again."""
    for row in _open(Referral.objects.filter(stands_in_for=person)).select_for_update(of=("self",)):
        _give(row, to=person, stands_in_for=None, by=by, at=at)


def _open(rows: ReferralQuerySet) -> ReferralQuerySet:
    """Those in which the responsible person still has something to do: answer, or tell the person."""
    to_tell = Q(state=ReferralState.ANSWERED, teller=Teller.RECEIVER)
    return rows.filter(Q(state__in=LIVE) | to_tell)


def _give(row: Referral, *, to: User, stands_in_for: User | None, by: Actor, at: datetime) -> None:
    before = row.responsible_id
    row.responsible, row.stands_in_for = to, stands_in_for
    row.save(update_fields=["responsible", "stands_in_for"])
    audit.record("referrals.referral.hand_over", by=by, target=row, at=at, before=before, after=to.pk)
