"""The columns of OCHA's 5W spreadsheet (facts.md §3.4): what they say, what they are called, how we write them."""

from __future__ import annotations

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.sheet_columns import guessed_columns
from core.spelling import plain

GROUPS = ("women", "men", "girls", "boys", "older", "disabled")


class Column(TextChoices):
    """What a column can say, in the order in which the spreadsheet has them."""

    ACRONYM = "acronym", _("Organisation, sigle")
    NAME = "name", _("Organisation, nom")
    KIND = "kind", _("Organisation, type")
    PROGRAMME = "programme_organisation", _("Organisation du programme")
    DONOR = "donor", _("Bailleur")
    REGION_CODE = "region_code", _("Région, P-code")
    REGION = "region", _("Région, nom")
    CERCLE_CODE = "cercle_code", _("Cercle, P-code")
    CERCLE = "cercle", _("Cercle, nom")
    COMMUNE_CODE = "commune_pcode", _("Commune, P-code")
    COMMUNE = "commune", _("Commune, nom")
    VILLAGE = "village", _("Village ou site")
    SECTOR = "sector", _("Cluster")
    HRP = "in_hrp", _("Dans le HRP, oui ou non")
    PROJECT = "project", _("Projet")
    STARTS = "starts_on", _("Date de début")
    ENDS = "ends_on", _("Date de fin")
    ACTIVITY = "activity", _("Activité")
    CASH = "cash_amount", _("Montant en espèces")
    TARGETED_WOMEN = "targeted_women", _("Femmes ciblées")
    TARGETED_MEN = "targeted_men", _("Hommes ciblés")
    TARGETED_GIRLS = "targeted_girls", _("Filles ciblées")
    TARGETED_BOYS = "targeted_boys", _("Garçons ciblés")
    TARGETED_OLDER = "targeted_older", _("Personnes âgées ciblées")
    TARGETED_DISABLED = "targeted_disabled", _("Personnes handicapées ciblées")
    REACHED_WOMEN = "reached_women", _("Femmes atteintes")
    REACHED_MEN = "reached_men", _("Hommes atteints")
    REACHED_GIRLS = "reached_girls", _("Filles atteintes")
    REACHED_BOYS = "reached_boys", _("Garçons atteints")
    REACHED_OLDER = "reached_older", _("Personnes âgées atteintes")
    REACHED_DISABLED = "reached_disabled", _("Personnes handicapées atteintes")
    REMARKS = "remarks", _("Remarques")


# How we write each in an export, and read it back. Not translated: other teams' tools read them.
HEADINGS: dict[Column, str] = {
    Column.ACRONYM: "Organisation_Acronyme",
    Column.NAME: "Organisation_Nom",
    Column.KIND: "Organisation_Type",
    Column.PROGRAMME: "Organisation_Programme",
    Column.DONOR: "Bailleur",
    Column.REGION_CODE: "admin1Pcod",
    Column.REGION: "admin1Name",
    Column.CERCLE_CODE: "admin2Pcod",
    Column.CERCLE: "admin2Name",
    Column.COMMUNE_CODE: "admin3Pcod",
    Column.COMMUNE: "admin3Name",
    Column.VILLAGE: "Village",
    Column.SECTOR: "Cluster",
    Column.HRP: "HRP",
    Column.PROJECT: "Projet",
    Column.STARTS: "Date_Debut",
    Column.ENDS: "Date_Fin",
    Column.ACTIVITY: "Activite",
    Column.CASH: "Montant_Cash",
    **{
        Column(f"{stage}_{group}"): f"{stage_heading}_{heading}"
        for stage, stage_heading in (("targeted", "Cible"), ("reached", "Atteint"))
        for group, heading in zip(GROUPS, ("Femme", "Homme", "Fille", "Garcon", "59plus", "Handicap"), strict=True)
    },
    Column.REMARKS: "Remarques",
}

# Evened-out names (`plain`), surest first; our own headings come before them.
OTHER_NAMES: dict[Column, tuple[str, ...]] = {
    Column.ACRONYM: ("organisation acronyme", "acronyme", "sigle", "org acronyme", "acronym", "organisation sigle"),
    Column.NAME: ("organisation nom", "nom organisation", "nom de l organisation", "organisation", "org nom", "org"),
    Column.KIND: ("organisation type", "type organisation", "type d organisation", "type org"),
    Column.PROGRAMME: ("programme org", "organisation programme", "org programme", "organisation du programme"),
    Column.DONOR: ("bailleur", "bailleurs", "donateur", "donor", "bailleur de fonds"),
    Column.REGION_CODE: ("admin1pcod", "admin1pcode", "admin1 pcode", "admin1 p code", "region pcode", "code region"),
    Column.REGION: ("admin1name", "admin1 name", "admin1", "region", "region nom"),
    Column.CERCLE_CODE: (
        "admin2pcod", "admin2pcode", "admin2 pcode", "admin2 p code", "cercle pcode", "code cercle",
        "departement pcode", "code departement", "province pcode", "code province",
    ),
    Column.CERCLE: ("admin2name", "admin2 name", "admin2", "cercle", "cercle nom", "departement", "province"),
    Column.COMMUNE_CODE: ("admin3pcod", "admin3pcode", "admin3 pcode", "admin3 p code", "code commune"),
    Column.COMMUNE: ("admin3name", "admin3 name", "admin3", "commune", "commune nom"),
    Column.VILLAGE: ("village", "village site", "site", "localite", "admin4", "village quartier"),
    Column.SECTOR: ("cluster", "secteur", "sector", "clusters"),
    Column.HRP: ("hrp", "hrp o n", "hrp oui non", "dans le hrp", "projet hrp"),
    Column.PROJECT: ("projet", "titre du projet", "nom du projet", "project", "code projet"),
    Column.STARTS: ("date debut", "date de debut", "debut", "start date", "date start", "date debut activite"),
    Column.ENDS: ("date fin", "date de fin", "fin", "end date", "date end", "date fin activite"),
    Column.ACTIVITY: ("activite", "activites", "activity", "description de l activite", "type d activite"),
    Column.CASH: ("montant cash", "montant", "cash", "montant en especes", "montant du cash"),
    Column.REMARKS: ("remarques", "remarque", "commentaires", "commentaire", "observations", "remarks", "comments"),
}  # fmt: skip
NAMES = {one.value: (plain(HEADINGS[one]), *OTHER_NAMES.get(one, ())) for one in Column}

# What columns of people have in their names: "# Femmes ciblées", "Reached girls", "Atteints >59".
STAGES = {"targeted": r"\b(cibl|target|planifi)", "reached": r"\b(attei|reach|touche)"}
STEMS = {
    "disabled": r"\b(handicap|disab)",
    "older": r"\b(59|60|agee?s?\b|older|elder)",
    "girls": r"\b(fille|girl)",
    "boys": r"\b(garcon|boy)",
    "women": r"\b(femme|women\b|woman\b)",
    "men": r"\b(homme|men\b|man\b)",
}


def guessed(headers: list[str]) -> dict[str, int]:
    """The likely column of each field; each column is taken once."""
    found = guessed_columns(headers, NAMES)
    for place, header in enumerate(headers):
        column = _of_people(plain(header))
        if column and column not in found and place not in found.values():
            found[column] = place
    return found


def _of_people(name: str) -> str:
    stage = next((stage for stage, pattern in STAGES.items() if re.search(pattern, name)), "")
    group = next((group for group, pattern in STEMS.items() if re.search(pattern, name)), "")
    return f"{stage}_{group}" if stage and group else ""
