"""Who is told and who can read: the people of the vault, between the directory and the handlers' keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from directory.implicated import Implicated
from directory.models import DutyWeek, User
from directory.notices import Notice, notify, present
from directory.roles import HOLDS_KEY, IN_VAULT, Role
from psea.databases import INTAKE, VAULT
from psea.enums import Part
from psea.facts import Guard
from psea.models import HandlerKey, SealedCase
from psea.rights import is_by_hand
from psea.rota import in_conflict, pair_of, turn_at
from psea.tags import notice_key
from psea.trust import INVESTIGATION, Approved, approved_for, approved_keys, recovery_keys
from psea.wraps import EVERYTHING, FACTS_ONLY, readers_among

OFFICER, COORDINATOR = Role.PSEA_INTAKE_OFFICER, Role.PSEA_COORDINATOR
# An act entered long after it happened calls nobody out of bed.
STILL_NEWS = timedelta(days=1)


@dataclass(frozen=True)
class FreshReaders:
    """Who a fresh case is wrapped to: officers and recovery to all of it, the coordination to the facts.

    `called`: those of the officers who are called first; the others follow when nobody opened (`psea.clocks`).
    """

    officers: Sequence[Approved]
    recovery: Sequence[Approved]
    coordination: Sequence[Approved]
    called: Sequence[Approved] = ()

    def with_parts(self) -> list[tuple[Approved, tuple[Part, ...]]]:
        everything = [(key, EVERYTHING) for key in (*self.officers, *self.recovery)]
        return [*everything, *((key, FACTS_ONLY) for key in self.coordination)]


def fresh_readers(implicated: Implicated, concerned: int | None = None) -> FreshReaders:
    """The readers of a fresh case: the two of this week whom it spares, or others in their place.

    Without a rota for this week, every officer who is there; if none is, those away too.
    """
    keys = approved_keys(INTAKE)
    as_officers, as_coordination = (approved_for(role, keys) for role in (OFFICER, COORDINATOR))
    officers = fit_officers(as_officers, implicated, concerned)
    turn = turn_at(timezone.now())
    on_duty = _on_duty(officers, turn)
    coordination = [user for user in _spared(COORDINATOR, as_coordination, implicated) if user not in on_duty]
    return FreshReaders(
        officers=[as_officers[user.pk] for user in on_duty],
        recovery=recovery_keys(keys),
        coordination=[as_coordination[user.pk] for user in coordination],
        called=[as_officers[user.pk] for user in (on_duty[:1] if turn is not None else on_duty)],
    )


def fit_officers(by_user: Iterable[int], implicated: Implicated, concerned: int | None) -> list[User]:
    """Officers among these people whom the matter does not name, and who declared no conflict with whom it names."""
    barred = in_conflict({*implicated.organisations, *([concerned] if concerned is not None else [])})
    return [user for user in _spared(OFFICER, by_user, implicated) if user.pk not in barred]


def stand_in(staying: Sequence[User], implicated: Implicated, concerned: int | None) -> list[Approved]:
    """The keys of officers who make those that stay two people of two organisations, those on duty first."""
    by_user = approved_for(OFFICER, approved_keys())
    officers = fit_officers(by_user, implicated, concerned)
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


def entity_keys(organisation_id: int, guard: Guard, among: Sequence[Approved] | None = None) -> list[Approved]:
    """The keys of an entity's habilitated people, for a transmission: of that organisation when they were approved.

    `among`: the approved keys, where the caller has them.

    When one of its focal points, their office or its direction is implicated, its investigation function alone
    (DESIGN §4). The entity itself being implicated does not bar it: it is the one that must answer.
    """
    focal_points = User.objects.with_role(Role.PSEA_FOCAL_POINT).filter(organisation=organisation_id)
    people = {user.pk: user for user in focal_points}
    barred = {pk for pk, user in people.items() if is_barred_by_name(user, guard)}
    wanted = INVESTIGATION if barred or organisation_id in guard.heads else Role.PSEA_FOCAL_POINT
    keys = approved_for(wanted, approved_keys() if among is None else among)
    return [
        key
        for pk, key in keys.items()
        if pk in people and pk not in barred and key.key.organisation_id == organisation_id
    ]


def people_of(keys: Iterable[Approved | HandlerKey]) -> list[User]:
    """The people behind keys, if their accounts are open and they still have a role in the vault."""
    ids = {key.user_id for key in keys}
    return list(User.objects.with_role(*IN_VAULT).filter(pk__in=ids))


def keys_of(users: Iterable[User]) -> list[HandlerKey]:
    """Every key that these people have, or ever had."""
    return list(HandlerKey.objects.using(VAULT).filter(user_id__in=[user.pk for user in users]))


def readers_of(case: SealedCase, *roles: Role) -> list[User]:
    """The people of these roles (any of the vault by default) whose living key opens something of the case."""
    keys = readers_among(case.pk, HandlerKey.objects.using(VAULT).of_people())
    return list(User.objects.with_role(*(roles or tuple(IN_VAULT))).filter(pk__in={key.user_id for key in keys}))


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


def everyone_to_ring(case: SealedCase) -> list[User]:
    """Those of `with_coordination`, then the custodians of recovery, who together can open it to somebody else."""
    return [*with_coordination(case), *User.objects.with_role(Role.RECOVERY_CUSTODIAN)]


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
    return [user for user in people if (there := present(user)) is not None and there.has_role(*HOLDS_KEY)]


def _spared(role: Role, by_user: Iterable[int], implicated: Implicated) -> list[User]:
    return [user for user in User.objects.with_role(role).filter(pk__in=list(by_user)) if implicated.spares(user)]
