"""Whom a referral concerns on each side: who is told, and who can be made responsible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from core.actors import Actor
from directory.api_auth import Credential
from directory.enums import RestrictedKind
from directory.models import Office, Organisation, User
from directory.notices import Notice, notify, present
from directory.roles import RESTRICTED_ROLES, Role
from feedback.enums import Lane, Priority
from referrals.deadlines import rule_for
from referrals.enums import Side
from referrals.peers import living_at

if TYPE_CHECKING:
    from feedback.models import Case
    from referrals.models import Consent, Referral


def receiving_role(lane: str, restricted_kind: str) -> Role:
    """The role that answers for a matter of this lane and kind."""
    if lane == Lane.RESTRICTED:
        return RESTRICTED_ROLES[RestrictedKind(restricted_kind)]
    return Role.FOCAL_POINT


def receivers_of(referral: Referral) -> list[User]:
    """Who can act for the receiver: its focal points of this lane, place and office, nobody implicated.

    On paper it is the sender's people who note what the receiver says; elsewhere, they follow what comes back.
    """
    if referral.is_on_paper or referral.is_elsewhere:
        return senders_of(referral)
    return _spared(referral, _people(referral, referral.receiver, referral.receiver_office))


def senders_of(referral: Referral) -> list[User]:
    """Who can act for the sender: whoever sent it if they still may, else its focal points and who listens there."""
    author = referral.created_by
    if author is not None and Side.SENDER in _sides(referral, author):
        return [author]
    return _spared(referral, _people(referral, referral.sender, None, Role.OPERATOR))


def above(referral: Referral, organisation: Organisation | None = None) -> list[User]:
    """Who is told when nobody of an organisation acts, the receiver by default: its managers.

    Of a restricted matter, which they may not know of, all who are named for its kind, there and at the sender's.
    """
    receiver, sender = organisation or referral.receiver, referral.sender
    if referral.case.lane == Lane.RESTRICTED:
        return _spared(referral, _people(referral, receiver, None) | _people(referral, sender, None))
    return _spared(referral, User.objects.with_role(Role.AGENCY_MANAGER, organisation=receiver))


def can_receive(case: Case, organisation: Organisation, office: Office | None) -> bool:
    """Whether the receiver signed the protocol, and has somebody who may take a matter of this lane, kind and place."""
    if not organisation.has_signed:
        return False
    role = receiving_role(case.lane, case.restricted_kind)
    people = User.objects.with_role(role, organisation=organisation, office=office, place=case.place)
    implicated = case.implicated()
    return any(implicated.spares(person) for person in people)


def goes_on_paper(case: Case, organisation: Organisation, office: Office | None) -> bool:
    """Whether the matter reaches this receiver by paper or telephone only: it did not sign, or has nobody here for it.

    Never a restricted matter, which is handed over by voice or on the pathway's own form (DESIGN §4); nor where it
    reaches them in another installation.
    """
    if case.lane != Lane.ORDINARY or living_at(organisation) is not None:
        return False
    return not can_receive(case, organisation, office)


def tell_receiver(referral: Referral, notice: Notice = Notice.ACT) -> None:
    """A notice without content to whoever must act for the receiver.

    Elsewhere they are told by their own system.
    """
    if not referral.is_elsewhere:
        tell(referral, in_charge(referral), notice)


def in_charge(referral: Referral) -> list[User]:
    """The responsible person, once there is one and while the matter is not kept from them; else who can act."""
    person = referral.responsible
    return [person] if person is not None and Side.RECEIVER in _sides(referral, person) else receivers_of(referral)


def tell_sender(referral: Referral, notice: Notice = Notice.ACT) -> None:
    """A notice without content to whoever must act for the sender."""
    tell(referral, senders_of(referral), notice)


def tell(referral: Referral, people: Iterable[User], notice: Notice, dedupe_key: str | None = None) -> list[User]:
    """Tells these, or who stands in for them; returns who was told. At once, and at any hour, when it is urgent.

    Nobody whom the case implicates is reached as a deputy, nor anybody not named for a restricted matter.
    """
    standing = [each for each in map(present, people) if each is not None]
    if referral.case.lane == Lane.RESTRICTED:
        role = receiving_role(referral.case.lane, referral.case.restricted_kind)
        standing = [each for each in standing if each.has_role(role)]
    is_urgent = notice != Notice.INFO and _is_urgent(referral)
    return notify(_spared(referral, standing), notice, dedupe_key=dedupe_key, is_urgent=is_urgent)


def _is_urgent(referral: Referral) -> bool:
    """Whether what it waits for now is promised round the clock."""
    if referral.priority != Priority.NORMAL:
        return True
    clock = referral.running_clock
    rule = rule_for(referral, clock) if clock is not None else None
    return rule is not None and rule.around_the_clock


def _people(referral: Referral, organisation: Organisation, office: Office | None, *more: Role) -> QuerySet[User]:
    """Those of the matter's own role and place; `more` roles, of an ordinary one."""
    case = referral.case
    roles = [receiving_role(case.lane, case.restricted_kind), *(more if case.lane == Lane.ORDINARY else ())]
    people: QuerySet[User] = User.objects.with_role(
        *roles, organisation=organisation, office=office, place=referral.place
    )
    return people


def _sides(referral: Referral, person: User) -> frozenset[Side]:
    return type(referral).objects.sides_of(referral, person)


def _spared(referral: Referral, people: Iterable[User]) -> list[User]:
    """Without those whom the case implicates."""
    implicated = referral.case.implicated()
    return [person for person in people if implicated.spares(person)]


def reviewers_of(consent: Consent, by: Actor) -> list[User]:
    """Who looks again at what was passed on without consent: of the same organisation, and never whoever did it.

    Managers of ordinary matters; of restricted ones, those who are named for their kind. Nobody whom it implicates.
    Where the organisation has nobody else, the working group, or others of that kind; not of the receiver.
    """
    if not isinstance(by, User | Credential):
        return []
    role = RESTRICTED_ROLES[RestrictedKind(consent.kept_kind)] if consent.kept_kind else Role.AGENCY_MANAGER
    implicated = consent.case.implicated()
    at_home = User.objects.with_role(role, organisation=by.organisation)
    others = User.objects.exclude(organisation=consent.receiver)
    elsewhere = others.with_role(role if consent.kept_kind else Role.WORKING_GROUP)
    found = ([one for one in people if implicated.spares(one) and one != by] for people in (at_home, elsewhere))
    return next((people for people in found if people), [])


def colleagues_of(user: User) -> QuerySet[User]:
    """Who can be made responsible beside this person: the same organisation, with the same kinds of roles."""
    roles = [role for role in (Role.FOCAL_POINT, *RESTRICTED_ROLES.values()) if user.has_role(role)]
    people: QuerySet[User] = User.objects.with_role(*roles, organisation=user.organisation)
    return people.order_by("name")
