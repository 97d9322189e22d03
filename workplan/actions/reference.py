"""Reference figures: how many people there are, or are assisted, according to whom and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.roles import Role
from workplan.enums import Part
from workplan.models import ReferenceFigure, ReferenceShare
from workplan.reference_file import Figure
from workplan.reference_shares import WHOLE, ShareFigure


@transaction.atomic
def keep_reference(figures: Sequence[Figure], *, basis: str, source: str, as_of: date, by: User) -> int:
    """Keeps these figures at their date; the same place, group and date again replaces. Out: how many.

    Raises Refused: no source, or a date to come.
    """
    _check(by, source, as_of)
    now = timezone.now()
    for one in figures:
        ReferenceFigure.objects.update_or_create(
            basis=basis,
            place=one.place,
            sex=one.sex,
            age_group=one.age_group,
            as_of=as_of,
            defaults={"count": one.count, "source": source.strip(), "entered_by": by, "entered_at": now},
        )
    audit.record("workplan.reference.keep", by=by, count=len(figures), basis=basis, as_of=as_of.isoformat())
    return len(figures)


@transaction.atomic
def keep_shares(shares: Sequence[ShareFigure], *, basis: str, source: str, as_of: date, by: User) -> int:
    """As `keep_reference`, for shares of languages and channels. Raises Refused; also when languages pass 100 %."""
    _check(by, source, as_of)
    if sum(one.percent for one in shares if one.part == Part.LANGUAGE) > WHOLE:
        raise Refused(_("Les parts des langues dépassent 100 %. Chaque personne compte une fois : sa première langue."))
    now = timezone.now()
    for one in shares:
        ReferenceShare.objects.update_or_create(
            basis=basis,
            part=one.part,
            value=one.value,
            as_of=as_of,
            defaults={"percent": one.percent, "source": source.strip(), "entered_by": by, "entered_at": now},
        )
    audit.record("workplan.reference.keep_shares", by=by, count=len(shares), basis=basis, as_of=as_of.isoformat())
    return len(shares)


def _check(by: User, source: str, as_of: date) -> None:
    if not by.has_role(Role.WORKING_GROUP):
        raise Refused(_("Votre rôle ne permet pas cet acte."))
    if not source.strip():
        raise Refused(_("Dites d’où viennent ces chiffres."))
    if as_of > timezone.localdate():
        raise Refused(_("Cette date est à venir."))
