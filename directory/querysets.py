"""How people, organisations, places and services are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.enums import OrganisationKind
from directory.roles import IN_VAULT, RESTRICTED_ROLES, Role

if TYPE_CHECKING:
    from directory.models import Office, Organisation, Place, Service, User  # noqa: F401  Service names a base below


class PlaceQuerySet(models.QuerySet["Place"]):
    def regions(self) -> Self:
        return self.filter(level=1)

    def cercles(self) -> Self:
        return self.filter(level=2).select_related("parent")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def receivers(self) -> Self:
        """Those a referral can be sent to."""
        return self.active().filter(people__is_active=True, people__role_rows__role=Role.FOCAL_POINT).distinct()

    def coordinators(self) -> Self:
        """Where a referral goes when nobody else can take it."""
        return self.active().filter(kind__in=[OrganisationKind.COMMON_SERVICE, OrganisationKind.CLUSTER])


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_role(
        self,
        *roles: Role,
        organisation: Organisation | None = None,
        office: Office | None = None,
        place: Place | None = None,
    ) -> Self:
        """Open accounts with any of these roles, of this organisation and office if given.

        `office` keeps those of that office and those of none. `place` keeps those whose zone covers it.
        """
        found = self.active().filter(role_rows__role__in=roles)
        if organisation is not None:
            found = found.filter(organisation=organisation)
        if office is not None:
            found = found.filter(Q(office=office) | Q(office=None))
        if place is not None:
            covering = Q(place_scope=None) | Q(place_scope=place) | Q(place_scope=place.parent_id)
            found = found.filter(covering)
        return found.distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """In: address, password (None: cannot sign in yet), fields of User. Out: the saved person."""
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        user: User = self.get(email__iexact=username)
        return user


class ServiceQuerySet(models.QuerySet["Service"]):
    def current(self) -> Self:
        """Those that somebody vouches for today."""
        return self.filter(valid_until__gte=timezone.localdate(), organisation__is_active=True)

    def visible_to(self, user: User) -> Self:
        """Confidential sites are for those who send people there: protection and vault roles."""
        if user.has_role(*IN_VAULT, *RESTRICTED_ROLES.values()):
            return self
        return self.filter(Q(is_sensitive=False) | Q(organisation=user.organisation_id))
