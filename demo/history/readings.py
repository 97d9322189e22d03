"""Values that leads reported and verifiers verified, quarter by quarter; some sent back, some never reported."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from core.periods import Quarter
from core.working_time import add_working_time
from demo.history.people import World
from directory.models import User
from directory.roles import Role
from workplan.actions import readings
from workplan.actions.registers import report_from_register
from workplan.deadlines import due_at, owed_quarters
from workplan.enums import Aggregate, Kind, ReadingState
from workplan.models import Indicator, Reading
from workplan.values import Value

MISSING, LEFT_SUBMITTED, SENT_BACK, SENT_BACK_FOR_GOOD = 0.07, 0.05, 0.08, 0.3
RETURNED = "La source ne permet pas de retrouver ce chiffre : joignez la liste."
NARRATIVES = (
    "Compté d’après les comptes rendus de réunion.",
    "Deux agences n’ont pas encore transmis leurs chiffres.",
    "Mission annulée en raison de la situation ; reprise le mois suivant.",
    "",
)


def report_all(world: World, seed: int, now: datetime, *, years: frozenset[int] | None = None) -> int:
    """Reports what was owed in every plan for the quarters that are over. Out: how many values."""
    count = 0
    for indicator in _indicators():
        rng = Random(f"{seed}:{indicator.activity.objective.axis.plan_id}:{indicator.number}")
        for quarter in owed_quarters(indicator):
            is_over = due_at(quarter) < now and (years is None or quarter.year in years)
            if is_over and rng.random() > MISSING:
                count += _report(indicator, quarter, world, rng)
    return count


def verify_computed(world: World) -> int:
    """The verifiers look at what the platform froze when quarters closed, but for the last of each."""
    waiting = Reading.objects.filter(computed=True, state=ReadingState.SUBMITTED).order_by("year", "quarter")
    rows = list(waiting.select_related("indicator"))
    for reading in rows[:-1]:
        verifier = _verifier(reading.indicator, world, but=None)
        if verifier is not None and reading.cutoff is not None:
            readings.verify(reading.pk, by=verifier, at=reading.cutoff + timedelta(days=9))
    return len(rows)


def _indicators() -> list[Indicator]:
    rows = Indicator.objects.filter(measure="").select_related("activity__objective__axis")
    return list(rows.prefetch_related("windows", "activity__windows", "activity__reporters").order_by("pk"))


def _report(indicator: Indicator, quarter: Quarter, world: World, rng: Random) -> int:
    reporter = _reporter(indicator, world)
    verifier = _verifier(indicator, world, but=reporter)
    if reporter is None or verifier is None:
        return 0
    at = add_working_time(quarter.period.end, days=rng.randrange(2, 9))
    narrative = rng.choice(NARRATIVES)
    if indicator.keeps_register:
        reading = report_from_register(indicator.pk, quarter, by=reporter, narrative=narrative, at=at)
    else:
        reading = readings.save(indicator.pk, quarter, _value(indicator, rng), by=reporter, narrative=narrative)
        readings.submit(reading.pk, by=reporter, at=at)
    if rng.random() < LEFT_SUBMITTED:
        return 1
    if rng.random() < SENT_BACK:
        readings.send_back(reading.pk, reason=RETURNED, by=verifier, at=at + timedelta(days=6))
        if rng.random() < SENT_BACK_FOR_GOOD:
            return 1
        readings.submit(reading.pk, by=reporter, at=at + timedelta(days=10))
    readings.verify(reading.pk, by=verifier, at=at + timedelta(days=14))
    return 1


def _reporter(indicator: Indicator, world: World) -> User | None:
    """A lead of a reporting organisation; any lead where the whole team is in charge."""
    leads = world.with_role(Role.WORKPLAN_LEAD)
    organisations = {one.pk for one in indicator.activity.reporters.all()}
    own = [user for user in leads if user.organisation_id in organisations]
    return next(iter(own or (leads if indicator.activity.open_to_every_lead else [])), None)


def _verifier(indicator: Indicator, world: World, *, but: User | None) -> User | None:
    roles = (Role.WORKING_GROUP, Role.PSEA_COORDINATOR, Role.WORKPLAN_LEAD)
    people = [user for role in roles for user in world.with_role(role) if user != but]
    able = (user for user in people if Indicator.objects.verified_by(user).filter(pk=indicator.pk).exists())
    return next(able, None)


def _value(indicator: Indicator, rng: Random) -> Value:
    """A small plausible value of the indicator's kind."""
    if indicator.kind == Kind.YES_NO:
        return Value(yes=rng.random() < 0.8)
    whole = rng.randrange(2, 24)
    if indicator.target and indicator.aggregate == Aggregate.SUM and indicator.kind != Kind.PERCENT:
        # Quarters that come to about the target, all together.
        whole = rng.randrange(0, 2 * max(1, round(indicator.target / max(1, len(indicator.planned_quarters)))) + 1)
    part = round(whole * rng.uniform(0.3, 0.95))
    if indicator.kind == Kind.PERCENT:
        return Value(numerator=part, denominator=whole)
    if indicator.kind == Kind.COUNT_WITH_SHARE:
        return Value(number=whole, numerator=part)
    if indicator.kind == Kind.COUNT_DISAGGREGATED:
        return Value(number=whole, breakdown=_breakdown(indicator, whole, rng))
    return Value(number=whole)


def _breakdown(indicator: Indicator, whole: int, rng: Random) -> dict[str, dict[str, int]]:
    """The whole, dealt out among the values of each disaggregation."""
    found: dict[str, dict[str, int]] = {}
    for group in indicator.disaggregations:
        dealt = Counter(rng.choices(group["values"], k=whole))
        found[group["name"]] = {label: dealt[label] for label in group["values"]}
    return found
