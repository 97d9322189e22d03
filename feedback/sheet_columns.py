"""Which column of an uploaded table says what: guessed from its name, then confirmed by a person.

KoboToolbox and ODK exports are known by `_uuid` or `_submission_time`; their groups stand before a slash.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.sheet_columns import guessed_columns, last_part
from core.spelling import plain


class Column(TextChoices):
    """What a column can say."""

    WORDS = "words", _("Ses mots")
    ROW_ID = "row_id", _("Identifiant de la ligne")
    SAID_ON = "said_on", _("Dit le")
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
    BOOKLET = "booklet_number", _("Numéro du carnet")


# Evened-out names (`plain`), surest first.
NAMES: dict[Column, tuple[str, ...]] = {
    Column.WORDS: (
        "ses mots", "message", "feedback", "retour", "plainte", "commentaire", "description", "contenu",
        "words", "comment", "complaint", "que dit la personne", "texte", "text",
    ),
    Column.ROW_ID: ("uuid", "instanceid", "meta instanceid", "id", "identifiant", "numero de ligne", "n"),
    Column.SAID_ON: (
        "dit le", "date du retour", "date de collecte", "date", "today", "jour", "submission time", "end", "start",
    ),
    Column.PLACE: (
        "cercle", "lieu", "pcode", "localite", "district", "departement", "province", "place", "admin2", "region",
        "admin1",
    ),
    Column.PLACE_SAID: ("lieu dans ses mots", "village", "site", "quartier", "lieu precis"),
    Column.SEX: ("sexe", "genre", "sex", "gender"),
    Column.AGE: ("age", "tranche d age", "groupe d age", "age group"),
    Column.DISABILITY: ("handicap", "disability", "en situation de handicap"),
    Column.STATUS: ("statut", "statut de deplacement", "status", "population status"),
    Column.LANGUAGE: ("langue", "language"),
    Column.CONSENT: ("consentement", "accepte que ce soit transmis", "accord", "consent"),
    Column.SAFE_CONTACT: ("moyen sur", "moyen de contact", "safe contact"),
    Column.CONTACT: ("telephone", "numero de telephone", "contact", "tel", "phone"),
    Column.BOOKLET: ("numero du carnet", "carnet", "numero de recu", "receipt"),
}  # fmt: skip
OF_SURVEYS = ("uuid", "submission time", "instanceid", "meta instanceid")


def guessed(headers: list[str]) -> dict[str, int]:
    """The likely column of each field; each column is taken once."""
    return guessed_columns(headers, {column.value: names for column, names in NAMES.items()})


def is_from_a_survey_tool(headers: list[str]) -> bool:
    """Whether KoboToolbox or ODK wrote this."""
    return any(plain(header) in OF_SURVEYS or plain(last_part(header)) in OF_SURVEYS for header in headers)
