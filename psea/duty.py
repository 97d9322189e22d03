"""Who is told and who can read: the people of the vault, between the directory and the handlers' keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from directory.implicated import Implicated
from directory.models import DutyWeek, User
from directory.notices import Notice, notify, present
from directory.roles import IN_VAULT, Role
from psea.databases import INTAKE, VAULT
from psea.enums import KeyKind, Part
from psea.facts import Guard
from psea.models import HandlerKey, SealedCase
from psea.readers import EVERYTHING, FACTS_ONLY
from psea.rights import is_by_hand
from psea.rota import in_conflict, pair_of, turn_at
from psea.tags import notice_key

# An act entered long after it happened calls nobody out of bed.
STILL_NEWS = timedelta(days=1)
KEY_COLUMNS = ("id", "user_id", "organisation_id", "kind", "public_key")


@dataclass(frozen=True)
class FreshReaders:
    """Who a fresh case is wrapped to: officers and recovery to all of it, the coordination to the facts.

    `called`: those of the officers who are called first; the others follow when nobody opened (`psea.clocks`).
    """

    officers: Sequence[HandlerKey]
    recovery: Sequence[HandlerKey]
    coordination: Sequence[HandlerKey]
    called: Sequence[HandlerKey] = ()

    def with_parts(self) -> list[tuple[HandlerKey, tuple[Part, ...]]]:
        everything = [(key, EVERYTHING) for key in (*self.officers, *self.recovery)]
        return [*everything, *((key, FACTS_ONLY) for key in self.coordination)]


def fresh_readers(implicated: Implicated, concerned: int | None = None) -> FreshReaders:
    """The readers of a fresh case: the two of this week whom it spares, or others in their place.

    Without a rota for this week, every officer who is there; if none is, those away too.
    """
    keys = list(HandlerKey.objects.using(INTAKE).living().only(*KEY_COLUMNS))
    by_user = {key.user_id: key for key in keys if key.user_id is not None}
    officers = fit_officers(by_user, implicated, concerned)
    turn = turn_at(timezone.now())
    on_duty = _on_duty(officers, turn)
    coordination = [user for user in _spared(Role.PSEA_COORDINATOR, by_user, implicated) if user not in on_duty]
    return FreshReaders(
        officers=[by_user[user.pk] for user in on_duty],
        recovery=[key for key in keys if key.kind == KeyKind.RECOVERY],
        coordination=[by_user[user.pk] for user in coordination],
        called=[by_user[user.pk] for user in (on_duty[:1] if turn is not None else on_duty)],
    )


def fit_officers(by_user: Iterable[int], implicated: Implicated, concerned: int | None) -> list[User]:
    """Officers among these people whom the matter does not name, and who declared no conflict with whom it names."""
    barred = in_conflict({*implicated.organisations, *([concerned] if concerned is not None else [])})
    return [user for user in _spared(Role.PSEA_INTAKE_OFFICER, by_user, implicated) if user.pk not in barred]


def stand_in(staying: Sequence[User], implicated: Implicated, concerned: int | None) -> list[HandlerKey]:
    """The keys of officers who make those that stay two people of two organisations, those on duty first."""
    by_user = {key.user_id: key for key in HandlerKey.objects.using(VAULT).of_people()}
    officers = fit_officers([pk for pk in by_user if pk is not None], implicated, concerned)
    in_order = [*_on_duty(officers, turn_at(timezone.now())), *officers]
    return [by_user[user.pk] for user in pair_of(staying, in_order) if user not in staying]


def _on_duty(officers: Sequence[User], turn: DutyWeek | None) -> list[User]:
    present = [user for user in officers if not user.is_away]
    if turn is None:
        return present or list(officers)
    named = [user for pk in (turn.first_id, turn.second_id) for user in present if user.pk == pk]
    return pair_of(named, [*present, *officers])


def is_barred_by_name(user: User, guard: Guard) -> bool:
    """Whether this person or their office is implicated; being of the concerned entity alone is no reason."""
    return user.pk in guard.implicated.users or user.office_id in guard.implicated.offices


def entity_keys(organisation_id: int, guard: Guard) -> list[HandlerKey]:
    """The keys of an entity's habilitated people, for a transmission.

    When one of its focal points, their office or its direction is implicated, its investigation function alone
    (DESIGN §4). The entity itself being implicated does not bar it: it is the one that must answer.
    """
    focal_points = User.objects.with_role(Role.PSEA_FOCAL_POINT).filter(organisation=organisation_id)
    people = {user.pk: user for user in focal_points}
    keys = list(HandlerKey.objects.using(VAULT).of_people().filter(user_id__in=people))
    barred = {pk for pk, user in people.items() if is_barred_by_name(user, guard)}
    if barred or organisation_id in guard.heads:
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


def called_first(case: SealedCase) -> list[User]:
    """Whoever is called about a case that nobody opened: the first of its week who holds it, or else all who do."""
    holders = officers_of(case)
    turn = turn_at(case.state_since)
    for pk in (turn.first_id, turn.second_id) if turn is not None else ():
        if found := [user for user in holders if user.pk == pk and not user.is_away]:
            return found
    return holders


def officers_of(case: SealedCase) -> list[User]:
    return readers_of(case, Role.PSEA_INTAKE_OFFICER)


def coordination_of(case: SealedCase) -> list[User]:
    """The coordination that holds the facts; where nobody does, everyone of it, for somebody must know."""
    return readers_of(case, Role.PSEA_COORDINATOR) or list(User.objects.with_role(Role.PSEA_COORDINATOR))


def with_coordination(case: SealedCase) -> list[User]:
    return [*officers_of(case), *coordination_of(case)]


def entity_of(case: SealedCase) -> list[User]:
    """Who answers for the entity here; the officers where it was reached by hand."""
    return officers_of(case) if is_by_hand(case) else readers_of(case, Role.PSEA_FOCAL_POINT)


def entity_and_coordination(case: SealedCase) -> list[User]:
    return [*entity_of(case), *coordination_of(case)]


def on_call(implicated: Implicated, concerned: int | None = None) -> list[User]:
    """Whoever must be woken when nobody enrolled can open a fresh case."""
    people = User.objects.with_role(Role.PSEA_INTAKE_OFFICER, Role.PSEA_COORDINATOR)
    barred = in_conflict({*implicated.organisations, *([concerned] if concerned is not None else [])})
    return [user for user in people if implicated.spares(user) and user.pk not in barred]


def tell(people: Iterable[User], notice: Notice, *about: object, at: datetime | None = None) -> None:
    """Sends the fixed sentence to each, once per thing it is about; nothing for what is no news any more."""
    if at is None or timezone.now() - at < STILL_NEWS:
        notify(_who_can_act(people), notice, dedupe_key=notice_key(*about), is_urgent=True)


def _who_can_act(people: Iterable[User]) -> list[User]:
    """A stand-in outside the vault would find nothing that waits, and so learn that something sealed does."""
    return [user for user in people if (there := present(user)) is not None and there.has_role(*IN_VAULT)]


def _spared(role: Role, by_user: Iterable[int], implicated: Implicated) -> list[User]:
    return [user for user in User.objects.with_role(role).filter(pk__in=list(by_user)) if implicated.spares(user)]
