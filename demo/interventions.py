"""An invented 5W, taken in as a real one is: one file of the working group, and one of an agency that grew old."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from core.sheet_writing import Cell, as_csv
from directory.actions.intervention_files import check_file, confirm_file, upload_file
from directory.actions.intervention_pass import take_file
from directory.enums import Sector
from directory.fivew_columns import GROUPS, HEADINGS, Column
from directory.models import Organisation, Place, User
from directory.roles import Role

ROWS, SMALL_ROWS = 320, 40
# What each organisation works on; a cercle is one of those where the crisis is.
WORK: dict[str, tuple[Sector, ...]] = {
    "UNICEF": (Sector.WASH, Sector.NUTRITION, Sector.EDUCATION),
    "PAM": (Sector.FOOD_SECURITY, Sector.LOGISTICS),
    "HCR": (Sector.PROTECTION, Sector.SHELTER),
    "OIM": (Sector.SHELTER, Sector.PROTECTION),
    "UNFPA": (Sector.HEALTH, Sector.PROTECTION),
    "NRC": (Sector.EDUCATION, Sector.WASH, Sector.FOOD_SECURITY),
    "DRC": (Sector.PROTECTION, Sector.RECOVERY),
    "ASD": (Sector.PROTECTION, Sector.FOOD_SECURITY),
    "JAM": (Sector.SHELTER, Sector.WASH),
    "CRM": (Sector.HEALTH, Sector.WASH),
}
REGIONS = ("ML04", "ML05", "ML06", "ML07", "ML08", "ML10")
DOING: dict[Sector, tuple[str, ...]] = {
    Sector.SHELTER: ("Distribution de bâches", "Réhabilitation d’abris", "Kits d’articles ménagers"),
    Sector.EDUCATION: ("Classes temporaires", "Kits scolaires", "Formation d’enseignants"),
    Sector.WASH: ("Réparation de points d’eau", "Construction de latrines", "Promotion de l’hygiène"),
    Sector.NUTRITION: ("Dépistage de la malnutrition", "Prise en charge de la malnutrition aiguë"),
    Sector.PROTECTION: ("Monitoring de protection", "Espaces amis des enfants", "Aide à la documentation"),
    Sector.FOOD_SECURITY: ("Distribution de vivres", "Transferts monétaires", "Semences et outils"),
    Sector.HEALTH: ("Cliniques mobiles", "Appui aux centres de santé", "Vaccination"),
    Sector.LOGISTICS: ("Transport aérien humanitaire", "Entreposage commun"),
    Sector.RECOVERY: ("Activités génératrices de revenus", "Cohésion sociale"),
}
DONORS = ("ECHO", "CERF", "Fonds humanitaire", "BHA", "AFD")
AGED = timedelta(days=150)


def make_interventions(seed: int, now: datetime, *, small: bool) -> None:
    """Some hundred lines for everyone; and an agency's own file of five months ago, to be told anew."""
    rng = Random(seed)
    keeper = User.objects.with_role(Role.WORKING_GROUP).order_by("pk").first()
    cercles = list(Place.objects.cercles().filter(parent__pcode__in=REGIONS).order_by("pcode"))
    known = {one.acronym: one for one in Organisation.objects.filter(acronym__in=WORK)}
    today, count = now.date(), SMALL_ROWS if small else ROWS
    theirs = [one for acronym, one in sorted(known.items()) if acronym != "OIM"]
    _take([_row(rng, rng.choice(theirs), rng.choice(cercles), today) for _number in range(count)], keeper, seed, now)
    if (agency := known.get("OIM")) is not None:
        manager = User.objects.with_role(Role.AGENCY_MANAGER, organisation=agency).order_by("pk").first()
        aged = [_row(rng, agency, place, today) for place in cercles[: count // 16]]
        _take(aged, manager or keeper, seed + 1, now - AGED)


def _take(rows: Sequence[Sequence[Cell]], keeper: User | None, number: int, at: datetime) -> None:
    """Checks and takes in one file, as its keeper and a worker do."""
    if keeper is None or not rows:
        return
    once = uuid.UUID(int=Random(f"5w:{number}").getrandbits(128), version=4)
    file = upload_file(as_csv(list(HEADINGS.values()), rows), source_name="5W", once=once, by=keeper, at=at)
    check_file(file.pk, file.columns, by=keeper)
    take_file(file.pk)
    confirm_file(file.pk, by=keeper, at=at)
    take_file(file.pk)


def _row(rng: Random, organisation: Organisation, place: Place, today: date) -> list[Cell]:
    sector = rng.choice(WORK[organisation.acronym])
    starts = today - timedelta(days=rng.randrange(20, 300))
    targeted = {group: rng.randrange(20, 900) for group in GROUPS}
    said: dict[Column, Cell] = {
        Column.ACRONYM: organisation.acronym,
        Column.NAME: organisation.name,
        Column.KIND: str(organisation.get_kind_display()),
        Column.DONOR: rng.choice(DONORS),
        Column.REGION_CODE: place.region.pcode,
        Column.REGION: place.region.name,
        Column.CERCLE_CODE: place.pcode,
        Column.CERCLE: place.name,
        Column.SECTOR: str(sector.label),
        Column.HRP: rng.choice(("Oui", "Oui", "Non")),
        Column.PROJECT: f"{organisation.acronym}-{rng.randrange(10, 40)}",
        Column.STARTS: starts,
        Column.ENDS: starts + timedelta(days=rng.randrange(240, 540)),
        Column.ACTIVITY: rng.choice(DOING[sector]),
        **{Column(f"targeted_{group}"): people for group, people in targeted.items()},
        **{Column(f"reached_{group}"): int(people * rng.uniform(0.2, 1.1)) for group, people in targeted.items()},
    }
    return [said.get(column, "") for column in HEADINGS]
