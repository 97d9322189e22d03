"""A file of reference figures: one line per place, sex and age group. All of it is taken, or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.utils.translation import gettext as _

from directory.enums import AgeGroup, Sex
from directory.models import Place

Row = Mapping[str, str]
One = TypeVar("One")
COLUMNS = ("pcode", "sex", "age_group", "count")
LARGEST = 1_000_000
MOST_ERRORS = 20
SEX = {
    **dict.fromkeys(["female", "f", "femme", "femmes", "fille"], Sex.FEMALE),
    **dict.fromkeys(["male", "m", "h", "homme", "hommes", "garçon"], Sex.MALE),
}
AGE = {
    **dict.fromkeys(["child", "0-17", "<18"], AgeGroup.CHILD),
    **dict.fromkeys(["adult", "18-59"], AgeGroup.ADULT),
    **dict.fromkeys(["older", "60+", ">=60"], AgeGroup.OLDER),
}


@dataclass(frozen=True)
class Figure:
    """One count, as read or typed."""

    place: Place
    sex: str
    age_group: str
    count: int


class Unreadable(Exception):
    """`sentences`: what is wrong, line by line."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def figures_in(data: bytes) -> list[Figure]:
    """Reads CSV with a heading. A line without a count says nothing. Raises Unreadable."""
    rows = rows_of(data, COLUMNS)
    places = {place.pcode: place for place in Place.objects.all()}
    lines = ((number, row) for number, row in enumerate(rows, start=2) if row["count"])
    return taken_whole(lines, partial(_figure, places=places), lambda one: (one.place.pcode, one.sex, one.age_group))


def taken_whole(
    lines: Iterable[tuple[int, Row]], read: Callable[[Row], One], place_of: Callable[[One], Hashable]
) -> list[One]:
    """Each line read, no place twice. `read` raises ValueError with what is wrong, in words. Raises Unreadable."""
    found: dict[Hashable, One] = {}
    wrong = []
    for number, row in lines:
        try:
            figure = read(row)
            if place_of(figure) in found:
                raise ValueError(_("ce groupe y est déjà"))
            found[place_of(figure)] = figure
        except ValueError as error:
            wrong.append(_("Ligne %(number)s : %(why)s.") % {"number": number, "why": error})
    if wrong:
        raise Unreadable(*wrong[:MOST_ERRORS])
    if not found:
        raise Unreadable(_("Ce fichier ne contient aucun chiffre."))
    return list(found.values())


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def rows_of(data: bytes, columns: Sequence[str]) -> list[Row]:
    """The lines of a CSV with these columns, commas or semicolons between them. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(_("Ce fichier est trop grand."))
    text = _text(data)
    heading = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in heading else ",")
    missing = [name for name in columns if name not in (reader.fieldnames or [])]
    if missing:
        raise Unreadable(_("Il manque ces colonnes : %(names)s.") % {"names": ", ".join(missing)})
    try:
        return [{name: (row.get(name) or "").strip() for name in columns} for row in reader]
    except csv.Error as error:
        raise Unreadable(_("Ce fichier n’est pas un CSV lisible.")) from error


def _figure(row: Row, places: Mapping[str, Place]) -> Figure:
    """Raises ValueError with what is wrong, in words."""
    place, sex, age = places.get(row["pcode"]), SEX.get(row["sex"].lower()), AGE.get(row["age_group"].lower())
    if place is None:
        raise ValueError(_("lieu inconnu (un P-code de région ou de cercle)"))
    if sex is None:
        raise ValueError(_("sexe inconnu (female ou male)"))
    if age is None:
        raise ValueError(_("âge inconnu (child, adult ou older)"))
    digits = "".join(row["count"].split())
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise ValueError(_("ce n’est pas un nombre entier"))
    return Figure(place, sex.value, age.value, int(digits))
