"""How people, organisations, places and services are found."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.sheet_files import CheckedFileQuerySet
from directory.enums import OrganisationKind
from directory.roles import IN_VAULT, Role

if TYPE_CHECKING:
    from directory.models import (
        Intervention,  # noqa: F401  names a base below, as Service does
        InterventionFile,
        Office,
        Organisation,
        PartnerLink,  # noqa: F401
        Place,
        Service,  # noqa: F401
        User,
    )


# Who takes in 5W files: for every organisation, or for their own.
IMPORTING = (Role.WORKING_GROUP, Role.ADMINISTRATOR, Role.AGENCY_MANAGER)


class PlaceQuerySet(models.QuerySet["Place"]):
    def regions(self) -> Self:
        return self.filter(level=1)

    def cercles(self) -> Self:
        return self.filter(level=2).select_related("parent")

    def region_codes(self) -> dict[str, str]:
        """By P-code, that of the region it is in, or is: how long a code is differs by country. "", no place, is in
        none.
        """
        rows = self.order_by().values_list("pcode", Coalesce("parent__pcode", "pcode"))
        return {"": "", **dict(rows)}


# Its protocol is recorded as signed, with its date and version
SIGNED = Q(protocol_signed_on__isnull=False) & ~Q(protocol_version="")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def receivers(self) -> Self:
        """Those a referral can be sent to: who signed the protocol, and has somebody here for it."""
        rows = self.active().signed().filter(people__is_active=True, people__role_rows__role=Role.FOCAL_POINT)
        return rows.distinct()

    def signed(self) -> Self:
        """Those whose signed protocol is recorded, with its date and version."""
        return self.filter(SIGNED)

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

    def stale(self, today: date) -> Self:
        """Those that nobody vouches for any more."""
        return self.filter(valid_until__lt=today, organisation__is_active=True)

    def in_public(self) -> Self:
        """What may be printed for everyone: one comes by oneself, there is room, and the place is no secret."""
        return self.current().filter(is_sensitive=False, accepts_self_referral=True, has_capacity=True)

    def around(self, place: Place) -> Self:
        """Those of this place: of the cercle and its region; of a region, everywhere in it. None that says nowhere."""
        here = [place.pk, *([place.parent_id] if place.parent_id is not None else [])]
        return self.filter(Q(places__in=here) | Q(places__parent=place)).distinct()

    def visible_to(self, user: User) -> Self:
        """Confidential sites are for those who send people there, protection focal points and vault roles, and for
        the focal points and managers of whoever runs them."""
        if user.has_role(*IN_VAULT, Role.PROTECTION_FOCAL_POINT):
            return self
        if user.has_role(Role.FOCAL_POINT, Role.AGENCY_MANAGER):
            return self.filter(Q(is_sensitive=False) | Q(organisation=user.organisation_id))
        return self.filter(is_sensitive=False)


class PartnerLinkQuerySet(models.QuerySet["PartnerLink"]):
    def in_force(self, today: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


class InterventionFileQuerySet(CheckedFileQuerySet["InterventionFile"]):
    def visible_to(self, user: User) -> Self:
        """One's own, for as long as one may take files in."""
        return self.filter(owner=user) if user.has_role(*IMPORTING) else self.none()


class InterventionQuerySet(models.QuerySet["Intervention"]):
    def visible_to(self, user: User) -> Self:
        """What agencies publish of their work: for all staff."""
        return self.filter(organisation__is_active=True) if user.is_active else self.none()

    def active_around(self, place: Place, sector: str, today: date) -> Self:
        """What runs today in this sector and cercle; of a region, anywhere in it."""
        rows = self.filter(Q(place=place) | Q(place__parent=place), sector=sector)
        return rows.filter(Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))

    def last_told(self) -> dict[int, datetime]:
        """By organisation, when a file last said so of any of these rows."""
        told = Coalesce("seen_in__uploaded_at", "changed_at")
        rows = self.order_by().values("organisation_id").annotate(told_at=Max(told))
        return {row["organisation_id"]: row["told_at"] for row in rows}

    def of_source_of(self, file: InterventionFile) -> Self:
        """What files of this name, of this organisation, brought; of an agency's own file, its own rows."""
        rows = self.filter(source=file.owner.organisation_id, source_name=file.source_name)
        return rows if may_import_for_all(file.owner) else rows.filter(organisation=file.owner.organisation_id)


def may_import_for_all(user: User) -> bool:
    """Whether a 5W file of theirs may speak of every organisation; an agency's own speaks of that agency."""
    return user.has_role(Role.WORKING_GROUP, Role.ADMINISTRATOR)
