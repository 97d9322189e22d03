"""Measures of what was said, of what came back to the person, and of who does not speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.periods import Period
from directory.enums import NOT_SAID, AgeGroup, PopulationStatus, Sex
from directory.models import Place
from feedback import statistics as feedback
from feedback.tallied import Behind
from workplan.enums import Kind
from workplan.measures.measure import ASKED_OF_CASES, PARTS_OF_CASES, Measure, Measured, Over, share
from workplan.values import Value

SAID = "cases_said"
LOOPS_CLOSED = "loops_closed"
SATISFACTION = "satisfaction"
SILENT_GROUPS = "silent_groups"
SMS_DELIVERED = "sms_delivered"

_OUT = _("Circuit ordinaire seulement : ni matières restreintes, ni matières scellées. Essais et doublons exclus.")


def silent_groups(period: Period, over: Over, cutoff: datetime | None = None) -> list[str]:
    """The names of the groups of whom nothing came in the period."""
    where: Any = {"period": period, "scope": over.places, "about": over.about, "cutoff": cutoff}
    people = feedback.said_by("sex", "age_group", **where)
    status = feedback.said_by("population_status", **where)
    places = feedback.said_by("place", **where)
    crossed = product(_known(Sex), _known(AgeGroup))
    silent = [f"{s.label}, {a.label}" for s, a in crossed if not people.get((s.value, a.value))]
    silent += [str(each.label) for each in _known(PopulationStatus) if not status.get((each.value,))]
    regions = _silent_regions(over, places)
    return silent + [str(_("région de %(name)s") % {"name": name}) for name in regions]


def _known(choices: type[Sex] | type[AgeGroup] | type[PopulationStatus]) -> Sequence[Sex | AgeGroup | PopulationStatus]:
    return [each for each in choices if each.value != NOT_SAID]


def _silent_regions(over: Over, said: Mapping[tuple[str, ...], int]) -> list[str]:
    region_of = Place.objects.region_codes()
    spoke = {region_of[pcode] for (pcode,), count in said.items() if count}
    wanted = None if over.places is None else {region_of[pcode] for pcode in over.places}
    regions = Place.objects.regions().values_list("pcode", "name")
    return [name for pcode, name in regions if pcode not in spoke and (wanted is None or pcode in wanted)]


def _said(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    count = feedback.said(period, over.places, over.about, cutoff)
    return Measured(Value(number=count), people=(count,))


def _said_by(part: str, period: Period, over: Over, cutoff: datetime | None) -> Mapping[str, int]:
    found = feedback.said_by(part, period=period, scope=over.places, about=over.about, cutoff=cutoff)
    return {key: count for (key,), count in found.items()}


def _behind(period: Period, over: Over) -> Behind:
    return feedback.behind(period, over.places, over.about)


def _loops(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    return share(*feedback.loops_closed(period, over.places, over.about))


def _satisfied(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    return share(*feedback.confirmed(period, over.places, over.about, cutoff))


def _silent(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    return Measured(Value(number=len(silent_groups(period, over, cutoff))))


def _delivered(period: Period, over: Over, cutoff: datetime | None) -> Measured:
    return share(*feedback.sms_delivered(period, cutoff))


MEASURES = (
    Measure(
        name=SAID,
        version="1",
        title=_("Ce qui a été dit"),
        definition=_(
            "Dossiers du circuit ordinaire reçus dans le trimestre, par tous les canaux ; essais et doublons exclus."
        ),
        numerator=_("dossiers reçus dans le trimestre"),
        denominator=_("aucun : c’est un nombre ; sa part, quand elle est demandée, est celle d’un périmètre"),
        exclusions=_OUT,
        compute=_said,
        kinds=frozenset({Kind.COUNT}),
        filters=ASKED_OF_CASES,
        parts=PARTS_OF_CASES,
        split=_said_by,
        behind=_behind,
    ),
    Measure(
        name=LOOPS_CLOSED,
        version="1",
        title=_("Boucles de retour fermées"),
        definition=_(
            "Parmi les dossiers reçus dans le trimestre qui ont une réponse, part de ceux dont la réponse est arrivée "
            "à la personne : remise ou envoyée sans échec, dite de vive voix, ou à lire sur le site avec le numéro. "
            "À ce jour, même pour un trimestre passé."
        ),
        numerator=_("dossiers dont une réponse est arrivée à la personne"),
        denominator=_("dossiers reçus dans le trimestre qui ont une réponse"),
        exclusions=_OUT,
        compute=_loops,
        filters=ASKED_OF_CASES,
        behind=_behind,
    ),
    Measure(
        name=SATISFACTION,
        version="1",
        title=_("Confirmé par les personnes"),
        definition=_(
            "Parmi les personnes qui ont dit si la réponse réglait leur question, part de celles qui ont dit « oui »."
        ),
        numerator=_("personnes qui ont dit que c’est réglé"),
        denominator=_("personnes qui ont dit quelque chose de la réponse"),
        exclusions=_OUT,
        compute=_satisfied,
        filters=ASKED_OF_CASES,
        behind=_behind,
    ),
    Measure(
        name=SILENT_GROUPS,
        version="1",
        title=_("Groupes silencieux"),
        definition=_(
            "Groupes dont rien n’a été reçu dans le trimestre, parmi : sexe et âge croisés, statut, région. "
            "Le silence n’est pas la satisfaction."
        ),
        numerator=_("groupes dont rien n’a été reçu"),
        denominator=_("aucun : c’est un nombre"),
        exclusions=_OUT,
        compute=_silent,
        kinds=frozenset({Kind.COUNT}),
        filters=ASKED_OF_CASES,
        adds_up=False,
    ),
    Measure(
        name=SMS_DELIVERED,
        version="1",
        title=_("SMS remis aux personnes"),
        definition=_(
            "Parmi les SMS partis dans le trimestre vers des personnes, part de ceux que l’opérateur dit remis. Tous "
            "les circuits ensemble : un accusé de réception part dans chacun, et rien ne les distingue ici."
        ),
        numerator=_("SMS que l’opérateur dit remis à la date d’arrêt"),
        denominator=_("SMS partis vers des personnes dans le trimestre"),
        exclusions=_("Avis au personnel et courriels exclus. Ne se compte ni par lieu, ni par canal, ni par sujet."),
        compute=_delivered,
    ),
)
