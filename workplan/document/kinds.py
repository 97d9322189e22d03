"""The elements of a plan and the fields of each: one declaration for its form, tables, file and history."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from workplan.document.fields import (
    Areas,
    Choice,
    Code,
    Field,
    Filters,
    Groups,
    Line,
    Lines,
    Number,
    RegisterRule,
    Windows,
    Years,
    by_name,
)
from workplan.enums import Aggregate, Consolidation, Direction, Kind, Recurrence, Verifier

PLAN, AXIS, OBJECTIVE, ACTIVITY, INDICATOR = "plan", "axis", "objective", "activity", "indicator"


@dataclass(frozen=True)
class ElementKind:
    """`edited`: the fields that a person changes on a page, in order; the others come from a file."""

    code: str
    label: StrOrPromise
    fields: tuple[Field, ...]
    edited: tuple[str, ...]

    def field(self, name: str) -> Field | None:
        return by_name(self.fields).get(name)


_FOCUS = _("Axe géographique (code)")

KINDS: dict[str, ElementKind] = {
    kind.code: kind
    for kind in (
        ElementKind(
            PLAN,
            _("plan"),
            (
                Code("code", _("Code"), _("Code du plan"), longest=60, required=True),
                Line("title", _("Titre"), _("Titre du plan"), required=True),
                Line("country", _("Pays (code de deux lettres)"), _("Pays"), longest=2, required=True),
                Line("owner", _("Porteur du plan"), _("Porteur du plan"), required=True),
                Years("years", _("Années"), _("Années"), required=True),
                Areas("focus_areas", _("Axes géographiques"), _("Axes géographiques")),
                Lines("secretariat", _("Secrétariat du plan"), _("Secrétariat du plan")),
            ),
            ("title", "owner", "years", "focus_areas", "secretariat"),
        ),
        ElementKind(
            AXIS,
            _("axe"),
            (
                Number("number", _("Numéro"), _("N° d’axe"), ("axe n", "numero d axe"), required=True, most=99),
                Field("title", _("Titre"), _("Axe"), ("axe prioritaire", "priorite"), required=True),
            ),
            ("title",),
        ),
        ElementKind(
            OBJECTIVE,
            _("objectif"),
            (
                Line("number", _("Numéro"), _("N° d’objectif"), ("objectif n", "numero d objectif"), 10, required=True),
                Field("title", _("Titre"), _("Objectif"), ("objectifs", "objectif specifique"), required=True),
                Field("description", _("Précisions"), _("Précisions de l’objectif")),
                Line("focus", _FOCUS, _("Axe géographique de l’objectif"), longest=10),
            ),
            ("title", "description", "focus"),
        ),
        ElementKind(
            ACTIVITY,
            _("activité"),
            (
                Line("number", _("Numéro"), _("N° d’activité"), ("activite n", "numero d activite"), 10, required=True),
                Field("title", _("Intitulé"), _("Activité"), ("activites", "action", "actions"), required=True),
                Lines(
                    "leads",
                    _("Responsables"),
                    _("Responsables"),
                    ("leads", "lead", "responsable", "chef de file", "membres de ehp en charge lead"),
                ),
                Lines(
                    "others",
                    _("Autres acteurs"),
                    _("Autres acteurs"),
                    ("autres acteurs expertise ext", "autres acteurs expertise", "partenaires"),
                ),
                Lines("expertise", _("Expertise externe"), _("Expertise externe"), ("expertise", "expertise ext")),
                Line("reporter", _("Qui rapporte, si ce n’est pas les responsables"), _("Qui rapporte")),
                Windows("windows", _("Trimestres"), _("Trimestres de l’activité"), ("trimestres", "calendrier")),
                Line("focus", _FOCUS, _("Axe géographique de l’activité"), longest=10),
                Field("doubt", _("Doute"), _("Doute sur l’activité")),
                Lines("inferred", _("Déduit, à confirmer"), _("Déduit de l’activité")),
            ),
            ("title", "leads", "others", "expertise", "reporter", "windows", "focus"),
        ),
        ElementKind(
            INDICATOR,
            _("indicateur"),
            (
                Line("number", _("Numéro"), _("N° d’indicateur"), ("indicateur n",), 12, required=True),
                Field(
                    "title",
                    _("Intitulé"),
                    _("Indicateur"),
                    ("indicateurs", "indicateur de progres", "indicateurs de progres"),
                    required=True,
                ),
                Choice("kind", _("Type"), _("Type"), ("type d indicateur", "nature"), choices=Kind, required=True),
                Line("share", _("La part compte ce qui est…"), _("Part"), ("dont", "part qui compte")),
                Line("numerator_unit", _("Unité du numérateur"), _("Unité du numérateur"), ("numerateur",)),
                Line("unit", _("Unité du dénominateur"), _("Unité du dénominateur"), ("denominateur", "unite")),
                Groups(
                    "disaggregations", _("Désagrégations"), _("Désagrégations"), ("desagregation", "desagregations")
                ),
                Number("baseline", _("Valeur de départ"), _("Valeur de départ"), ("baseline", "reference", "base")),
                Line("baseline_note", _("D’où vient la valeur de départ"), _("Source de la valeur de départ")),
                Number("target", _("Cible"), _("Cible"), ("target", "cibles")),
                Number("in_need", _("Personnes dans le besoin"), _("Personnes dans le besoin"), ("in need", "pin")),
                Choice("direction", _("Sens souhaité"), _("Sens souhaité"), choices=Direction, default=Direction.UP),
                Field(
                    "means_of_verification",
                    _("Moyens de vérification"),
                    _("Moyens de vérification"),
                    ("moyen de verification", "sources de verification", "source de verification", "mdv"),
                ),
                Choice(
                    "recurrence",
                    _("Rapporté"),
                    _("Rapporté"),
                    ("frequence", "periodicite"),
                    choices=Recurrence,
                    default=Recurrence.QUARTERLY,
                ),
                Choice(
                    "aggregate",
                    _("Comment les trimestres s’additionnent"),
                    _("Addition des trimestres"),
                    choices=Aggregate,
                    default=Aggregate.SUM,
                ),
                Windows("windows", _("Trimestres propres"), _("Trimestres de l’indicateur"), inherits=True),
                Line("focus", _FOCUS, _("Axe géographique de l’indicateur"), longest=10),
                Choice("verifier", _("Qui vérifie"), _("Qui vérifie"), choices=Verifier),
                Choice("consolidation", _("Plusieurs rapporteurs"), _("Plusieurs rapporteurs"), choices=Consolidation),
                Line("measure", _("Calculé par la plateforme"), _("Mesure de la plateforme"), longest=60),
                Filters("over", _("Ce que la mesure compte"), _("Filtres de la mesure")),
                Filters("share_over", _("Ce dont la part est la part"), _("Filtres de la part")),
                RegisterRule("register", _("Registre dont il se compte"), _("Règle de registre")),
                Field("doubt", _("Doute"), _("Doute sur l’indicateur")),
                Lines("inferred", _("Déduit, à confirmer"), _("Déduit de l’indicateur")),
            ),
            (
                "title",
                "share",
                "numerator_unit",
                "unit",
                "disaggregations",
                "baseline",
                "baseline_note",
                "target",
                "in_need",
                "direction",
                "means_of_verification",
                "recurrence",
                "aggregate",
                "windows",
                "focus",
                "verifier",
            ),
        ),
    )
}
# From the whole to its parts.
ORDER = (AXIS, OBJECTIVE, ACTIVITY, INDICATOR)
