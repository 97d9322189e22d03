"""Who keeps which register: those who report an indicator that it can count; the working group, all of them."""

from __future__ import annotations

from django.db.models import Q

from core.actors import Actor
from directory.models import Organisation, User
from directory.roles import Role
from workplan.models import Indicator, Plan
from workplan.registers.kinds import REGISTERS, Register

# What comes from below: any lead may ask for it, whoever reports the figure.
FOR_EVERY_LEAD = frozenset({"saisines", "events"})


def kept_by(plan: Plan, user: User) -> list[Register]:
    """The registers of this plan in which the person writes, for their organisation."""
    if user.has_role(Role.WORKING_GROUP):
        return list(REGISTERS.values())
    if not user.has_role(Role.WORKPLAN_LEAD):
        return []
    codes = _codes(plan, user.organisation) | FOR_EVERY_LEAD
    return [register for register in REGISTERS.values() if register.code in codes]


def keeps(plan: Plan, register: Register, keeper: Organisation, by: Actor) -> bool:
    """Whether the actor, a person of `keeper` or its system, writes in this register."""
    if isinstance(by, User):
        return register in kept_by(plan, by) and (by.organisation_id == keeper.pk or by.has_role(Role.WORKING_GROUP))
    return register.code in _codes(plan, keeper)


def _codes(plan: Plan, organisation: Organisation) -> frozenset[str]:
    """The registers of the indicators that this organisation reports."""
    reports = Q(activity__reporters=organisation) | Q(activity__open_to_every_lead=True)
    rules = Indicator.objects.of_plan(plan.pk).filter(reports).values_list("register", flat=True)
    return frozenset(rule["kind"] for rule in rules if rule)
