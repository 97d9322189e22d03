"""Approvals of keys that end: said well ahead, for whoever holds a key that lapsed is given no report any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from directory.models import User
from directory.notices import Notice
from directory.roles import HOLDS_KEY, Role
from psea.databases import VAULT
from psea.duty import tell
from psea.models import Approval, HandlerKey
from psea.rota import SAID_AHEAD
from psea.standing import recovery_until
from psea.trust import Approved, approved_for, approved_keys


def warn_of_lapsing(at: datetime) -> int:
    """Tells the coordination and the owner of each key whose approval ends within 45 days, or has ended, once a week.

    Not of a key that was never approved, nor of one whose owner has no role in the vault any more. Out: how many keys.
    """
    today = timezone.localdate(at)
    ending = _ending(today)
    users = User.objects.with_role(*HOLDS_KEY).filter(pk__in=[key.user_id for key in ending])
    owners = {user.pk: user for user in users}
    said = [key for key in ending if key.user_id is None or key.user_id in owners]
    if not said:
        return 0
    week = today.toordinal() // 7
    coordination = User.objects.with_role(Role.PSEA_COORDINATOR)
    people = {user.pk: user for user in (*owners.values(), *coordination)}
    tell(people.values(), Notice.ACT, "lapsing", week, at=at)
    return len(said)


def days_of_reading(today: date) -> int:
    """For how many days from today fresh reports have two approved officers and recovery; -1 where they lack them now.

    Were nobody to approve anything meanwhile.
    """
    keys = approved_keys()
    officers = sorted((key.until for key in approved_for(Role.PSEA_INTAKE_OFFICER, keys).values()), reverse=True)
    recovery = sorted(recovery_until(keys).values(), reverse=True)
    if len(officers) < 2 or not recovery:
        return -1
    return (min(officers[1], recovery[0]) - today).days


def _ending(today: date) -> list[HandlerKey]:
    """Living keys whose approval ends soon or has ended."""
    approved = {one.key.pk: one for one in approved_keys()}
    once = set(Approval.objects.using(VAULT).filter(until__lt=today).values_list("handler_key_id", flat=True))
    living: Iterable[HandlerKey] = HandlerKey.objects.using(VAULT).living()
    return [key for key in living if _ends(approved.get(key.pk), today, was_approved=key.pk in once)]


def _ends(approved: Approved | None, today: date, *, was_approved: bool) -> bool:
    return was_approved if approved is None else approved.until - today <= SAID_AHEAD
