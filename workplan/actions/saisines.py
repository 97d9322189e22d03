"""Trigger factors of a saisine: set and ended by the working group; a proposal that is looked at and set aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.transitions import Refused
from directory.models import Place, User
from directory.roles import Role
from workplan.models import SetAside, TriggerFactor
from workplan.public_words import check_public
from workplan.querysets import PLAN_KEEPERS

ASIDE_DAYS = 30


@transaction.atomic
def set_factor(factor: TriggerFactor, *, by: User, at: datetime | None = None) -> TriggerFactor:
    """Writes down a factor. Raises Refused: not theirs; a category and a level at once; a threshold so low that its
    proposal would show a few.
    """
    _check(by, Role.WORKING_GROUP)
    if factor.category_id and factor.level is not None:
        raise Refused(_("Choisissez une catégorie ou un niveau de gravité : une catégorie a le sien."))
    if factor.threshold < settings.SMALL_CELL:
        least = {"least": settings.SMALL_CELL}
        raise Refused(_("À moins de %(least)s dossiers, une proposition désignerait quelqu’un.") % least)
    check_public(factor.title)
    factor.set_by, factor.set_at = by, at or timezone.now()
    factor.save(force_insert=True)
    audit.record("workplan.factor.set", by=by, target=factor, at=at, threshold=factor.threshold, days=factor.days)
    return factor


@transaction.atomic
def end_factor(factor_id: int, *, by: User, at: datetime | None = None) -> None:
    """It proposes nothing more; another one takes its place if wanted. Raises Refused, TriggerFactor.DoesNotExist."""
    _check(by, Role.WORKING_GROUP)
    factor = TriggerFactor.objects.select_for_update().get(pk=factor_id, ended_at=None)
    factor.ended_by, factor.ended_at = by, at or timezone.now()
    factor.save(update_fields=["ended_by", "ended_at"])
    audit.record("workplan.factor.end", by=by, target=factor, at=at)


@transaction.atomic
def set_proposal_aside(
    factor_id: int, place: Place | None, *, reason: str, by: User, at: datetime | None = None
) -> SetAside:
    """Looked at and not taken up, with why; asked again in a month. Raises Refused, TriggerFactor.DoesNotExist."""
    _check(by, *PLAN_KEEPERS)
    if not reason.strip():
        raise Refused(_("Dites pourquoi cette proposition n’est pas retenue."))
    check_public(reason)
    factor = TriggerFactor.objects.get(pk=factor_id, ended_at=None)
    moment = at or timezone.now()
    until = timezone.localdate(moment) + timedelta(days=ASIDE_DAYS)
    aside = SetAside.objects.create(
        factor=factor, place=place, reason=reason.strip()[:300], until=until, by=by, at=moment
    )
    audit.record("workplan.factor.set_aside", by=by, target=factor, at=at, place=place.pcode if place else "")
    return aside


def _check(by: User, *roles: Role) -> None:
    if not by.has_role(*roles):
        raise Refused(_("Votre rôle ne permet pas cet acte."))
