"""Who can act in an invented story: asked of the product's own rules, and remembered."""

from __future__ import annotations

from functools import cached_property
from random import Random

from directory.implicated import Implicated
from directory.models import Organisation, Place, User
from directory.roles import Role
from feedback.models import Case
from referrals.people import receiving_role

BY_SECTOR = {
    "food_security": ("PAM", "OIM", "JAM"),
    "shelter": ("HCR", "OIM", "NRC"),
    "wash": ("UNICEF", "CRM", "NRC"),
    "nutrition": ("UNICEF", "PAM"),
    "health": ("UNFPA", "CRM"),
    "education": ("NRC", "UNICEF"),
    "protection": ("HCR", "NRC", "DRC", "Cluster Protection"),
    "recovery": ("DRC", "ASD"),
    "coordination": ("OCHA", "HCR"),
    "logistics": ("OCHA", "PAM"),
}


class World:
    """The invented people and places, read once."""

    def __init__(self) -> None:
        self.places = {place.pcode: place for place in Place.objects.select_related("parent")}
        self.organisations = {one.acronym: one for one in Organisation.objects.all()}
        people = User.objects.active().select_related("organisation", "office", "deputy").order_by("pk")
        self._people = list(people.prefetch_related("role_rows", "place_scope"))

    def with_role(self, role: Role, place: Place | None = None, organisation: Organisation | None = None) -> list[User]:
        """People of this role who answer for the place, those nearest to it first."""
        found = [
            user
            for user in self._people
            if role in user.roles and user.covers(place) and organisation in (None, user.organisation)
        ]
        return sorted(found, key=lambda user: (not user.pcodes, user.pk))

    def operator(self, place: Place | None, rng: Random) -> User:
        return rng.choice(self.with_role(Role.OPERATOR, place))

    @cached_property
    def receivers(self) -> list[Organisation]:
        """Organisations with somebody to receive ordinary matters, in order."""
        with_someone = {user.organisation_id for user in self._people if Role.FOCAL_POINT in user.roles}
        return [one for one in self.organisations.values() if one.pk in with_someone]

    def concerned(self, sector: str, rng: Random) -> Organisation:
        """Who must answer for a matter of this sector."""
        names = BY_SECTOR.get(sector, ("OCHA",))
        known = [self.organisations[name] for name in names if self.organisations[name] in self.receivers]
        return rng.choice(known or self.receivers)

    def recipients(self, case: Case) -> list[User]:
        """The named people of a restricted case, none of whom it implicates."""
        role = receiving_role(case.lane, case.restricted_kind)
        implicated = case.implicated()
        return [user for user in self.with_role(role, case.place) if implicated.spares(user)]

    def receiver(
        self, case: Case, sender: User, rng: Random, *, but: Organisation | None = None
    ) -> Organisation | None:
        """To whom this person would send it: who must answer, else someone of the sector, else anyone who can."""
        implicated = case.implicated()
        able = [
            one
            for one in self.organisations.values()
            if one not in (sender.organisation, but)
            and one.pk not in implicated.organisations
            and self._holder(case, one, implicated) is not None
        ]
        if case.concerned in able:
            return case.concerned
        near = [one for one in able if one.acronym in BY_SECTOR.get(case.sector, ())]
        return rng.choice(near or able) if able else None

    def holder(self, case: Case, organisation: Organisation) -> User | None:
        """Who acts there for this case."""
        return self._holder(case, organisation, case.implicated())

    def _holder(self, case: Case, organisation: Organisation, implicated: Implicated) -> User | None:
        role = receiving_role(case.lane, case.restricted_kind)
        there = self.with_role(role, case.place, organisation)
        return next((user for user in there if implicated.spares(user)), None)
