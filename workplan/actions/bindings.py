"""Which measure of the platform an indicator is counted by, and over what."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.transitions import Refused
from directory.models import User
from workplan.bindings import Binding
from workplan.enums import Source
from workplan.models import Indicator


@transaction.atomic
def bind(indicator_id: int, binding: Binding | None, *, by: User) -> Indicator:
    """Binds an indicator to a measure, from the next closing on; None: typed by hand again. For its verifier.

    What was reported stays as it was counted. Raises Refused, Indicator.DoesNotExist.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator_id)
    if not Indicator.objects.verified_by(by).filter(pk=indicator_id).exists():
        raise Refused(_("Qui vérifie cet indicateur dit comment il se compte."))
    if binding is not None:
        _check(indicator, binding)
    set_binding(indicator, binding)
    indicator.save(update_fields=["source", "measure", "over", "share_over"])
    audit.record("workplan.indicator.bind", by=by, target=indicator, **_facts(binding))
    return indicator


def set_binding(indicator: Indicator, binding: Binding | None) -> None:
    """Sets the fields; saving is the caller's."""
    indicator.source = Source.AUTO if binding else Source.MANUAL
    indicator.measure = binding.measure.name if binding else ""
    indicator.over = dict(binding.over) if binding else {}
    indicator.share_over = dict(binding.share_over) if binding else {}


def _facts(binding: Binding | None) -> dict[str, Any]:
    """As the audit keeps them."""
    if binding is None:
        return {"measure": ""}
    asked = {"over": binding.over, "share_over": binding.share_over}
    return {"measure": binding.measure.name} | {
        name: ", ".join(f"{key}={code}" for key, code in sorted(said.items())) for name, said in asked.items()
    }


def _check(indicator: Indicator, binding: Binding) -> None:
    if indicator.keeps_register or indicator.consolidation:
        raise Refused(_("Cet indicateur se compte d’un registre ou de plusieurs parts : qu’il cesse d’abord."))
    reason = binding.why_not(indicator.kind, indicator.aggregate)
    if reason is not None:
        raise Refused(reason)
