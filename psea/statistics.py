"""The vault's figures: exact and live inside, and outside only as releases of closed quarters (DESIGN §4, §5).

Measure `psea_referred_to_victim_services` (indicator 3.2.2.b, reading A): survivors referred to an appropriate
service, over survivors who accepted the offer. A survivor belongs to the quarter in which they first accepted.
Whoever took their acceptance back before being referred is not counted: they did not accept in the end.

Beside it, the other readings of the plan's sentence: `psea_over_referred_cases` (B), cases received over these and all
referred cases; `psea_over_service_referrals` (C), the survivors of reading A's numerator, each as one case, over these
and the cases of the other lanes referred to the same services.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from core import audit
from core.actors import Actor
from core.index import keyed_hash
from core.periods import Period, Quarter
from psea import disclosure
from psea.databases import VAULT
from psea.disclosure import Count as FigureOf
from psea.disclosure import Fraction, Window, lines_of_closing
from psea.enums import OfferState, Width
from psea.models import AssistanceOffer, Release, SealedCase, Survivor
from psea.querysets import SurvivorQuerySet

REFERRED_TO_SERVICES = disclosure.OF_SURVIVORS
OVER_SERVICE_REFERRALS = disclosure.OVER_SERVICE_REFERRALS
OVER_REFERRED_CASES = "psea_over_referred_cases"
# 2: cases beside a public count are rounded over longer periods (`psea.disclosure`).
VERSION = 2


@dataclass(frozen=True)
class VaultCounts:
    """Exact figures, for the coordination and the handlers only."""

    cases: int
    by_state: Mapping[str, int]
    survivors: int
    offered: int
    accepted: int
    took_back: int
    referred: int
    service_received: int
    declined: int
    unreachable: int


@dataclass(frozen=True)
class Released:
    """One line of the ledger as others may read it: figures are None where they are held back."""

    measure: str
    version: int
    width: str
    first_day: date
    last_day: date
    is_published: bool
    numerator: int | None
    denominator: int | None
    closed_at: datetime

    @property
    def is_rounded(self) -> bool:
        return self.is_published and self.measure != REFERRED_TO_SERVICES and self.width != Width.QUARTER


# A count of the ordinary lanes over a period, first and last day included: what a context measure divides by.
Counter = Callable[[date, date], int]


def live_counts(period: Period | None = None) -> VaultCounts:
    """Exact counts now; of the cases received, and the survivors first noted, in a period if one is given."""
    cases = SealedCase.objects.counted()
    survivors = Survivor.objects.counted()
    if period is not None:
        cases = cases.filter(received_at__gte=period.start, received_at__lt=period.end)
        survivors = survivors.filter(case__received_at__gte=period.start, case__received_at__lt=period.end)
    by_state = dict(cases.values_list("state").annotate(number=Count("pk")).order_by("state"))
    accepted = survivors.who_accepted()
    return VaultCounts(
        cases=sum(by_state.values()),
        by_state=by_state,
        survivors=survivors.count(),
        offered=survivors.filter(offers__offered_at__isnull=False).distinct().count(),
        accepted=accepted.count(),
        took_back=_took_back(survivors),
        referred=accepted.filter(offers__referred_at__isnull=False).distinct().count(),
        service_received=survivors.filter(offers__state=OfferState.SERVICE_CONFIRMED).distinct().count(),
        declined=_without_acceptance(survivors, OfferState.DECLINED),
        unreachable=_without_acceptance(survivors, OfferState.UNREACHABLE),
    )


def releases(measure: str) -> list[Released]:
    """What the ledger says of one measure, in order of period, what was held back included."""
    rows = Release.objects.using(VAULT).filter(measure=measure)
    return [
        Released(
            measure=row.measure,
            version=row.version,
            width=row.width,
            first_day=row.first_day,
            last_day=row.last_day,
            is_published=row.is_published,
            numerator=row.numerator,
            denominator=row.denominator,
            closed_at=row.closed_at,
        )
        for row in rows
    ]


def close_quarter(
    year: int,
    quarter: int,
    *,
    by: Actor,
    at: datetime | None = None,
    plan: tuple[date, date] | None = None,
    over: Mapping[str, Counter] | None = None,
) -> list[Released]:
    """Writes to the ledger what may leave the vault of a quarter that is over. Running again changes nothing.

    A figure is published for the quarter if numerator, denominator and their difference each reach
    RELEASE_THRESHOLD; else, as each is over, for the half-year, the year, and the whole `plan` (first and last
    day). What a wider period would reveal beside those already published must pass the same rule, and more
    (`psea.disclosure`). `over`: context measures, name → count of the other lanes; ours are added to it. Raises
    ValueError for a quarter that is not over.
    """
    moment = at or timezone.now()
    closed = Quarter(year, quarter)
    if closed.period.end > moment:
        raise ValueError(f"{closed.code} is not over")
    measures = _measures(over or {}, moment)
    with transaction.atomic(using=VAULT):
        ledger = list(Release.objects.using(VAULT).all())
        for row, figure in lines_of_closing(closed, plan, measures, ledger):
            row.version, row.closed_at = VERSION, moment
            row.digest = keyed_hash(",".join(figure.ids), "release", vault=True)
            row.save(using=VAULT, force_insert=True)
        audit.record("psea.release.close_quarter", by=by, using=VAULT, at=moment, quarter=closed.code)
    return [line for measure in measures for line in releases(measure)]


def referred_to_services(first_day: date, last_day: date, cutoff: datetime) -> Fraction:
    """Reading A for survivors who first accepted in the period, as it stood at the cut-off."""
    period = Period.between(first_day, last_day)
    accepted = Survivor.objects.counted().who_accepted()
    ids = set(accepted.values_list("pk", flat=True))
    first = AssistanceOffer.objects.using(VAULT).filter(survivor__in=ids, accepted_at__isnull=False)
    moments = first.order_by().values_list("survivor_id").annotate(first=Min("accepted_at"))
    cohort = [survivor for survivor, moment in moments if moment in period]
    referred = Survivor.objects.using(VAULT).filter(pk__in=cohort, offers__referred_at__lt=cutoff).distinct()
    return Fraction(referred.count(), len(cohort), tuple(sorted(map(str, cohort))))


def _took_back(survivors: SurvivorQuerySet) -> int:
    """Those who accepted, and took it back before being referred: they are in no figure of reading A."""
    standing = survivors.who_accepted().values_list("pk", flat=True)
    return survivors.filter(offers__accepted_at__isnull=False).exclude(pk__in=list(standing)).distinct().count()


def _without_acceptance(survivors: SurvivorQuerySet, state: OfferState) -> int:
    accepted = survivors.who_accepted().values_list("pk", flat=True)
    return survivors.filter(offers__state=state).exclude(pk__in=list(accepted)).distinct().count()


def _measures(over: Mapping[str, Counter], cutoff: datetime) -> dict[str, FigureOf]:
    def by_acceptance(window: Window) -> Fraction:
        return referred_to_services(window.first_day, window.last_day, cutoff)

    def context(name: str, count: Counter) -> FigureOf:
        how = _others_referred if name == OVER_SERVICE_REFERRALS else _cases_over
        return lambda window: how(window, count)

    # Survivors first: what is published of them is the numerator of another.
    return {REFERRED_TO_SERVICES: by_acceptance} | {name: context(name, count) for name, count in over.items()}


def _others_referred(window: Window, count: Counter) -> Fraction:
    """The cases of the other lanes; the survivors beside them are those already published (`psea.disclosure`)."""
    others = count(window.first_day, window.last_day)
    return Fraction(others, others)


def _cases_over(window: Window, count: Counter) -> Fraction:
    period = Period.between(window.first_day, window.last_day)
    cases = SealedCase.objects.counted()
    ids = cases.filter(received_at__gte=period.start, received_at__lt=period.end).values_list("pk", flat=True)
    counted = tuple(sorted(map(str, ids)))
    outside = count(window.first_day, window.last_day)
    return Fraction(len(counted), len(counted) + outside, counted, outside)
