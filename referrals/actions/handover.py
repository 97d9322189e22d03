"""What somebody had taken on goes to a colleague: given to them, or in the act that says that its holder leaves, is
away, is back, or does something else now."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused, Sentence, check_seen, locked, react
from directory.models import User
from directory.notices import Notice, notify
from referrals.enums import LIVE, TO_ANSWER, ReferralState, Side, Teller
from referrals.models import Referral
from referrals.people import above, receivers_of, tell, tell_receiver
from referrals.querysets import ReferralQuerySet


def takers_of(referral: Referral) -> list[User]:
    """To whom it can be given: those of the receiver's people who see it and are there, but whoever has it; nobody
    implicated."""
    return [one for one in receivers_of(referral) if one.pk != referral.responsible_id and not one.is_away]


def why_not_assign(referral: Referral, by: Actor) -> Sentence | None:
    """None when the actor may give it to a colleague now; else why not."""
    if Side.RECEIVER not in Referral.objects.sides_of(referral, by):
        return _("C’est au destinataire de le faire.")
    to_tell = referral.shown_state == ReferralState.ANSWERED and referral.teller == Teller.RECEIVER
    if referral.shown_state not in TO_ANSWER and not to_tell:
        return _("Seul un référencement accepté, où il reste à faire, se confie à quelqu’un d’autre.")
    return None if takers_of(referral) else _("Personne d’autre de votre organisation ne peut le recevoir.")


@transaction.atomic
def assign(
    referral_id: uuid.UUID,
    to: User,
    *,
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
    held_by: int | None = None,
) -> Referral:
    """Work under way is a colleague's from now on, who is told. `seen`, `held_by`: its state, and whose it was, as
    the actor had them before them. Raises Refused, Conflict."""
    row = locked(Referral, referral_id)
    check_seen(row.state, seen)
    if held_by is not None:
        check_seen(str(row.responsible_id), str(held_by))
    reason = why_not_assign(row, by)
    if reason is not None:
        raise Refused(reason)
    if to not in takers_of(row):
        raise Refused(_("Cette personne ne peut pas recevoir ce référencement."))
    moment = at or timezone.now()
    _give(row, to=to, stands_in_for=None, by=by, at=moment, act="assign")
    react(row, "assign", by=by, at=moment)
    if to != by:
        tell_receiver(row)
    return row


def hand_over(person: User, *, by: Actor, at: datetime, for_good: bool) -> None:
    """Open referrals under this person's name go to their deputy, who is told once.

    One that the deputy may not see (another kind or place, or one that implicates them) keeps its name: then
    those above it are told. Not `for_good`: it comes back with `take_back`.
    """
    _hand_over(_open(Referral.objects.filter(responsible=person)), person, by=by, at=at, for_good=for_good)
    if for_good and person.deputy is not None:
        Referral.objects.filter(stands_in_for=person).update(stands_in_for=None)


def hand_over_unseen(person: User, *, by: Actor, at: datetime) -> None:
    """The same, for good, of what their roles, office or zone no longer let them see; nor does that come back."""
    held, lent = (_open(Referral.objects.filter(**{name: person})) for name in ("responsible", "stands_in_for"))
    _hand_over(held.exclude(pk__in=_acted_on_by(person, held)), person, by=by, at=at, for_good=True)
    lent.exclude(pk__in=_acted_on_by(person, lent)).update(stands_in_for=None)


def _hand_over(rows: ReferralQuerySet, person: User, *, by: Actor, at: datetime, for_good: bool) -> None:
    successor = person.deputy
    ids = _acted_on_by(successor, rows) if successor is not None else set()
    for row in rows.select_for_update(of=("self",)).select_related("receiver", "case"):
        if successor is not None and row.pk in ids:
            stands_in = row.stands_in_for or (None if for_good else person)
            _give(row, to=successor, stands_in_for=stands_in, by=by, at=at)
        elif for_good:
            tell(row, above(row, person.organisation), Notice.ACT)
    if successor is not None and ids:
        notify([successor], Notice.ACT)


def take_back(person: User, *, by: Actor, at: datetime) -> None:
    """What others hold for this person, and is not finished, is theirs again; not what they may not see any more."""
    lent = _open(Referral.objects.filter(stands_in_for=person))
    ids = _acted_on_by(person, lent)
    for row in lent.filter(pk__in=ids).select_for_update(of=("self",)):
        _give(row, to=person, stands_in_for=None, by=by, at=at)
    lent.exclude(pk__in=ids).update(stands_in_for=None)


def _open(rows: ReferralQuerySet) -> ReferralQuerySet:
    """Those in which the responsible person still has something to do: answer, or tell the person."""
    to_tell = Q(state=ReferralState.ANSWERED, teller=Teller.RECEIVER)
    return rows.filter(Q(state__in=LIVE) | to_tell)


def _acted_on_by(person: User, rows: ReferralQuerySet) -> set[uuid.UUID]:
    """Those of them that this person sees, to do what the receiver does; on paper, the sender's people do it."""
    received = rows.received_side_of(person).values_list("pk", flat=True)
    return {*received, *rows.sent_side_of(person).filter(is_on_paper=True).values_list("pk", flat=True)}


def _give(
    row: Referral, *, to: User, stands_in_for: User | None, by: Actor, at: datetime, act: str = "hand_over"
) -> None:
    before = row.responsible_id
    row.responsible, row.stands_in_for = to, stands_in_for
    row.save(update_fields=["responsible", "stands_in_for"])
    audit.record(f"referrals.referral.{act}", by=by, target=row, at=at, before=before, after=to.pk)
