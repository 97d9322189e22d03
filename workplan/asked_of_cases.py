"""What a figure over cases can be asked of: each filter, its label and its choices.

Restricted and sealed matters are no choice: nothing says that there are any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from directory.enums import AgeGroup, PopulationStatus, Sex
from directory.languages import Language
from directory.models import Place
from feedback.enums import Channel
from feedback.models import Category
from referrals.enums import Refusal
from workplan.suppression import TOTAL
from workplan.zones import zones

Choices = Sequence[tuple[str, StrOrPromise]]
LABELS: Mapping[str, StrOrPromise] = {
    "scope": _("Zone"),
    "category": _("Catégorie"),
    "channel": _("Canal"),
    "sex": _("Sexe"),
    "age_group": _("Âge"),
    "population_status": _("Statut"),
    "language": _("Langue"),
}

# What a count can be broken down by, and how the parts are named.
PARTS: Mapping[str, StrOrPromise] = {
    "place": _("Lieu"),
    **{name: label for name, label in LABELS.items() if name != "scope"},
    "reason": _("Motif"),
}


def rows_of(part: str, counts: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    """In: one of PARTS, counts by its codes. Out: named rows, longest first, withheld ones and the total last."""
    rest = _("autres ou pas encore triés") if part == "category" else _("autres ou non communiqué")
    names = {"": rest, TOTAL: _("Ensemble"), **_names_of(part)}
    ordered = sorted(counts, key=lambda code: (code == TOTAL, counts[code] is None, -(counts[code] or 0), code))
    return [(str(names.get(code, code)), counts[code]) for code in ordered]


def _names_of(part: str) -> dict[str, StrOrPromise]:
    if part == "place":
        return dict(Place.objects.values_list("pcode", "name"))
    if part == "category":
        return dict(Category.objects.values_list("code", "label"))
    return dict(Refusal.choices if part == "reason" else _ENUMS[part].choices)


def choices_of(name: str) -> Choices:
    """In: one of LABELS. Out: its codes and their labels."""
    if name == "scope":
        return zones()
    if name == "category":
        asked = Category.objects.filter(restricted_kind="", is_vault=False, is_counted=True, is_active=True)
        return [(each.code, each.label) for each in asked]
    return _ENUMS[name].choices


def is_known(name: str, code: str) -> bool:
    """Whether a filter and its code exist."""
    return name in LABELS and code in dict(choices_of(name))


def in_words(asked: Mapping[str, str]) -> str:
    """ "Zone : Liptako-Gourma, Sexe : femme ou fille"; "" for everything."""
    return ", ".join(f"{LABELS[name]} : {dict(choices_of(name)).get(code, code)}" for name, code in asked.items())


_ENUMS: dict[str, type[TextChoices]] = {
    "channel": Channel,
    "sex": Sex,
    "age_group": AgeGroup,
    "population_status": PopulationStatus,
    "language": Language,
}
