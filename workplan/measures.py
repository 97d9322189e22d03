"""The registry of figures that the platform computes: name, version, definition, numerator, denominator.

A change of meaning is a new version: verified readings keep the version they were counted by (DESIGN §5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core.periods import Period
from psea import statistics as vault
from referrals import statistics as referrals
from workplan.releases import released_for
from workplan.values import Value

Places = frozenset[str] | None


@dataclass(frozen=True)
class Beside:
    """A figure shown beside the measure: a fraction, or a count when there is no denominator."""

    label: StrOrPromise
    numerator: int | None
    denominator: int | None = None


@dataclass(frozen=True)
class Measured:
    """What a measure found: the value, and what stands beside it."""

    value: Value
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Measure:
    """`compute(period, places, cutoff)` gives None when the vault has not published that period.

    `counted`, of the same: the ids behind the figure; the vault names none.
    """

    name: str
    version: str
    title: StrOrPromise
    definition: StrOrPromise
    numerator: StrOrPromise
    denominator: StrOrPromise
    exclusions: StrOrPromise
    compute: Callable[[Period, Places, datetime | None], Measured | None]
    counted: Callable[[Period, Places, datetime | None], list[str]] | None = None

    @property
    def in_vault(self) -> bool:
        return self.counted is None


def cohort_cutoff(period: Period) -> datetime:
    """When the answers of a closed quarter are counted: its end and 30 days (COHORT_CUTOFF_DAYS)."""
    return period.end + timedelta(days=settings.COHORT_CUTOFF_DAYS)


def digest_of(ids: Iterable[str]) -> str:
    """SHA-256 over the counted ids, in order, so that a figure can be compared with a recount; "" for none."""
    text = "\n".join(sorted(ids))
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _referred_cases(period: Period, places: Places, cutoff: datetime | None) -> Measured:
    cohort = referrals.referred_cohort(period, places, cutoff)
    return Measured(
        Value(number=cohort.referred, numerator=cohort.answered, denominator=cohort.referred),
        (
            Beside(_("répondus dans le délai"), cohort.on_time, cohort.referred),
            Beside(_("confirmés par la personne"), cohort.confirmed, cohort.referred),
            Beside(_("avec une réponse"), cohort.responses),
            Beside(_("avec un ajustement"), cohort.adjustments),
            Beside(_("avec un service rendu"), cohort.services),
        ),
    )


def _referred_ids(period: Period, places: Places, cutoff: datetime | None) -> list[str]:
    return referrals.case_ids(period, places)


def _victim_services(period: Period, places: Places, cutoff: datetime | None) -> Measured | None:
    """Only what was published when quarters closed; the vault gives no figure by place (DESIGN §4)."""
    release = released_for(PSEA_SERVICES, period) if places is None else None
    if release is None or not release.is_published:
        return None
    return Measured(Value(numerator=release.numerator, denominator=release.denominator))


REFERRED = "referred_cases"
PSEA_SERVICES = vault.REFERRED_TO_SERVICES
PSEA_CONTEXT = vault.OVER_REFERRED_CASES

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(
            name=REFERRED,
            version="1",
            title=_("Cas référés, et part avec réponse ou ajustement"),
            definition=_(
                "Cas distincts dont le premier référencement non retiré avant réception a été envoyé dans le "
                "trimestre, et part de ces mêmes cas dont un référencement au moins a reçu une réponse, un "
                "ajustement ou un service, trente jours après la fin du trimestre (en direct avant cette date)."
            ),
            numerator=_("cas de la cohorte avec une réponse, un ajustement ou un service à la date d’arrêt"),
            denominator=_("cas distincts référés pour la première fois dans le trimestre"),
            exclusions=_(
                "Essais et doublons exclus. Un cas protégé plus tard reste dans les trimestres passés comme simple "
                "unité. Les cas d’exploitation et d’abus sexuels (EAS) n’y entrent pas."
            ),
            compute=_referred_cases,
            counted=_referred_ids,
        ),
        Measure(
            name=PSEA_SERVICES,
            version="1",
            title=_("Survivantes et survivants d’EAS référés à un service approprié"),
            definition=_(
                "Part des survivantes et survivants ayant accepté l’offre de services qui ont été référés à un "
                "service approprié. C’est la lecture retenue (A). Deux autres lectures existent : (B) part des cas "
                "EAS parmi tous les cas référés ; (C) part des cas EAS parmi les cas référés vers ces services."
            ),
            numerator=_("survivantes et survivants référés à un service approprié"),
            denominator=_("survivantes et survivants ayant accepté l’offre de services"),
            exclusions=_(
                "Qui a accepté puis repris son accord avant d’être référé n’entre pas au dénominateur. Chiffre publié "
                "à la clôture du trimestre seulement, jamais en direct ; si le numérateur, le dénominateur ou leur "
                "différence est trop petit, la période s’élargit au semestre, à l’année, puis au plan entier, ou le "
                "chiffre n’est pas publié, même s’il est nul."
            ),
            compute=_victim_services,
        ),
    )
}
