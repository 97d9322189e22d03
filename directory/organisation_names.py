"""Which organisation a spreadsheet means: by its acronym or name, evened out, or as somebody matched it before."""

from __future__ import annotations

from collections import defaultdict

from core.spelling import plain
from directory.enums import OrganisationKind
from directory.models import Organisation, OrganisationSpelling

LONGEST = 160
# How 5W spreadsheets write the types (facts.md §3.4), evened out.
KINDS = {
    "agence un": OrganisationKind.UN, "un": OrganisationKind.UN, "onu": OrganisationKind.UN,
    "nations unies": OrganisationKind.UN, "agence onu": OrganisationKind.UN,
    "ong int": OrganisationKind.INGO, "ongi": OrganisationKind.INGO, "ingo": OrganisationKind.INGO,
    "ong internationale": OrganisationKind.INGO, "ong nat": OrganisationKind.NNGO, "ongn": OrganisationKind.NNGO,
    "nngo": OrganisationKind.NNGO, "ong nationale": OrganisationKind.NNGO,
    "mouv cr": OrganisationKind.RED_CROSS, "croix rouge": OrganisationKind.RED_CROSS,
    "mouvement croix rouge": OrganisationKind.RED_CROSS,
    "gouvernement": OrganisationKind.GOVERNMENT, "etat": OrganisationKind.GOVERNMENT,
}  # fmt: skip


class KnownNames:
    """Every organisation under what it is called, read once."""

    def __init__(self) -> None:
        called: dict[str, set[int]] = defaultdict(set)
        for pk, acronym, name in Organisation.objects.values_list("pk", "acronym", "name"):
            for text in (acronym, name):
                called[plain(text)].add(pk)
        self._ids = {text: next(iter(pks)) for text, pks in called.items() if text and len(pks) == 1}
        self._ids |= dict(OrganisationSpelling.objects.values_list("spelling", "organisation_id"))

    def found(self, acronym: str, name: str) -> set[int]:
        """The ids that these two mean: one, none, or two where they contradict each other."""
        return {pk for text in (acronym, name) if (pk := self._ids.get(plain(text)[:LONGEST])) is not None}


def key_of(acronym: str, name: str) -> str:
    """What an organisation that nobody knows is listed under."""
    return (plain(acronym) or plain(name))[:LONGEST]


def kind_of(text: str) -> OrganisationKind:
    return KINDS.get(plain(text), OrganisationKind.OTHER)
