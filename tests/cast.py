"""The fixed cast: the same people in every test, across agencies, offices and roles.

| who | organisation | role |
|---|---|---|
| awa | Ligne verte | operator |
| oumar | NRC (Bamako) | focal point |
| fanta | NRC Gao (zone: Gao) | focal point |
| ibrahim | HCR | focal point |
| mariam | HCR | agency manager |
| salif | HCR | integrity focal point |
| kadia | HCR | protection focal point |
| moussa | HCR | security focal point |
| aminata | HCR | PSEA intake officer |
| rokia | NRC | PSEA intake officer |
| hawa | PAM | PSEA focal point |
| nana | HCR | PSEA focal point |
| coumba | OCHA | PSEA coordinator |
| lassana | OCHA | workplan lead |
| djeneba | OCHA | working group |
| robert | an embassy | observer |
| zeina | NRC | auditor |
| adama | OCHA | administrator |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from directory.enums import OrganisationKind
from directory.geography import load_geography
from directory.models import Office, Organisation, Place, User, UserRole
from directory.roles import Role
from feedback.reference_data import load_categories, load_deadlines

PASSWORD = "une phrase de passe commune"
DOMAIN = "jaabi.example"

ORGANISATIONS = {
    "hcr": ("Haut-Commissariat pour les réfugiés", "HCR", OrganisationKind.UN),
    "nrc": ("Conseil norvégien pour les réfugiés", "NRC", OrganisationKind.INGO),
    "pam": ("Programme alimentaire mondial", "PAM", OrganisationKind.UN),
    "ocha": ("Coordination des affaires humanitaires", "OCHA", OrganisationKind.UN),
    "line": ("Ligne verte commune", "Ligne verte", OrganisationKind.COMMON_SERVICE),
    "embassy": ("Ambassade amie", "Ambassade", OrganisationKind.OTHER),
}
OFFICES = {"nrc_bamako": ("nrc", "Bamako", "ML0901"), "nrc_gao": ("nrc", "Gao", "ML0703")}
PEOPLE = {
    "awa": ("line", None, Role.OPERATOR),
    "oumar": ("nrc", "nrc_bamako", Role.FOCAL_POINT),
    "fanta": ("nrc", "nrc_gao", Role.FOCAL_POINT),
    "ibrahim": ("hcr", None, Role.FOCAL_POINT),
    "mariam": ("hcr", None, Role.AGENCY_MANAGER),
    "salif": ("hcr", None, Role.INTEGRITY_FOCAL_POINT),
    "kadia": ("hcr", None, Role.PROTECTION_FOCAL_POINT),
    "moussa": ("hcr", None, Role.SECURITY_FOCAL_POINT),
    "aminata": ("hcr", None, Role.PSEA_INTAKE_OFFICER),
    "rokia": ("nrc", None, Role.PSEA_INTAKE_OFFICER),
    "hawa": ("pam", None, Role.PSEA_FOCAL_POINT),
    "nana": ("hcr", None, Role.PSEA_FOCAL_POINT),
    "coumba": ("ocha", None, Role.PSEA_COORDINATOR),
    "lassana": ("ocha", None, Role.WORKPLAN_LEAD),
    "djeneba": ("ocha", None, Role.WORKING_GROUP),
    "robert": ("embassy", None, Role.OBSERVER),
    "zeina": ("nrc", None, Role.AUDITOR),
    "adama": ("ocha", None, Role.ADMINISTRATOR),
}
PLACE_SCOPES = {"fanta": ["ML07"]}


@dataclass
class Cast:
    """People, organisations and offices by their short names."""

    people: dict[str, User]
    organisations: dict[str, Organisation]
    offices: dict[str, Office]

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error


def make_cast() -> None:
    """Loads reference data and writes the cast, once per test database."""
    load_geography()
    load_categories()
    load_deadlines()
    password = make_password(PASSWORD)
    for name, acronym, kind in ORGANISATIONS.values():
        Organisation.objects.create(
            name=name,
            acronym=acronym,
            kind=kind,
            protocol_signed_on=date(2020, 9, 1),
            protocol_version="1.0",
            has_investigation_unit=True,
        )
    organisations = _organisations()
    for organisation, name, pcode in OFFICES.values():
        Office.objects.create(organisation=organisations[organisation], name=name, place=Place.objects.get(pcode=pcode))
    offices = _offices(organisations)
    for name, (organisation, office, role) in PEOPLE.items():
        person = User.objects.create(
            email=f"{name}@{DOMAIN}",
            name=name.title(),
            password=password,
            organisation=organisations[organisation],
            office=offices[office] if office else None,
        )
        UserRole.objects.create(user=person, role=role)
        person.place_scope.set(Place.objects.filter(pcode__in=PLACE_SCOPES.get(name, [])))


def found_cast() -> Cast:
    """The cast, read fresh for one test."""
    organisations = _organisations()
    people = {user.email.split("@")[0]: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    return Cast(people, organisations, _offices(organisations))


def _organisations() -> dict[str, Organisation]:
    by_acronym = {organisation.acronym: organisation for organisation in Organisation.objects.all()}
    return {short: by_acronym[acronym] for short, (_, acronym, _) in ORGANISATIONS.items()}


def _offices(organisations: dict[str, Organisation]) -> dict[str, Office]:
    return {
        short: Office.objects.get(organisation=organisations[organisation], name=name)
        for short, (organisation, name, _) in OFFICES.items()
    }
