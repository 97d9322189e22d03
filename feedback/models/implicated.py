from __future__ import annotations

import secrets

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from directory.models import Office, Organisation, User
from feedback.models.case import Case

# Above what a counter of these rows ever reached.
_FIRST_DRAWN, _BEYOND = 2**32, 2**63


def drawn_id() -> int:
    """An id that follows no other: a gap in a count would tell a copy that a case left for the vault with its rows."""
    return _FIRST_DRAWN + secrets.randbelow(_BEYOND - _FIRST_DRAWN)


class CaseImplicated(models.Model):
    """An organisation, an office or a person that the matter implicates: left out of everything about it."""

    id = models.BigIntegerField(primary_key=True, default=drawn_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="implicated_rows")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False, office__isnull=True, user__isnull=True)
                | models.Q(organisation__isnull=True, office__isnull=False, user__isnull=True)
                | models.Q(organisation__isnull=True, office__isnull=True, user__isnull=False),
                name="implicated_is_one_of_three",
                violation_error_message=_("Choisissez une organisation, un bureau ou une personne."),
            ),
            models.UniqueConstraint(
                "case",
                Coalesce("organisation", 0),
                Coalesce("office", 0),
                Coalesce("user", 0),
                name="implicated_once",
                violation_error_message=_("Cette mise en cause est déjà notée."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.office or self.user)
