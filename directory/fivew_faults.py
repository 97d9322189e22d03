"""What can be wrong with a line of a 5W spreadsheet, and how it is noted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Wrong(TextChoices):
    """What is wrong with a line. Notices: it is taken in all the same, and said."""

    NO_ORGANISATION = "no_organisation", _("Pas d’organisation.")
    ORGANISATION_UNKNOWN = "organisation_unknown", _("Cette organisation n’est pas connue.")
    TWO_ORGANISATIONS = "two_organisations", _("Le sigle et le nom sont de deux organisations.")
    NOT_YOURS = "not_yours", _("Cette ligne est d’une autre organisation que la vôtre.")
    NO_CERCLE = "no_cercle", _("Pas de P-code de cercle : un nom de lieu ne suffit pas.")
    CERCLE_UNKNOWN = "cercle_unknown", _("Ce P-code n’est celui d’aucun cercle.")
    NO_SECTOR = "no_sector", _("Pas de cluster.")
    SECTOR_UNKNOWN = "sector_unknown", _("Ce cluster n’est pas connu.")
    NO_ACTIVITY = "no_activity", _("Pas d’activité.")
    DATE = "date", _("La date ne se lit pas : écrivez-la comme 12/03/2022 ou 2022-03-12.")
    ENDS_FIRST = "ends_first", _("La fin vient avant le début.")
    NUMBER = "number", _("Ce nombre ne se lit pas.")
    TOO_LONG = "too_long", _("Ce texte est trop long.")
    TWICE = "twice", _("Une ligne plus haut dit exactement la même chose.")
    REGION_DIFFERS = "region_differs", _("La région n’est pas celle du cercle : celle du cercle compte.")
    COMMUNE_DIFFERS = "commune_differs", _("La commune n’est pas de ce cercle : elle n’est pas reprise.")


NOTICES = frozenset({Wrong.REGION_DIFFERS, Wrong.COMMUNE_DIFFERS})


@dataclass(frozen=True)
class Fault:
    """Number of the line as a spreadsheet shows it, column (see `Column`), code, and what the cell holds."""

    line: int
    column: str
    code: str
    cell: str = ""
