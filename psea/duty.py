"""Who is told and who can read: the people of the vault, between the directory and the handlers' keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from directory.implicated import Implicated
from directory.models import User
from directory.notices import Notice, notify
from directory.roles import IN_VAULT, Role
from psea.databases import INTAKE, VAULT
from psea.enums import KeyKind, Part
from psea.models import HandlerKey, SealedCase
from psea.readers import EVERYTHING, FACTS_ONLY
from psea.tags import notice_key

# An act entered long after it happened calls nobody out of bed.
STILL_NEWS = timedelta(days=1)
KEY_COLUMNS = ("id", "user_id", "organisation_id", "kind", "public_key")


@dataclass(frozen=True)
class FreshReaders:
    """Who a fresh case is wrapped to: officers and recovery to all of it, the coordination to the facts."""

    officers: Sequence[HandlerKey]
    recovery: Sequence[HandlerKey]
    coordination: Sequence[HandlerKey]

    def with_parts(self) -> list[tuple[HandlerKey, tuple[Part, ...]]]:
        everything = [(key, EVERYTHING) for key in (*self.officers, *self.recovery)]
        return [*everything, *((key, FACTS_ONLY) for key in self.coordination)]


def fresh_readers(implicated: Implicated) -> FreshReaders:
    """The readers of a fresh case: officers on duty whom it spares; if none is there, those away too."""
    keys = list(HandlerKey.objects.using(INTAKE).living().only(*KEY_COLUMNS))
    by_user = {key.user_id: key for key in keys if key.user_id is not None}
    officers = _spared(Role.PSEA_INTAKE_OFFICER, by_user, implicated)
    on_duty = [user for user in officers if not user.is_away] or officers
    coordination = [user for user in _spared(Role.PSEA_COORDINATOR, by_user, implicated) if user not in on_duty]
    return FreshReaders(
        officers=[by_user[user.pk] for user in on_duty],
        recovery=[key for key in keys if key.kind == KeyKind.RECOVERY],
        coordination=[by_user[user.pk] for user in coordination],
    )


def entity_keys(organisation_id: int, implicated: Implicated, *, investigation_only: bool = False) -> list[HandlerKey]:
    """The keys of an entity's habilitated people, for a transmission.

    When one of its focal points, or their office, is implicated, its investigation function alone (DESIGN §4).
    The entity itself being implicated does not bar it: it is the one that must answer.
    """
    focal_points = User.objects.with_role(Role.PSEA_FOCAL_POINT).filter(organisation=organisation_id)
    people = {user.pk: user for user in focal_points}
    keys = list(HandlerKey.objects.using(VAULT).of_people().filter(user_id__in=people))
    barred = {pk for pk, user in people.items() if pk in implicated.users or user.office_id in implicated.offices}
    if barred or investigation_only:
        keys = [key for key in keys if key.kind == KeyKind.INVESTIGATION]
    return [key for key in keys if key.user_id not in barred]


def people_of(keys: Iterable[HandlerKey]) -> list[User]:
    """The people behind keys, if their accounts are open and they still have a role in the vault."""
    ids = {key.user_id for key in keys}
    return list(User.objects.with_role(*IN_VAULT).filter(pk__in=ids))


def readers_of(case: SealedCase, *roles: Role) -> list[User]:
    """The people of these roles (any of the vault by default) whose living key opens something of the case."""
    wraps = case.wraps.using(VAULT).living().values_list("handler_key__user_id", flat=True)
    return list(User.objects.with_role(*(roles or tuple(IN_VAULT))).filter(pk__in=set(wraps)))


def on_call(implicated: Implicated) -> list[User]:
    """Whoever must be woken when nobody enrolled can open a fresh case."""
    people = User.objects.with_role(Role.PSEA_INTAKE_OFFICER, Role.PSEA_COORDINATOR)
    return [user for user in people if implicated.spares(user)]


def tell(people: Iterable[User], notice: Notice, *about: object, at: datetime | None = None) -> None:
    """Sends the fixed sentence to each, once per thing it is about; nothing for what is no news any more."""
    if at is None or timezone.now() - at < STILL_NEWS:
        notify(people, notice, dedupe_key=notice_key(*about), is_urgent=True)


def _spared(role: Role, by_user: dict[int, HandlerKey], implicated: Implicated) -> list[User]:
    return [user for user in User.objects.with_role(role).filter(pk__in=by_user) if implicated.spares(user)]
