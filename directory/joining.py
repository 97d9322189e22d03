"""Whether an organisation is in: what joining asks of it, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.fields import BooleanField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation, User
from directory.querysets import SIGNED
from directory.roles import Role

NEEDS: Mapping[str, Promise] = {
    "has_protocol": _("le protocole signé, avec sa date et sa version"),
    "has_focal_point": _("un point focal, et quelqu’un qui le supplée"),
    "has_psea": _("un point focal PEAS, ou la mention « PEAS couverte par les personnes de garde »"),
    "has_escalation": _("une personne responsable, à qui s’adresser quand une réponse tarde"),
}
# Whoever stands in must be able to: of the same organisation, and in the same role.
DEPUTY = {
    "deputy__is_active": True,
    "deputy__organisation": OuterRef("pk"),
    "deputy__role_rows__role": Role.FOCAL_POINT,
}


def with_joining(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Each row with the four needs as booleans, in the same query: read them with `missing_of`."""
    psea = Q(psea_covered_by_duty=True) | Q(_somebody(Role.PSEA_FOCAL_POINT))
    return rows.annotate(
        has_protocol=ExpressionWrapper(SIGNED, BooleanField()),
        has_focal_point=_somebody(Role.FOCAL_POINT, **DEPUTY),
        has_psea=ExpressionWrapper(psea, BooleanField()),
        has_escalation=_somebody(Role.AGENCY_MANAGER),
    )


def missing_of(row: Organisation) -> list[Promise]:
    """What a row of `with_joining` still lacks; empty when the organisation is in."""
    return [words for name, words in NEEDS.items() if not getattr(row, name)]


def _somebody(role: Role, **more: Any) -> Exists:
    people = User.objects.active().filter(organisation=OuterRef("pk"), role_rows__role=role, **more)
    return Exists(people)
