"""The top line: each figure against the quarter before, with its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from directory.enums import NOT_SAID, AgeGroup, PopulationStatus, Sex
from directory.models import Place
from feedback import statistics as feedback
from referrals import statistics as referrals
from workplan.dashboard.asked import Asked
from workplan.suppression import is_small

Pair = tuple[int, int]


@dataclass(frozen=True)
class Definition:
    """What a figure of the top line means."""

    title: StrOrPromise
    words: StrOrPromise
    numerator: StrOrPromise = ""
    denominator: StrOrPromise = ""


DEFINITIONS: Mapping[str, Definition] = {
    "said": Definition(
        _("Ce qui a été dit"),
        _("Dossiers du circuit ordinaire reçus dans le trimestre, par tous les canaux ; essais et doublons exclus."),
    ),
    "referred": Definition(
        _("Cas référés"),
        _(
            "Cas distincts dont le premier référencement non retiré avant réception a été envoyé dans le trimestre "
            "(circuits ordinaire et restreint ; essais et doublons exclus)."
        ),
    ),
    "answered": Definition(
        _("Avec réponse ou ajustement"),
        _("Part des cas référés du trimestre qui ont reçu une réponse, un ajustement ou un service, à ce jour."),
        _("cas de la cohorte avec une réponse, un ajustement ou un service"),
        _("cas référés pour la première fois dans le trimestre"),
    ),
    "confirmed": Definition(
        _("Confirmé par les personnes"),
        _("Parmi les personnes qui ont dit si la réponse réglait leur question, part de celles qui ont dit « oui »."),
        _("personnes qui ont dit que c’est réglé"),
        _("personnes qui ont dit quelque chose de la réponse"),
    ),
    "days": Definition(
        _("Jours pour répondre (médiane)"),
        _("Jours entiers du premier référencement à la première réponse, médiane des cas répondus."),
    ),
    "silent": Definition(
        _("Groupes silencieux"),
        _(
            "Groupes dont rien n’a été reçu dans le trimestre, parmi : sexe et âge croisés, statut, région. "
            "Le silence n’est pas la satisfaction."
        ),
    ),
}


@dataclass(frozen=True)
class Figure:
    """One figure; `value` None with a `fraction` shows the percentage. `withheld`: too small to be published."""

    key: str
    value: int | str | None = None
    fraction: Pair | None = None
    before: int | Pair | None = None
    withheld: bool = False

    @property
    def definition(self) -> Definition:
        return DEFINITIONS[self.key]


@dataclass(frozen=True)
class Counts:
    """What the top line is made of, for one quarter."""

    said: int
    referred: int
    answered: int
    confirmed: Pair
    days: int | None
    silent: int


def top_line(asked: Asked) -> list[Figure]:
    """The six figures, each against `asked.before`; a constant number of queries."""
    now, before = _counts(asked), _counts(asked.before)
    return [
        _count("said", now.said, before.said, asked),
        _count("referred", now.referred, before.referred, asked),
        _share("answered", (now.answered, now.referred), (before.answered, before.referred), asked),
        _share("confirmed", now.confirmed, before.confirmed, asked),
        Figure("days", now.days, before=before.days, withheld=asked.is_narrow and is_small(now.answered)),
        Figure("silent", now.silent, before=before.silent),
    ]


def silent_groups(asked: Asked) -> list[str]:
    """The names of the groups of whom nothing came in the quarter."""
    people = feedback.said_by("sex", "age_group", period=asked.period, scope=asked.scope, about=asked.about)
    status = feedback.said_by("population_status", period=asked.period, scope=asked.scope, about=asked.about)
    places = feedback.said_by("place", period=asked.period, scope=asked.scope, about=asked.about)
    crossed = product(_said(Sex), _said(AgeGroup))
    silent = [f"{s.label}, {a.label}" for s, a in crossed if not people.get((s.value, a.value))]
    silent += [str(each.label) for each in _said(PopulationStatus) if not status.get((each.value,))]
    return silent + [str(_("région de %(name)s") % {"name": name}) for name in _silent_regions(asked, places)]


def _said(choices: type[Sex] | type[AgeGroup] | type[PopulationStatus]) -> Sequence[Sex | AgeGroup | PopulationStatus]:
    return [each for each in choices if each.value != NOT_SAID]


def _silent_regions(asked: Asked, said: Mapping[tuple[str, ...], int]) -> list[str]:
    spoke = {pcode[:4] for (pcode,), count in said.items() if count}
    wanted = None if asked.scope is None else {pcode[:4] for pcode in asked.scope}
    regions = Place.objects.regions().values_list("pcode", "name")
    return [name for pcode, name in regions if pcode not in spoke and (wanted is None or pcode in wanted)]


def _counts(asked: Asked) -> Counts:
    period, where, cutoff = asked.period, (asked.scope,), asked.cutoff
    cohort = referrals.referred_cohort(period, *where, cutoff, asked.about)
    return Counts(
        said=feedback.said(period, *where, asked.about),
        referred=cohort.referred,
        answered=cohort.answered,
        confirmed=feedback.confirmed(period, *where, asked.about, cutoff),
        days=referrals.median_days(period, *where, cutoff, asked.about),
        silent=len(silent_groups(asked)),
    )


def _count(key: str, now: int, before: int, asked: Asked) -> Figure:
    if asked.is_narrow and is_small(now):
        return Figure(key, withheld=True)
    return Figure(key, now, before=None if asked.is_narrow and is_small(before) else before)


def _share(key: str, now: Pair, before: Pair, asked: Asked) -> Figure:
    if asked.is_narrow and _tells(now):
        return Figure(key, withheld=True)
    return Figure(key, fraction=now, before=None if asked.is_narrow and _tells(before) else before)


def _tells(pair: Pair) -> bool:
    """Whether a numerator, a denominator or what is between them is a small number."""
    return any(is_small(count) for count in (*pair, pair[1] - pair[0]))
