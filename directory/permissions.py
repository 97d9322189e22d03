"""Who keeps the directory: administrators all of it, agency managers their own agency's part."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from directory.models import Organisation, Service, User
from directory.roles import CONFIDENTIAL, Role

# Roles that an agency gives to its own people; the others are given by an administrator.
GIVEN_BY_AGENCIES = (Role.OPERATOR, Role.FOCAL_POINT, Role.WORKPLAN_LEAD)

# Those who meet people, and those who keep what is told to them.
PRINTING_SERVICES = (
    Role.WORKING_GROUP,
    Role.ADMINISTRATOR,
    Role.OPERATOR,
    Role.AGENCY_MANAGER,
    Role.FOCAL_POINT,
)


def keeps_directory(user: User) -> bool:
    """Whether any page of the directory's settings is theirs."""
    return user.has_role(Role.ADMINISTRATOR, Role.AGENCY_MANAGER, Role.WORKING_GROUP)


def organisations_kept_by(user: User) -> QuerySet[Organisation]:
    """Organisations whose record, offices and people this person may change."""
    if user.has_role(Role.ADMINISTRATOR):
        return Organisation.objects.all()
    if user.has_role(Role.AGENCY_MANAGER):
        return Organisation.objects.filter(pk=user.organisation_id)
    return Organisation.objects.none()


def people_kept_by(user: User) -> QuerySet[User]:
    """People whose account this person may change. An agency does not touch who holds a confidential role."""
    people: QuerySet[User] = User.objects.filter(organisation__in=organisations_kept_by(user))
    if user.has_role(Role.ADMINISTRATOR):
        return people
    return people.exclude(role_rows__role__in=CONFIDENTIAL)


def may_add_service(user: User) -> bool:
    """Whether this person may add a service: their agency's, or anyone's for an administrator or the working group."""
    return user.has_role(Role.ADMINISTRATOR, Role.WORKING_GROUP, Role.AGENCY_MANAGER, Role.FOCAL_POINT)


def may_print_services(user: User) -> bool:
    """Whether the sheet of services for communities is theirs to print."""
    return user.has_role(*PRINTING_SERVICES)


def services_kept_by(user: User) -> QuerySet[Service]:
    """Of the services this person may see, those they may change: their agency's, or everyone's for an administrator or
    the working group."""
    seen: QuerySet[Service] = Service.objects.visible_to(user)
    if user.has_role(Role.ADMINISTRATOR, Role.WORKING_GROUP):
        return seen
    if user.has_role(Role.AGENCY_MANAGER, Role.FOCAL_POINT):
        return seen.filter(organisation=user.organisation_id)
    return Service.objects.none()


def stale_of(user: User) -> QuerySet[Service]:
    """Services of their own agency that this person keeps, and that nobody vouches for any more."""
    kept: QuerySet[Service] = Service.objects.stale(timezone.localdate()).filter(organisation=user.organisation_id)
    return kept.filter(pk__in=services_kept_by(user).values("pk"))


def roles_given_by(user: User) -> tuple[Role, ...]:
    """Roles this person may give to others."""
    if user.has_role(Role.ADMINISTRATOR):
        return tuple(role for role in Role if role != Role.INTEGRATION)
    return GIVEN_BY_AGENCIES
