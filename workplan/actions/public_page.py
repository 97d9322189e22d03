"""The public page of a plan: opened and closed by the working group, for all to see by whom."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.transitions import Refused
from directory.models import User
from workplan.models import Plan, PublicSwitch
from workplan.querysets import opens_plans


@transaction.atomic
def open_to_public(plan_id: int, *, is_open: bool, by: User, at: datetime | None = None) -> PublicSwitch | None:
    """Opens the page, or closes it. Out: the switch; None where it stood so already.

    Raises Refused for whoever is not of the working group, Plan.DoesNotExist.
    """
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if not opens_plans(by):
        raise Refused(_("Le groupe de travail ouvre et ferme la page publique d’un plan."))
    if Plan.objects.public().filter(pk=plan_id).exists() == is_open:
        return None
    row = PublicSwitch.objects.create(plan=plan, is_open=is_open, by=by, at=at or timezone.now())
    audit.record("workplan.plan.open_to_public" if is_open else "workplan.plan.close_to_public", by=by, target=plan)
    return row
