"""Whom a referral concerns on each side: who is told, and who can be made responsible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from core.actors import Actor
from directory.api_auth import Credential
from directory.enums import RestrictedKind
from directory.models import Office, Organisation, User
from directory.notices import Notice, notify
from directory.roles import RESTRICTED_ROLES, Role
from feedback.enums import Lane

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

    On paper it is the sender's people who note what the receiver says.
    """
    if referral.is_on_paper:
        return senders_of(referral)
    return _spared(referral, _people(referral, referral.receiver, referral.receiver_office))


def senders_of(referral: Referral) -> list[User]:
    """Who can act for the sender: whoever sent it if still there, else its focal points."""
    author = referral.created_by
    if author is not None and author.is_active and author.organisation_id == referral.sender_id:
        return _spared(referral, [author])
    return _spared(referral, _people(referral, referral.sender, None))


def managers_of(organisation: Organisation, referral: Referral) -> list[User]:
    """The managers of an agency, for a notice without content."""
    return _spared(referral, User.objects.with_role(Role.AGENCY_MANAGER, organisation=organisation))


def can_receive(case: Case, organisation: Organisation, office: Office | None) -> bool:
    """Whether the receiver has somebody who may take a matter of this lane, kind and place."""
    role = receiving_role(case.lane, case.restricted_kind)
    people = User.objects.with_role(role, organisation=organisation, office=office, place=case.place)
    implicated = case.implicated()
    return any(implicated.spares(person) for person in people)


def goes_on_paper(case: Case, organisation: Organisation, office: Office | None) -> bool:
    """Whether the matter reaches this receiver by paper or telephone only: nobody of theirs is here for it.

    Never a restricted matter, which is handed over by voice or on the pathway's own form (DESIGN §4).
    """
    return case.lane == Lane.ORDINARY and not can_receive(case, organisation, office)


def tell_receiver(referral: Referral, notice: Notice = Notice.ACT) -> None:
    """A notice without content to whoever must act for the receiver: the responsible person once there is one."""
    person = referral.responsible
    notify(_spared(referral, [person]) if person is not None else receivers_of(referral), notice)


def tell_sender(referral: Referral, notice: Notice = Notice.ACT) -> None:
    """A notice without content to whoever must act for the sender."""
    notify(senders_of(referral), notice)


def _people(referral: Referral, organisation: Organisation, office: Office | None) -> QuerySet[User]:
    role = receiving_role(referral.case.lane, referral.case.restricted_kind)
    people: QuerySet[User] = User.objects.with_role(
        role, organisation=organisation, office=office, place=referral.place
    )
    return people


def _spared(referral: Referral, people: Iterable[User]) -> list[User]:
    """Without those whom the case implicates; nor may their deputy be reached through them."""
    implicated = referral.case.implicated()
    return [person for person in people if implicated.spares(person)]


def reviewers_of(consent: Consent, by: Actor) -> list[User]:
    """Who looks again at what was passed on without consent: of the same organisation, and never whoever did it.

    Managers of ordinary matters; of restricted ones, those who are named for their kind. Nobody whom it implicates.
    """
    if not isinstance(by, User | Credential):
        return []
    role = RESTRICTED_ROLES[RestrictedKind(consent.kept_kind)] if consent.kept_kind else Role.AGENCY_MANAGER
    implicated = consent.case.implicated()
    people = User.objects.with_role(role, organisation=by.organisation).exclude(pk=consent.recorded_by_id)
    return [person for person in people if implicated.spares(person)]


def colleagues_of(user: User) -> QuerySet[User]:
    """Who can be made responsible beside this person: the same organisation, with the same kinds of roles."""
    roles = [role for role in (Role.FOCAL_POINT, *RESTRICTED_ROLES.values()) if user.has_role(role)]
    people: QuerySet[User] = User.objects.with_role(*roles, organisation=user.organisation)
    return people.order_by("name")
