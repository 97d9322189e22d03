"""The columns of another organisation's file: what they say, what they are called, how our template writes them.

Case by case, they are those of a listening team's own file, and what the organisation calls the matter; as figures,
one line for each count.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.sheet_columns import guessed_columns
from directory.models import Place
from feedback import sheet_columns
from feedback.enums import DepositKind


class CaseColumn(TextChoices):
    """What a column can say of what one person said; the values that `sheet_columns.Column` has too mean the same."""

    WORDS = "words", _("Ses mots")
    ROW_ID = "row_id", _("Leur identifiant")
    SAID_ON = "said_on", _("Dit le")
    CATEGORY = "category", _("Leur catégorie")
    CHANNEL = "channel", _("Canal")
    CONCERNED = "concerned", _("Organisation concernée")
    PLACE = "place", _("Lieu")
    PLACE_SAID = "place_said", _("Lieu, dans ses mots")
    SEX = "sex", _("Sexe")
    AGE = "age_group", _("Âge")
    DISABILITY = "disability", _("Handicap")
    STATUS = "population_status", _("Statut")
    LANGUAGE = "language", _("Langue")
    CONSENT = "consent", _("Accepte que ce soit transmis")
    SAFE_CONTACT = "safe_contact", _("Moyen sûr")
    CONTACT = "contact", _("Numéro, ou personne de confiance")


class FigureColumn(TextChoices):
    """What a column can say of a count."""

    PERIOD = "period", _("Mois ou trimestre")
    PLACE = "place", _("Lieu")
    CATEGORY = "category", _("Leur catégorie")
    SEX = "sex", _("Sexe")
    AGE = "age_group", _("Âge")
    CHANNEL = "channel", _("Canal")
    COUNT = "count", _("Nombre")


Columns = type[CaseColumn] | type[FigureColumn]
COLUMNS: dict[str, Columns] = {DepositKind.CASES: CaseColumn, DepositKind.FIGURES: FigureColumn}
# What nothing can be read without.
NEEDED: dict[str, tuple[TextChoices, ...]] = {
    DepositKind.CASES: (CaseColumn.WORDS,),
    DepositKind.FIGURES: (FigureColumn.PERIOD, FigureColumn.CATEGORY, FigureColumn.COUNT),
}

# Evened-out names (`plain`), surest first. A line number is no identifier: it names another person in the next file.
CATEGORY_NAMES = (
    "leur categorie", "categorie", "category", "type de retour", "type de plainte", "type de feedback", "type",
    "feedback type", "classification", "theme", "code",
)  # fmt: skip
CHANNEL_NAMES = ("canal", "channel", "mode de reception", "moyen de reception", "source du retour", "canal utilise")
OWN_NAMES: dict[str, tuple[str, ...]] = {
    CaseColumn.ROW_ID: (
        "leur identifiant", "uuid", "instanceid", "meta instanceid", "case id", "feedback id", "id du retour",
        "identifiant", "numero de dossier", "reference", "ref", "ticket", "id",
    ),
    CaseColumn.CATEGORY: CATEGORY_NAMES,
    CaseColumn.CHANNEL: CHANNEL_NAMES,
    CaseColumn.CONTACT: (
        "numero ou personne de confiance", *sheet_columns.NAMES[sheet_columns.Column.CONTACT],
    ),
    CaseColumn.CONCERNED: ("organisation concernee", "concernee", "agence concernee", "concerned organisation"),
}  # fmt: skip
FIGURE_NAMES: dict[str, tuple[str, ...]] = {
    FigureColumn.PERIOD: ("mois ou trimestre", "periode", "mois", "trimestre", "period", "month", "quarter", "date"),
    FigureColumn.PLACE: sheet_columns.NAMES[sheet_columns.Column.PLACE],
    FigureColumn.CATEGORY: CATEGORY_NAMES,
    FigureColumn.SEX: sheet_columns.NAMES[sheet_columns.Column.SEX],
    FigureColumn.AGE: sheet_columns.NAMES[sheet_columns.Column.AGE],
    FigureColumn.CHANNEL: CHANNEL_NAMES,
    FigureColumn.COUNT: ("nombre", "nombre de retours", "count", "total", "effectif", "nb", "number", "valeur"),
}  # fmt: skip


def guessed(kind: str, headers: list[str]) -> dict[str, int]:
    """The likely column of each field; each column is taken once."""
    if kind == DepositKind.FIGURES:
        return guessed_columns(headers, {str(column): names for column, names in FIGURE_NAMES.items()})
    shared = {column.value: names for column, names in sheet_columns.NAMES.items() if column.value in CaseColumn.values}
    own = {str(column): names for column, names in OWN_NAMES.items()}
    return guessed_columns(headers, {name: (shared | own)[name] for name in CaseColumn.values})


def missing(kind: str, columns: dict[str, int]) -> list[str]:
    """The labels of what no column says, and nothing can be read without."""
    return [str(column.label) for column in NEEDED[kind] if column.value not in columns]


# What our template shows below its headings: one line that is right, invented, but for its place.
_EXAMPLES: dict[str, tuple[str, ...]] = {
    DepositKind.CASES: (
        "Le point d'eau du site est en panne depuis une semaine.", "MC-2022-0341", "2022-03-12",
        "Eau et assainissement", "point d'écoute", "", "{place}", "quartier Château", "femme", "34", "non",
        "déplacée", "français", "oui", "", "",
    ),
    DepositKind.FIGURES: ("2022-03", "{place}", "Eau et assainissement", "femme", "adulte", "téléphone", "27"),
}  # fmt: skip


def example(kind: str) -> list[str]:
    """One line that is right, with a P-code of this country."""
    pcode = Place.objects.cercles().values_list("pcode", flat=True).first() or ""
    return [pcode if cell == "{place}" else cell for cell in _EXAMPLES[kind]]
