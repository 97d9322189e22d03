"""Who is left out of a matter: never told, never suggested, never shown it."""

from __future__ import annotations

from dataclasses import dataclass, field

from directory.models import User


@dataclass(frozen=True)
class Implicated:
    """Ids of the organisations, offices and people that a matter implicates."""

    organisations: frozenset[int] = field(default_factory=frozenset)
    offices: frozenset[int] = field(default_factory=frozenset)
    users: frozenset[int] = field(default_factory=frozenset)

    def spares(self, user: User) -> bool:
        """Whether this person may have to do with the matter."""
        return (
            user.organisation_id not in self.organisations
            and user.office_id not in self.offices
            and user.pk not in self.users
        )

    def is_within(self, other: Implicated) -> bool:
        """Whether `other` leaves out all whom this one leaves out."""
        return self.organisations <= other.organisations and self.offices <= other.offices and self.users <= other.users


NOBODY = Implicated()
