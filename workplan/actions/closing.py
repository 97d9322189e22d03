"""Closing quarters: the vault's releases are computed, and the platform's own figures frozen for verification."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import SYSTEM, Actor
from core.periods import Period, Quarter
from core.transitions import Refused, move
from directory.enums import VICTIM_SERVICES
from directory.models import User
from psea import statistics as vault
from psea.enums import Width
from referrals import statistics as referrals
from workplan.bindings import binding_of
from workplan.enums import ReadingState, Source
from workplan.measures import PSEA_AMONG_SERVICES, PSEA_CONTEXT, PSEA_SERVICES, Measured, cohort_cutoff
from workplan.models import Indicator, Plan, Reading
from workplan.plans import quarters_of


def close_quarters(*, by: Actor, at: datetime | None = None) -> int:
    """Closes every quarter of every plan that has ended, and returns how many figures were frozen.

    The vault goes first, then the readings; each step may run again without doing its work twice.
    """
    moment = at or timezone.now()
    for plan in Plan.objects.all():
        _close_vault(plan, by, moment)
    return sum(_freeze(indicator, quarter, by) for indicator, quarter in _to_freeze(moment))


@transaction.atomic
def recount(reading_id: int, *, reason: str, by: User) -> Reading:
    """A new version of a computed reading, as the platform counts today. It waits for its verifier like the first.

    Raises Refused without a reason, for a reading that is not computed, not verified or not theirs to verify.
    """
    verified = Reading.objects.select_for_update().select_related("indicator").get(pk=reading_id)
    _refuse_recount(verified, reason, by)
    measured = _compute(verified.indicator, verified.period, None)
    if measured is None or measured.is_withheld:
        raise Refused(_("Le chiffre de ce trimestre n’est pas publié."))
    fresh = _written(verified.indicator, verified.period, measured, cutoff=None, version=verified.version + 1)
    fresh.correction_reason = reason.strip()
    fresh.save()
    audit.record("workplan.reading.recount", by=by, target=fresh, version=fresh.version, corrects=verified.pk)
    return move(Reading, fresh.pk, "submit", by=SYSTEM)


def _refuse_recount(verified: Reading, reason: str, by: User) -> None:
    if not reason.strip():
        raise Refused(_("Une correction dit pourquoi."))
    if not (verified.computed and verified.state == ReadingState.VERIFIED):
        raise Refused(_("Seule une valeur calculée et vérifiée se recompte."))
    if not Indicator.objects.verified_by(by).filter(pk=verified.indicator_id).exists():
        raise Refused(_("Seule la personne qui vérifie cet indicateur demande un recompte."))
    same_period = Reading.objects.filter(indicator=verified.indicator, year=verified.year, quarter=verified.quarter)
    if same_period.filter(version__gt=verified.version).exists():
        raise Refused(_("Une correction de cette valeur est déjà ouverte."))


def _close_vault(plan: Plan, by: Actor, moment: datetime) -> None:
    every = quarters_of(plan)
    whole = (every[0].first_day, every[-1].last_day)
    known = [_closed(measure) for measure in (PSEA_SERVICES, *CONTEXT)]
    closed = set.intersection(*known)
    for quarter in every:
        if quarter < Quarter.of(moment) and quarter.first_day not in closed:
            vault.close_quarter(quarter.year, quarter.number, by=by, at=moment, plan=whole, over=CONTEXT)


def _closed(measure: str) -> set[date]:
    """The first days of the quarters of which the ledger has a line."""
    return {line.first_day for line in vault.releases(measure) if line.width == Width.QUARTER}


def _referred_between(first_day: date, last_day: date) -> int:
    """What the second reading of the indicator divides by: all referred cases of the ordinary and restricted lanes."""
    return referrals.referred_cohort(Period.between(first_day, last_day)).referred


def _referred_to_services(first_day: date, last_day: date) -> int:
    """What the third divides by: those of the same lanes that were referred to the services of survivors."""
    return referrals.referred_to(VICTIM_SERVICES, Period.between(first_day, last_day))


CONTEXT = {PSEA_CONTEXT: _referred_between, PSEA_AMONG_SERVICES: _referred_to_services}


def _to_freeze(moment: datetime) -> Iterator[tuple[Indicator, Quarter]]:
    computed = Indicator.objects.filter(source=Source.AUTO).prefetch_related("windows", "activity__windows")
    known_already = Reading.objects.filter(place=None, reporter=None)
    frozen = set(known_already.values_list("indicator", "year", "quarter"))
    for indicator in computed:
        for quarter in indicator.planned_quarters:
            known = (indicator.pk, quarter.year, quarter.number) in frozen
            if not known and cohort_cutoff(quarter.period) <= moment:
                yield indicator, quarter


@transaction.atomic
def _freeze(indicator: Indicator, quarter: Quarter, by: Actor) -> bool:
    cutoff = cohort_cutoff(quarter.period)
    measured = _compute(indicator, quarter, cutoff)
    if measured is None or measured.is_withheld:
        return False
    reading = _written(indicator, quarter, measured, cutoff=cutoff)
    reading.save()
    move(Reading, reading.pk, "submit", by=by)
    return True


def _compute(indicator: Indicator, quarter: Quarter, cutoff: datetime | None) -> Measured | None:
    binding = binding_of(indicator)
    return binding.measured(indicator.kind, quarter.period, cutoff) if binding else None


def _written(
    indicator: Indicator, quarter: Quarter, measured: Measured, *, cutoff: datetime | None, version: int = 1
) -> Reading:
    """The reading, not yet saved: value, definition version, cut-off and digest of the counted ids."""
    binding = binding_of(indicator)
    if binding is None:
        raise ValueError(f"{indicator} is not computed")
    reading = Reading(
        indicator=indicator,
        year=quarter.year,
        quarter=quarter.number,
        version=version,
        computed=True,
        cutoff=cutoff or timezone.now(),
        definition_version=binding.measure.version,
        digest=binding.digest(quarter.period),
        binding=binding.kept(),
    )
    reading.value = measured.value
    return reading
