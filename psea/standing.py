"""Whether a case can still be opened if one more person goes: always two approved handlers and recovery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from directory.models import User
from directory.roles import HANDLERS
from psea.databases import VAULT
from psea.enums import KeyKind, Part
from psea.models import HandlerKey, Wrap
from psea.tags import by_form, reader_tag
from psea.trust import approved_keys

LIVING_HANDLERS = 2
CASES_AT_ONCE = 200


def is_enough(keys: Collection[HandlerKey]) -> bool:
    """Whether these keys, of those who read a case, are enough: of two handlers who are there, and recovery."""
    return _are_enough(keys, _handlers())


def thin_cases(case_ids: Iterable[UUID], without: UUID | None = None) -> list[UUID]:
    """Those of these cases that fewer than two handlers and recovery open, by living keys whose approval stands.

    `without`: were this key to go.
    """
    ids, handlers = list(case_ids), _handlers()
    keys = [approved.key for approved in approved_keys() if approved.key.pk != without]
    found = []
    for start in range(0, len(ids), CASES_AT_ONCE):
        some = ids[start : start + CASES_AT_ONCE]
        readers = _readers(some, keys)
        found += [pk for pk in some if not _are_enough(readers[pk], handlers)]
    return found


def _readers(case_ids: list[UUID], keys: list[HandlerKey]) -> dict[UUID, list[HandlerKey]]:
    """By case the keys that open who is implicated, as handlers' and recovery do."""
    tags = {reader_tag(key.pk, pk, Part.GUARD): key for pk in case_ids for key in keys}
    found: dict[UUID, list[HandlerKey]] = defaultdict(list)
    keys_by_form = by_form(tags)
    for case_id, tag in Wrap.objects.using(VAULT).filter(tag__in=list(tags)).values_list("case_id", "tag"):
        found[case_id].append(keys_by_form[tag])
    return found


def _handlers() -> set[int | None]:
    return set(User.objects.with_role(*HANDLERS).values_list("pk", flat=True))


def _are_enough(keys: Collection[HandlerKey], handlers: Collection[int | None]) -> bool:
    people = {key.user_id for key in keys if key.user_id in handlers}
    return len(people) >= LIVING_HANDLERS and any(key.kind == KeyKind.RECOVERY for key in keys)
