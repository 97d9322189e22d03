"""Spreadsheets as OCHA's 5W really is: headings of its own, mixed case, stray spaces, `#N/A`."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.models import InterventionFile
from tests.directory.workbooks import workbook

FILES = "/directory/5w/files/"
HEADINGS = (
    "Organisation Acronyme", "Organisation Nom", "Type Organisation", "Programme Org", "Bailleur", "admin1Pcod",
    "Admin1Name", "admin2Pcod ", "Admin2Name", "admin3Pcod", "Admin3Name", "Village", "CLUSTER", "HRP (O/N)", "Projet",
    "Date début", "Date fin", "Activités", "Montant cash", "# Femmes ciblées", "# Hommes ciblés", "Filles ciblées",
    "Garçons ciblés", "Ciblés >59 ans", "Ciblés handicap", "Femmes atteintes", "Hommes atteints", "Filles atteintes",
    "Garçons atteints", "Atteints >59", "Atteints handicap", "Remarques", "Colonne d’OCHA",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(HEADINGS)}
GOOD = {
    "Organisation Acronyme": "NRC", "Organisation Nom": "Conseil norvégien pour les réfugiés",
    "Type Organisation": "ONG Int", "Bailleur": "ECHO", "admin1Pcod": "ML07", "Admin1Name": "Gao",
    "admin2Pcod ": "ML0703", "Admin2Name": "Gao", "CLUSTER": "Protection", "HRP (O/N)": "O", "Projet": "PRO-1",
    "Date début": "01/01/2023", "Date fin": "2023-12-31", "# Femmes ciblées": "120", "Femmes atteintes": "1 100",
}  # fmt: skip


def row(activity: str, **changes: Any) -> list[Any]:
    """One good row; `changes` by the beginning of a heading (`cercle=`, `region=` for the codes)."""
    short = {
        "sigle": "Organisation Acronyme", "nom": "Organisation Nom", "type": "Type Organisation",
        "cercle": "admin2Pcod ", "region": "admin1Pcod", "region_nom": "Admin1Name", "commune": "admin3Pcod",
        "cluster": "CLUSTER", "debut": "Date début", "fin": "Date fin", "cash": "Montant cash",
        "femmes": "# Femmes ciblées", "atteintes": "Femmes atteintes", "village": "Village",
        "bailleur": "Bailleur", "remarques": "Remarques",
    }  # fmt: skip
    said = GOOD | {"Activités": activity} | {short[name]: value for name, value in changes.items()}
    return [said.get(heading, "") for heading in HEADINGS]


def as_text(*rows: list[Any]) -> bytes:
    lines = [HEADINGS, *rows]
    return "\n".join(";".join(str(cell) for cell in line) for line in lines).encode()


def as_book(*rows: list[Any], titles: int = 2) -> bytes:
    """A page of explanations, titles above the headings, tags of HXL below them."""
    above = [["Matrice 5W – Mali"]] * titles
    return workbook([["Lisez-moi : projet, activité"]], [*above, list(HEADINGS), ["#org+acronym", "#org+name"], *rows])


def uploaded(client: Client, content: bytes, source: str = "5W") -> InterventionFile:
    file = SimpleUploadedFile("5W de décembre.csv", content)
    asked = {"once": str(uuid.uuid4()), "file": file, "source_name": source}
    response = client.post(FILES, asked)
    assert response.status_code == 302, response.content.decode()
    return InterventionFile.objects.latest("uploaded_at")


def checked(client: Client, content: bytes, source: str = "5W") -> InterventionFile:
    """Uploaded, its guessed columns confirmed, checked by the task."""
    file = uploaded(client, content, source)
    address = f"{FILES}{file.pk}/"
    form = client.get(address).context["form"]
    columns = {name: field.initial for name, field in form.fields.items()}
    assert client.post(address, columns | {"then": "check"}).status_code == 302
    file.refresh_from_db()
    return file


def taken(client: Client, content: bytes, source: str = "5W") -> InterventionFile:
    file = checked(client, content, source)
    assert client.post(f"{FILES}{file.pk}/", {"then": "take"}).status_code == 302
    file.refresh_from_db()
    assert file.finished_at is not None
    return file


def counted(file: InterventionFile) -> dict[str, int]:
    return {name: file.counts[name] for name in ("created", "changed", "same", "refused", "absent")}
