"""Measures of the vault: only what was published when quarters closed, never live, never by place (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.periods import Period
from psea import statistics as vault
from workplan.measures.measure import Compute, Measure, Measured, Over
from workplan.releases import released_for
from workplan.values import Value

PSEA_SERVICES = vault.REFERRED_TO_SERVICES
PSEA_CONTEXT = vault.OVER_REFERRED_CASES
PSEA_AMONG_SERVICES = vault.OVER_SERVICE_REFERRALS

_WHEN = _(
    "Chiffre publié à la clôture du trimestre seulement, jamais en direct ; si le numérateur, le dénominateur ou leur "
    "différence est trop petit, la période s’élargit au semestre, à l’année, puis au plan entier, ou le "
    "chiffre n’est pas publié, même s’il est nul."
)


def _released(name: str) -> Compute:
    def compute(period: Period, over: Over, cutoff: datetime | None) -> Measured | None:
        release = None if over.is_narrow else released_for(name, period)
        if release is None or not release.is_published:
            return None
        return Measured(Value(numerator=release.numerator, denominator=release.denominator))

    return compute


MEASURES = (
    Measure(
        name=PSEA_SERVICES,
        version="1",
        title=_("Survivantes et survivants d’EAS référés à un service approprié (lecture A)"),
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
        compute=_released(PSEA_SERVICES),
        in_vault=True,
    ),
    Measure(
        name=PSEA_CONTEXT,
        version="1",
        title=_("Cas d’EAS parmi tous les cas référés (lecture B)"),
        definition=_(
            "Autre lecture de la même phrase du plan, donnée comme contexte : part des cas d’EAS reçus dans le "
            "trimestre parmi ces cas et tous les cas référés du même trimestre."
        ),
        numerator=_("cas d’exploitation et d’abus sexuels reçus dans le trimestre"),
        denominator=_("les mêmes, et les cas distincts référés pour la première fois dans le trimestre"),
        exclusions=_WHEN,
        compute=_released(PSEA_CONTEXT),
        in_vault=True,
    ),
    Measure(
        name=PSEA_AMONG_SERVICES,
        version="1",
        title=_("Cas d’EAS parmi les cas référés vers ces services (lecture C)"),
        definition=_(
            "Autre lecture de la même phrase du plan, donnée comme contexte : part des cas d’EAS parmi tous les cas, "
            "d’EAS ou non, référés vers un service d’assistance aux victimes. Chaque survivante ou survivant référé "
            "compte pour un cas."
        ),
        numerator=_("survivantes et survivants référés à un service approprié : le numérateur de la lecture A"),
        denominator=_(
            "les mêmes, et les cas distincts des circuits ordinaire et restreint référés pour la première fois dans le "
            "trimestre vers un service de ces types : prise en charge médicale, soutien psychosocial, abri et "
            "sécurité, aide juridique ou matérielle, protection de l’enfant, gestion de cas VBG, enfant né d’EAS"
        ),
        exclusions=_(
            "Un référencement qui ne nomme pas de service n’y entre pas. Publiée là seulement où la lecture A l’est, "
            "et par la même règle ; sur plus d’un trimestre, les cas des autres circuits sont arrondis."
        ),
        compute=_released(PSEA_AMONG_SERVICES),
        in_vault=True,
    ),
)


def of_vault_beside(shown: Measure) -> list[Measure]:
    """The readings of the plan's sentence, the one that is shown first; none for a measure that is not the vault's."""
    return sorted(MEASURES, key=lambda each: each is not shown) if shown in MEASURES else []
