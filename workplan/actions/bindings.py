"""Which measure of the platform an indicator is counted by, and over what."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.transitions import Refused
from directory.models import User
from workplan.actions.plans import rewrite
from workplan.bindings import Binding
from workplan.document.elements import plan_of
from workplan.models import Indicator


@transaction.atomic
def bind(indicator_id: int, binding: Binding | None, *, reason: str, by: User, about_nobody: bool = False) -> Indicator:
    """Binds an indicator to a measure, from the next closing on; None: typed by hand again. For its verifier.

    It is a change of the plan, and stands in its history. What was reported stays as it was counted. Raises Refused:
    not theirs, no reason, a measure that does not fit; SaysTooMuch; Indicator.DoesNotExist.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator_id)
    if not Indicator.objects.verified_by(by).filter(pk=indicator_id).exists():
        raise Refused(_("Qui vérifie cet indicateur dit comment il se compte."))
    if binding is not None:
        _check(indicator, binding)
    values = {
        "measure": binding.measure.name if binding else "",
        "over": dict(binding.over) if binding else {},
        "share_over": dict(binding.share_over) if binding else {},
    }
    if rewrite(plan_of(indicator), indicator, values, reason=reason, by=by, about_nobody=about_nobody) is None:
        raise Refused(_("Rien n’est changé."))
    return indicator


def _check(indicator: Indicator, binding: Binding) -> None:
    if indicator.keeps_register or indicator.consolidation:
        raise Refused(_("Cet indicateur se compte d’un registre ou de plusieurs parts : qu’il cesse d’abord."))
    reason = binding.why_not(indicator.kind, indicator.aggregate)
    if reason is not None:
        raise Refused(reason)
