"""One row of an uploaded table as something somebody said; or the code of what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.index import drawn_hash
from core.phones import normalise
from core.receipt_number import digits_of, is_well_formed
from core.sheet_cells import day_of
from core.sheet_reading import Table
from core.spelling import plain
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, Sex
from directory.languages import Language, spoken
from directory.models import Place
from feedback.actions.receive import Spoken
from feedback.enums import SafeContact
from feedback.sheet_columns import Column

LONGEST = 20_000
NOON = time(12)
UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NOES = {"non", "no", "n", "0", "false", "faux", "refuse"}
BY_PHONE = (SafeContact.SMS, SafeContact.CALL)
CHILDREN_UNDER, OLDER_FROM = 18, 60
# What survey forms and registers write for our codes, evened out.
SPELT = {
    "f": "female", "femme": "female", "feminin": "female", "fille": "female", "female": "female",
    "m": "male", "h": "male", "homme": "male", "masculin": "male", "garcon": "male", "male": "male",
    "oui": "yes", "o": "yes", "1": "yes", "non": "no", "n": "no", "0": "no",
    "pdi": "idp", "deplace": "idp", "deplacee": "idp", "idp": "idp", "hote": "host", "resident": "host",
    "retourne": "returnee", "retournee": "returnee", "refugie": "refugee", "refugiee": "refugee",
    "enfant": "child", "adulte": "adult", "aine": "older", "appel": "call", "telephone": "call",
}  # fmt: skip
SPELT = {plain(name): code for code, about in spoken().items() for name in about.get("called", ())} | SPELT


class Wrong(TextChoices):
    """Why a row is not taken in; nothing of what it says."""

    NO_WORDS = "no_words", _("Pas de mots dans cette ligne.")
    TOO_LONG = "too_long", _("Ces mots sont trop longs pour une ligne.")
    DATE = "date", _("La date ne se lit pas : écrivez-la comme 12/03/2022 ou 2022-03-12.")
    FUTURE = "future", _("Cette date n’est pas encore venue.")
    CONTACT = "contact", _("Le numéro de téléphone ne se lit pas.")
    BOOKLET = "booklet", _("Il y a une erreur dans le numéro du carnet, ou il est déjà pris.")
    TWICE = "twice", _("Une ligne plus haut porte le même identifiant, et dit autre chose.")
    ROW_ID = "row_id", _("Cet identifiant est trop long : ce n’en est pas un.")
    CATEGORY = "category", _("Cette catégorie est trop longue : ce n’en est pas une.")


class BadRow(Exception):
    def __init__(self, code: Wrong) -> None:
        super().__init__(code.value)
        self.code = code


class Rows:
    """The rows of one table under the columns that somebody confirmed. `usual`: where no column says it."""

    def __init__(self, table: Table, columns: Mapping[str, int], usual: Mapping[str, Any]) -> None:
        self.table, self.columns, self.usual = table, columns, usual
        self.places = {plain(text): place for place in Place.objects.all() for text in (place.name, place.pcode)}

    def said(self, row: list[str], source_key: str) -> Spoken:
        """What one row says, under this name. Raises BadRow."""
        words = self.cell(row, Column.WORDS)
        if not words:
            raise BadRow(Wrong.NO_WORDS)
        if len(words) > LONGEST:
            raise BadRow(Wrong.TOO_LONG)
        place = self.places.get(plain(self.cell(row, Column.PLACE)))
        unknown = "" if place is not None else self.cell(row, Column.PLACE)
        return Spoken(
            source_key=source_key,
            receipt_number=self._booklet_number(row),
            words=words,
            channel=self.usual["channel"],
            received_at=timezone.now(),
            said_at=self._said_at(row),
            place=place or self._usual_place(unknown),
            place_said=", ".join(filter(None, [unknown, self.cell(row, Column.PLACE_SAID)])),
            sex=code_of(Sex, self.cell(row, Column.SEX)),
            age_group=age_of(self.cell(row, Column.AGE)),
            disability=code_of(Disability, self.cell(row, Column.DISABILITY)),
            population_status=code_of(PopulationStatus, self.cell(row, Column.STATUS)),
            language=code_of(Language, self.cell(row, Column.LANGUAGE)),
            objects_to_sharing=plain(self.cell(row, Column.CONSENT)) in NOES,
            **self._reached_by(row),
        )

    def cell(self, row: list[str], column: TextChoices) -> str:
        place = self.columns.get(column.value)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _usual_place(self, unknown: str) -> Place | None:
        pcode = "" if unknown else self.usual.get("place", "")
        return self.places.get(plain(pcode)) if pcode else None

    def _said_at(self, row: list[str]) -> datetime | None:
        text = self.cell(row, Column.SAID_ON)
        if not text:
            return None
        moment = _moment(text)
        if moment is None:
            raise BadRow(Wrong.DATE)
        now = timezone.now()
        if moment > now and timezone.localdate(moment) > timezone.localdate(now):
            raise BadRow(Wrong.FUTURE)
        return min(moment, now)

    def _booklet_number(self, row: list[str]) -> str:
        number = digits_of(self.cell(row, Column.BOOKLET))
        if number and not is_well_formed(number):
            raise BadRow(Wrong.BOOKLET)
        return number

    def _reached_by(self, row: list[str]) -> dict[str, Any]:
        """Nothing of a contact is kept if no way is safe."""
        way = code_of(SafeContact, self.cell(row, Column.SAFE_CONTACT))
        way = self.usual["safe_contact"] if way == NOT_SAID else way
        contact = self.cell(row, Column.CONTACT)
        if way in BY_PHONE and contact:
            phone = normalise(contact)
            if phone is None:
                raise BadRow(Wrong.CONTACT)
            return {"safe_contact": way, "phone": phone}
        if way == SafeContact.RELAY and contact:
            return {"safe_contact": way, "contact": contact}
        return {"safe_contact": SafeContact.WEB if way == SafeContact.WEB else SafeContact.NONE}


class OwnRows(Rows):
    """Those of a listening team's own file, each under a name by which it is taken in once."""

    def __init__(self, table: Table, columns: Mapping[str, int], usual: Mapping[str, Any], *, collected_by: int):
        super().__init__(table, columns, usual)
        self.keys = self._source_keys(collected_by)

    def spoken(self, index: int) -> Spoken:
        """Raises BadRow."""
        if self.keys[index] == "":
            raise BadRow(Wrong.TWICE)
        return self.said(self.table.rows[index], self.keys[index])

    def _source_keys(self, collected_by: int) -> list[str]:
        """What names each row, so that the same file taken in again makes nothing new; "" for a doubtful repeat.

        A survey tool's id is enough. Any other id, a line number in a register say, counts with what the row says;
        and two rows that say the same are two people.
        """
        seen: Counter[str] = Counter()
        ids: dict[str, str] = {}
        keys = []
        for row in self.table.rows:
            name, said = self.cell(row, Column.ROW_ID), drawn_hash("\x1f".join(row), "sheet-row", keys=1)
            if UUID.fullmatch(name):
                is_other = ids.setdefault(name.lower(), said) != said
                keys.append("" if is_other else f"sheet:{collected_by}:{name.lower().removeprefix('uuid:')}")
                continue
            keys.append(f"sheet:{collected_by}:{said}:{seen[said]}")
            seen[said] += 1
        return keys


def code_of(choices: type[TextChoices], text: str) -> str:
    """The code of what a cell says; "not communicated" for what is not understood: a message is not lost for that."""
    said = plain(text)
    known = {plain(one.value): one.value for one in choices} | {plain(str(one.label)): one.value for one in choices}
    found = known.get(said) or SPELT.get(said, "")
    return str(found) if found in choices.values else NOT_SAID


def age_of(text: str) -> str:
    if not text.isdigit():
        return code_of(AgeGroup, text)
    years = int(text)
    if years < CHILDREN_UNDER:
        return AgeGroup.CHILD.value
    return AgeGroup.OLDER.value if years >= OLDER_FROM else AgeGroup.ADULT.value


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text) if len(text) > len("2022-03-12") else None
    except ValueError:
        return None
    if moment is not None:
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    day = day_of(text)
    return None if day is None else timezone.make_aware(datetime.combine(day, NOON))
