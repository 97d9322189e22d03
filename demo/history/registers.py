"""Invented entries of registers, the factors of the saisine, and what a meeting said of a quarter."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from core.periods import Quarter
from demo.history.people import World
from directory.models import User
from directory.roles import Role
from feedback.enums import Level
from feedback.models import Category
from workplan.actions.quarters import close_quarter
from workplan.actions.registers import keep_entry, use_register
from workplan.actions.saisines import set_factor
from workplan.actions.standing import say_status
from workplan.checks import checked
from workplan.models import Activity, Indicator, Plan, TriggerFactor
from workplan.plans import quarters_of
from workplan.querysets import closes
from workplan.registers.given import Given, sorted_out
from workplan.registers.keepers import keeps
from workplan.registers.kinds import REGISTERS

# What the leads of the plan that runs today keep as lists.
KEPT_AS_LISTS = ("3.1.1.a", "3.1.3.a")
PLACES = ("ML0501", "ML0502", "ML0703", "ML0701", "ML0801", "ML0301", None)
SAISINE = {
    "who": "Des villages, saisis par les acteurs de protection",
    "severity": "critical",
    "recurrence": "repeated",
    "told_to": "ad_hoc",
    "decision": "taken_up",
}
# Register, line, how many a year, and the register's own fields.
LINES: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("communications", "Point sur l’accès aux écoles", 5, {"form": "orale"}),
    ("interventions", "Analyse de protection sur le budget de l’eau", 3, {}),
    ("meetings", "Réunion ad hoc sur les déplacements", 2, {"body": "ehp"}),
    ("dashboards", "Tableau de bord des risques", 4, {}),
    ("requests", "Précisions sur les retours", 3, {"purpose": "information"}),
    ("notes", "Note sur l’accès aux champs", 3, {"origin": "thematic", "deliberated": "oui"}),
    ("notes", "Note sur les routes", 2, {"origin": "requested", "deliberated": "non"}),
    ("contributions", "Présentation à la réunion régionale", 2, {"level": "regional_event"}),
    ("sessions", "Séance pour les équipes de distribution", 4, {"topic": "protection", "participants": 24}),
    ("sessions", "Solutions durables, deux jours", 2, {"topic": "durable_solutions", "participants": 31, "un": 31}),
    ("projects", "Eau et protection", 2, {"protection": "oui", "in_hrp": "oui", "multisectoral": "oui"}),
    ("saisines", "Attaques répétées de villages", 1, SAISINE),
)
# What several ask about in one cercle, and what is grave in a region whatever its category.
RECURRENCE, SEVERITY = "Récurrence dans un cercle", "Gravité dans une région"


def keep_registers(world: World, seed: int, now: datetime) -> int:
    """Entries in every plan whose years have begun. Out: how many."""
    count = 0
    for plan in Plan.objects.order_by("code"):
        rng = Random(f"{seed}:registers:{plan.code}")
        last = min(date(max(plan.years), 12, 31), timezone.localdate(now) - timedelta(days=1))
        for year in (year for year in plan.years if date(year, 1, 1) <= last):
            count += sum(_keep(plan, year, line, world, rng, last) for line in LINES)
        _use(plan, world)
        _look_ahead(plan, world, now)
    return count


def decide(world: World, now: datetime) -> None:
    """A factor, an activity that is blocked, and the first quarter of each plan closed by its secretariat."""
    keepers = world.with_role(Role.WORKING_GROUP)
    if not keepers:
        return
    category = Category.objects.filter(pk="INSAT_MAJ").first()
    for factor in (
        TriggerFactor(title=RECURRENCE, category=category, breadth="cercle", threshold=5, days=90),
        TriggerFactor(title=SEVERITY, level=Level.HIGH, breadth="region", threshold=8, days=90),
    ):
        set_factor(factor, by=keepers[0], at=now - timedelta(days=200))
    for plan in Plan.objects.order_by("code"):
        activity = Activity.objects.filter(objective__axis__plan=plan, number="3.1.3").first()
        lead = _lead(activity, world)
        if activity is not None and lead is not None:
            say_status(activity.pk, status="blocked", reason="Réunion de l’EHP : routes coupées", by=lead, at=now)
        _close_first(plan, world)


def _keep(plan: Plan, year: int, line: Any, world: World, rng: Random, last: date) -> int:
    kind, title, yearly, own = line
    register, count = REGISTERS[kind], 0
    leads = [user for user in world.with_role(Role.WORKPLAN_LEAD) if keeps(plan, register, user.organisation, user)]
    if not leads:
        return 0
    for number in range(1, yearly + 1):
        day = date(year, 1, 1) + timedelta(days=rng.randrange(0, 364))
        if day > last:
            continue
        facts, words, _wrong = sorted_out(register, own)
        pcode = rng.choice(PLACES)
        given = Given(
            day=day,
            line=f"{title}, {number}",
            place=world.places.get(pcode) if pcode else None,
            about_focus=None if pcode else rng.random() < 0.4,
            facts=facts,
            words=words,
        )
        lead = rng.choice(leads)
        keep_entry(plan, register, given, keeper=lead.organisation, by=lead, pk=uuid.UUID(int=rng.getrandbits(128)))
        count += 1
    return count


def _use(plan: Plan, world: World) -> None:
    """Some indicators of the plan that runs today are counted from their registers."""
    if Quarter.current().year not in plan.years:
        return
    for indicator in Indicator.objects.of_plan(plan.pk).filter(number__in=KEPT_AS_LISTS):
        lead = _lead(indicator.activity, world)
        if lead is not None:
            use_register(indicator.pk, on=True, by=lead)


def _look_ahead(plan: Plan, world: World, now: datetime) -> None:
    leads = world.with_role(Role.WORKPLAN_LEAD)
    if not leads or Quarter.of(now).year not in plan.years:
        return
    for days, line in ((25, "Journée mondiale de l’aide humanitaire"), (60, "Réunion régionale des coordinations")):
        day = timezone.localdate(now) + timedelta(days=days)
        keep_entry(
            plan, REGISTERS["events"], Given(day=day, line=line), keeper=leads[0].organisation, by=leads[0], at=now
        )


def _lead(activity: Activity | None, world: World) -> User | None:
    if activity is None:
        return None
    able = Activity.objects.filter(pk=activity.pk)
    leads = world.with_role(Role.WORKPLAN_LEAD)
    return next((user for user in leads if able.reported_by(user).exists()), None)


def _close_first(plan: Plan, world: World) -> None:
    """The first quarter that is over and has values."""
    able = [user for user in world.with_role(Role.WORKING_GROUP, None) if closes(user, plan)]
    over = [quarter for quarter in quarters_of(plan) if quarter < Quarter.current()]
    if not able or len(over) < 2:
        return
    words = "La réunion prend note de ce qui manque ; les responsables le rapportent le trimestre suivant."
    close_quarter(plan, over[0], words=words, seen=len(checked(plan, over[0]).found), by=able[0])
