"""Measures of what was referred: how many, what became of it, how long it took, and who said "not us"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.periods import Period
from feedback.models import Category
from feedback.tallied import Behind
from referrals import agency_statistics
from referrals import statistics as referrals
from referrals.agency_statistics import Days
from referrals.statistics import Cohort
from workplan.enums import Kind
from workplan.measures.measure import ASKED_OF_CASES, COUNTED, PARTS_OF_CASES, Beside, Measure, Measured, Over, share
from workplan.values import Value

REFERRED = "referred_cases"
ANSWERED_ON_TIME = "referred_cases_answered_on_time"
CONFIRMED_REFERRED = "referred_cases_confirmed"
DAYS_MEDIAN = "days_to_answer_median"
DAYS_P90 = "days_to_answer_p90"
REFUSALS = "refusals"

_COHORT = _("cas distincts référés pour la première fois dans le trimestre")
_OUT = _(
    "Essais et doublons exclus. Un cas protégé plus tard reste dans les trimestres passés comme simple "
    "unité. Les cas d’exploitation et d’abus sexuels (EAS) n’y entrent pas. Par zone, par filtre ou par partie, "
    "seul le circuit ordinaire compte."
)


def _cohort(period: Period, over: Over, cutoff: datetime | None) -> Cohort:
    return referrals.referred_cohort(period, over.places, cutoff, over.about)


def _referred(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    cohort = _cohort(period, over, cutoff)
    return share(
        cohort.answered,
        cohort.referred,
        cohort.referred,
        (
            Beside(_("répondus dans le délai"), cohort.on_time, cohort.referred),
            Beside(_("confirmés par la personne"), cohort.confirmed, cohort.referred),
            Beside(_("avec une réponse"), cohort.responses),
            Beside(_("avec un ajustement"), cohort.adjustments),
            Beside(_("avec un service rendu"), cohort.services),
        ),
    )


def _on_time(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    cohort = _cohort(period, over, cutoff)
    return share(cohort.on_time, cohort.referred)


def _confirmed(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    cohort = _cohort(period, over, cutoff)
    return share(cohort.confirmed, cohort.referred)


def _by(part: str, period: Period, over: Over, cutoff: datetime | None) -> Mapping[str, int]:
    """The ordinary lane by a part; whatever else the count holds is under "", and nothing says what it is."""
    found = referrals.cohorts_by(part, period, over.places, cutoff, over.about)
    counts = Counter({key: cohort.referred for key, cohort in found.items()})
    if part == "category":
        named = Category.objects.filter(restricted_kind="", is_vault=False, pk__in=counts)
        for code in set(counts) - set(named.values_list("pk", flat=True)) - {""}:
            counts[""] += counts.pop(code)
    if not over.is_narrow:
        counts[""] += _cohort(period, over, cutoff).referred - counts.total()
    return {key: count for key, count in counts.items() if count}


def _behind(period: Period, over: Over) -> Behind:
    return referrals.behind(period, over.places, over.about)


def _days(period: Period, over: Over, cutoff: datetime | None) -> Days | None:
    return referrals.days_taken(period, over.places, cutoff, over.about)


def _median(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    days = _days(period, over, cutoff)
    return _of_days(days, days.median if days else None)


def _p90(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    days = _days(period, over, cutoff)
    return _of_days(days, days.nine_tenths if days else None)


def _of_days(days: Days | None, number: int | None) -> Measured:
    answers = days.answers if days else 0
    return Measured(Value(number=number), (Beside(_("sur autant de cas répondus"), answers),), (answers,))


def _refusals(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    refused, received = agency_statistics.refused(period)
    return share(refused, received, refused)


def _refusals_by(part: str, period: Period, over: Over, cutoff: datetime | None) -> Mapping[str, int]:
    return agency_statistics.refusals_by_reason(None, period)


MEASURES = (
    Measure(
        name=REFERRED,
        version="2",
        title=_("Cas référés, et part avec réponse ou ajustement"),
        definition=_(
            "Cas distincts dont le premier référencement non retiré avant réception a été envoyé dans le "
            "trimestre, et part de ces mêmes cas dont un référencement au moins a reçu une réponse, un "
            "ajustement ou un service, trente jours après la fin du trimestre (en direct avant cette date). Le pays "
            "entier compte les circuits ordinaire et restreint ; une zone, un filtre ou une part, le circuit ordinaire "
            "seul."
        ),
        numerator=_("cas de la cohorte avec une réponse, un ajustement ou un service à la date d’arrêt"),
        denominator=_COHORT,
        exclusions=_OUT,
        compute=_referred,
        kinds=COUNTED,
        filters=ASKED_OF_CASES,
        parts=PARTS_OF_CASES,
        split=_by,
        behind=_behind,
    ),
    Measure(
        name=ANSWERED_ON_TIME,
        version="2",
        title=_("Cas référés répondus dans le délai"),
        definition=_(
            "Part des cas référés du trimestre dont la première réponse, adaptation ou prise en charge est venue avant "
            "l’échéance du référencement qui l’a reçue, trente jours après la fin du trimestre (en direct avant)."
        ),
        numerator=_("cas de la cohorte dont la première réponse est venue dans son délai"),
        denominator=_COHORT,
        exclusions=_OUT,
        compute=_on_time,
        filters=ASKED_OF_CASES,
        behind=_behind,
    ),
    Measure(
        name=CONFIRMED_REFERRED,
        version="2",
        title=_("Cas référés que la personne dit réglés"),
        definition=_(
            "Part des cas référés du trimestre dont la personne a dit que c’est réglé, trente jours après la fin du "
            "trimestre (en direct avant). Un dossier clos n’est pas un dossier réglé."
        ),
        numerator=_("cas de la cohorte dont la personne a dit « oui, c’est réglé » à la date d’arrêt"),
        denominator=_COHORT,
        exclusions=_OUT,
        compute=_confirmed,
        filters=ASKED_OF_CASES,
        behind=_behind,
    ),
    Measure(
        name=DAYS_MEDIAN,
        version="2",
        title=_("Jours pour répondre (médiane)"),
        definition=_(
            "Jours entiers du premier référencement à la première réponse, médiane basse des cas référés dans le "
            "trimestre et répondus."
        ),
        numerator=_("la moitié des cas répondus l’ont été en autant de jours ou moins"),
        denominator=_("cas référés dans le trimestre et répondus à la date d’arrêt"),
        exclusions=_OUT,
        compute=_median,
        kinds=frozenset({Kind.COUNT}),
        filters=ASKED_OF_CASES,
        behind=_behind,
        adds_up=False,
    ),
    Measure(
        name=DAYS_P90,
        version="2",
        title=_("Jours pour répondre (neuf cas sur dix)"),
        definition=_(
            "Jours entiers du premier référencement à la première réponse, en deçà desquels neuf cas sur dix ont été "
            "répondus, parmi les cas référés dans le trimestre et répondus."
        ),
        numerator=_("neuf dixièmes des cas répondus l’ont été en autant de jours ou moins"),
        denominator=_("cas référés dans le trimestre et répondus à la date d’arrêt"),
        exclusions=_OUT,
        compute=_p90,
        kinds=frozenset({Kind.COUNT}),
        filters=ASKED_OF_CASES,
        behind=_behind,
        adds_up=False,
    ),
    Measure(
        name=REFUSALS,
        version="1",
        title=_("Refus, et part des référencements reçus"),
        definition=_(
            "Référencements du circuit ordinaire envoyés dans le trimestre auxquels le destinataire a répondu « pas "
            "pour nous », par motif, et leur part de tous ceux qui ont été reçus."
        ),
        numerator=_("référencements refusés, avec un motif codé"),
        denominator=_("référencements du circuit ordinaire envoyés dans le trimestre et non retirés avant réception"),
        exclusions=_("Essais, doublons, dossiers restreints et protégés exclus."),
        compute=_refusals,
        kinds=COUNTED,
        parts=("reason",),
        split=_refusals_by,
    ),
)
