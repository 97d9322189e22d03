"""Whether a case can still be opened if one more person goes: always two approved handlers and recovery, which two
custodians of today can open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from directory.models import User
from directory.roles import HANDLERS, Role
from psea.databases import VAULT
from psea.enums import Part
from psea.models import HandlerKey, RecoveryShare, Wrap
from psea.tags import by_form, reader_tag
from psea.trust import Approved, approved_for, approved_keys, recovery_keys

LIVING_HANDLERS = 2
CASES_AT_ONCE = 200


def is_enough(keys: Collection[HandlerKey]) -> bool:
    """Whether these keys, of those who read a case, are enough: of two handlers who are there, and recovery."""
    return _there(approved_keys()).are_enough(keys)


def thin_cases(case_ids: Iterable[UUID], without: UUID | None = None) -> list[UUID]:
    """Those of these cases that fewer than two handlers and recovery open, by living keys whose approval stands.

    `without`: were this key to go.
    """
    ids, approved = list(case_ids), [one for one in approved_keys() if one.key.pk != without]
    keys, there = [one.key for one in approved], _there(approved)
    found = []
    for start in range(0, len(ids), CASES_AT_ONCE):
        some = ids[start : start + CASES_AT_ONCE]
        readers = _readers(some, keys)
        found += [pk for pk in some if not there.are_enough(readers[pk])]
    return found


def custodians_of(keys: Iterable[Approved]) -> list[Approved]:
    """Of these keys those of today's custodians, approved as such."""
    by_user = approved_for(Role.RECOVERY_CUSTODIAN, keys)
    there = User.objects.with_role(Role.RECOVERY_CUSTODIAN).filter(pk__in=list(by_user))
    return [by_user[pk] for pk in there.values_list("pk", flat=True)]


def recovery_until(keys: Collection[Approved]) -> dict[UUID, date]:
    """In: approved keys. Out: the recovery keys among them that two custodians of today can open together, by id, and
    the last day on which two can, were nobody to approve anything meanwhile."""
    until = {one.key.pk: one.until for one in custodians_of(keys)}
    shares = RecoveryShare.objects.using(VAULT).filter(first__in=list(until), second__in=list(until))
    pairs: dict[UUID, list[date]] = defaultdict(list)
    for recovery_id, first, second in shares.values_list("recovery_key_id", "first_id", "second_id"):
        pairs[recovery_id].append(min(until[first], until[second]))
    return {one.key.pk: min(one.until, max(pairs[one.key.pk])) for one in recovery_keys(keys) if one.key.pk in pairs}


def _readers(case_ids: list[UUID], keys: list[HandlerKey]) -> dict[UUID, list[HandlerKey]]:
    """By case the keys that open who is implicated, as handlers' and recovery do."""
    tags = {reader_tag(key.pk, pk, Part.GUARD): key for pk in case_ids for key in keys}
    found: dict[UUID, list[HandlerKey]] = defaultdict(list)
    keys_by_form = by_form(tags)
    for case_id, tag in Wrap.objects.using(VAULT).filter(tag__in=list(tags)).values_list("case_id", "tag"):
        found[case_id].append(keys_by_form[tag])
    return found


@dataclass(frozen=True)
class _There:
    """The people who are handlers today, and the recovery keys that custodians of today can open."""

    handlers: frozenset[int]
    recovery: frozenset[UUID]

    def are_enough(self, keys: Collection[HandlerKey]) -> bool:
        people = {key.user_id for key in keys if key.user_id in self.handlers}
        return len(people) >= LIVING_HANDLERS and any(key.pk in self.recovery for key in keys)


def _there(approved: Collection[Approved]) -> _There:
    handlers = User.objects.with_role(*HANDLERS).values_list("pk", flat=True)
    return _There(frozenset(handlers), frozenset(recovery_until(approved)))
