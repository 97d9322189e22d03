"""One line of a 5W spreadsheet as an intervention, or all that is wrong with it (facts.md §3.4)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.sheet_cells import day_of
from core.sheet_writing import RISKY
from core.spelling import plain
from directory.enums import Sector
from directory.fivew_columns import GROUPS, Column
from directory.fivew_faults import NOTICES, Fault, Wrong
from directory.models import Intervention, Place
from directory.organisation_names import KnownNames, key_of

# What a formula that found nothing leaves, and what people write for nothing.
EMPTY = {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "n/a", "-", "–"}
LONGEST_EMPTY = max(map(len, EMPTY))
NUMBER = re.compile(r"\d{1,14}|\d{1,3}(?:[ .,]\d{3}){1,4}")
NO_CENTS = re.compile(r"[.,]0{1,2}$")
DECIMAL = re.compile(r"\d{1,13}[.,]\d{1,2}")
SERIAL, SERIAL_ZERO = re.compile(r"[345]\d{4}"), date(1899, 12, 30)
MOST_PEOPLE = 50_000_000
YES, NO = {"oui", "o", "yes", "y", "1", "true", "vrai"}, {"non", "n", "no", "0", "false", "faux"}
SECTORS = {plain(one.value): one for one in Sector} | {plain(str(one.label)): one for one in Sector} | {
    "abris": Sector.SHELTER, "abris ame": Sector.SHELTER, "ame": Sector.SHELTER, "abris nfi": Sector.SHELTER,
    "coordination": Sector.COORDINATION, "education": Sector.EDUCATION, "eha": Sector.WASH, "wash": Sector.WASH,
    "eau hygiene et assainissement": Sector.WASH, "nutrition": Sector.NUTRITION, "protection": Sector.PROTECTION,
    "vbg": Sector.PROTECTION, "protection de l enfant": Sector.PROTECTION, "lama": Sector.PROTECTION,
    "securite alimentaire": Sector.FOOD_SECURITY, "secal": Sector.FOOD_SECURITY, "sante": Sector.HEALTH,
    "securite alimentaire et moyens d existence": Sector.FOOD_SECURITY, "logistique": Sector.LOGISTICS,
    "etc": Sector.LOGISTICS, "relevement": Sector.RECOVERY, "relevement precoce": Sector.RECOVERY,
}  # fmt: skip
TEXTS = {
    Column.PROGRAMME: 160,
    Column.DONOR: 200,
    Column.COMMUNE: 80,
    Column.VILLAGE: 120,
    Column.PROJECT: 300,
    Column.ACTIVITY: 500,
    Column.REMARKS: 1000,
}
PEOPLE = {stage: [(group, f"{stage}_{group}") for group in GROUPS] for stage in ("targeted", "reached")}
VALUES = (
    "organisation_id", "programme_organisation", "donor", "place_id", "commune_pcode", "commune", "village", "sector",
    "in_hrp", "project", "activity", "starts_on", "ends_on", "cash_amount", "targeted", "reached", "remarks",
)  # fmt: skip


@dataclass
class Read:
    """One line: what it says, if it can be taken in; what is wrong; an organisation that nobody knows."""

    values: dict[str, Any] | None = None
    key: str = ""
    faults: list[Fault] = field(default_factory=list)
    unknown: dict[str, str] | None = None


class Rows:
    """Reads line after line of one file; remembers the lines before, for doubles and for rows that are alike.

    `only`: the one organisation that the file may speak of, None for all.
    """

    def __init__(self, columns: Mapping[str, int], *, only: int | None) -> None:
        self.columns, self.only = columns, only
        self.names = KnownNames()
        self.places = {place.pcode: place for place in Place.objects.cercles()}
        self.lengths = sorted({len(pcode) for pcode in self.places}, reverse=True)
        self.seen: set[bytes] = set()
        self.alike: Counter[str] = Counter()

    def place_of(self, commune: str) -> Place | None:
        """The cercle with whose P-code that of a commune begins: its own are not kept."""
        known = (self.places.get(commune[:length]) for length in self.lengths if length < len(commune))
        return next(filter(None, known), None)

    def read(self, line: int, cells: list[str]) -> Read:
        row = _Line(self, line, cells)
        values = row.values()
        if row.is_refused:
            return Read(None, "", row.faults, row.unknown)
        whole = _digest([repr(values[name]) for name in VALUES]).digest()
        if whole in self.seen:
            row.wrong(Column.ACTIVITY, Wrong.TWICE)
            return Read(None, "", row.faults)
        self.seen.add(whole)
        named = _digest(_name(values)).hexdigest()
        self.alike[named] += 1
        return Read(values, _digest([named, str(self.alike[named])]).hexdigest(), row.faults)


def _clean(text: str) -> str:
    """Without spaces around or doubled, without what a formula left, or what our own export put before a sign."""
    if not text:
        return ""
    text = " ".join(text.split())
    if text[:1] == "'" and text[1:].startswith(RISKY):
        text = text[1:]
    return "" if len(text) <= LONGEST_EMPTY and text.lower() in EMPTY else text


def same(row: Intervention, values: Mapping[str, Any]) -> bool:
    """Whether a row that is there already says just this."""
    return all(getattr(row, name) == values[name] for name in VALUES)


def _name(values: Mapping[str, Any]) -> list[str]:
    """What makes it this activity and no other, whatever its figures become; case and spaces do not count."""
    texts = ("programme_organisation", "donor", "village", "project", "activity")
    named = [plain(values[text]) for text in texts]
    fixed = ("organisation_id", "place_id", "commune_pcode", "sector", "starts_on")
    return [*named, *(str(values[one]) for one in fixed)]


def _digest(parts: list[str]) -> Any:
    return hashlib.sha256("\x1f".join(parts).encode())


class _Line:
    """The cells of one line under their columns, and what is found wrong on the way."""

    def __init__(self, rows: Rows, number: int, cells: list[str]) -> None:
        self.rows, self.number = rows, number
        last = len(cells)
        self.said = {column: _clean(cells[place]) for column, place in rows.columns.items() if place < last}
        self.faults: list[Fault] = []
        self.unknown: dict[str, str] | None = None

    @property
    def is_refused(self) -> bool:
        return any(fault.code not in NOTICES for fault in self.faults)

    def wrong(self, column: str, code: Wrong, cell: str = "") -> None:
        self.faults.append(Fault(self.number, str(column), code.value, cell[:80]))

    def cell(self, column: str) -> str:
        return self.said.get(column, "")

    def values(self) -> dict[str, Any]:
        place = self.place()
        starts_on, ends_on = self.day(Column.STARTS), self.day(Column.ENDS)
        if starts_on and ends_on and ends_on < starts_on:
            self.wrong(Column.ENDS, Wrong.ENDS_FIRST, self.cell(Column.ENDS))
        return {
            "organisation_id": self.organisation(),
            "place_id": place.pk if place is not None else None,
            "commune_pcode": self.commune_of(place),
            "sector": self.sector(),
            "in_hrp": self.yes_or_no(Column.HRP),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "cash_amount": self.amount(),
            "targeted": self.people("targeted"),
            "reached": self.people("reached"),
            **{column.value: self.text(column) for column in TEXTS},
        }

    def organisation(self) -> int | None:
        acronym, name = self.cell(Column.ACRONYM), self.cell(Column.NAME)
        found, said = self.rows.names.found(acronym, name), acronym or name
        if len(found) > 1:
            self.wrong(Column.ACRONYM, Wrong.TWO_ORGANISATIONS, f"{acronym} / {name}")
        elif not key_of(acronym, name):
            self.wrong(Column.ACRONYM, Wrong.NO_ORGANISATION)
        elif self.rows.only is not None and found != {self.rows.only}:
            self.wrong(Column.ACRONYM, Wrong.NOT_YOURS, said)
        elif not found:
            self.wrong(Column.ACRONYM, Wrong.ORGANISATION_UNKNOWN, said)
            self.unknown = {"acronym": acronym[:160], "name": name[:160], "kind": self.cell(Column.KIND)[:40]}
        return next(iter(found)) if len(found) == 1 else None

    def place(self) -> Place | None:
        """The cercle of the code; of the commune's code where the cercle's is empty. No name counts, and no region."""
        commune = self.pcode(Column.COMMUNE_CODE)
        said = self.pcode(Column.CERCLE_CODE)
        if not said and not commune:
            self.wrong(Column.CERCLE_CODE, Wrong.NO_CERCLE)
            return None
        found = self.rows.places.get(said) if said else self.rows.place_of(commune)
        if found is None:
            self.wrong(Column.CERCLE_CODE, Wrong.CERCLE_UNKNOWN, self.cell(Column.CERCLE_CODE) or commune)
            return None
        if self._is_elsewhere(found):
            self.wrong(Column.REGION_CODE, Wrong.REGION_DIFFERS, self.cell(Column.REGION_CODE) or self._region())
        if commune and not commune.startswith(found.pcode):
            self.wrong(Column.COMMUNE_CODE, Wrong.COMMUNE_DIFFERS, commune)
        return found

    def _is_elsewhere(self, place: Place) -> bool:
        code, name = self.pcode(Column.REGION_CODE), plain(self._region())
        region = place.region
        return bool(code and code != region.pcode) or bool(
            name and name not in (plain(region.name), plain(region.name_cod))
        )

    def _region(self) -> str:
        return self.cell(Column.REGION)

    def commune_of(self, place: Place | None) -> str:
        code = self.pcode(Column.COMMUNE_CODE)
        return code[:12] if place is not None and code.startswith(place.pcode) else ""

    def pcode(self, column: Column) -> str:
        return self.cell(column).upper().replace(" ", "")

    def sector(self) -> str:
        said = self.cell(Column.SECTOR)
        found = SECTORS.get(plain(said).removeprefix("cluster ").strip())
        if found is None:
            self.wrong(Column.SECTOR, Wrong.SECTOR_UNKNOWN if said else Wrong.NO_SECTOR, said)
        return found.value if found is not None else ""

    def text(self, column: Column) -> str:
        said = self.cell(column)
        if column == Column.ACTIVITY and not said:
            self.wrong(column, Wrong.NO_ACTIVITY)
        if len(said) > TEXTS[column]:
            self.wrong(column, Wrong.TOO_LONG, said)
        return said

    def day(self, column: Column) -> date | None:
        said = self.cell(column)
        if not said:
            return None
        found = SERIAL_ZERO + timedelta(days=int(said)) if SERIAL.fullmatch(said) else day_of(said.split("T")[0])
        if found is None:
            self.wrong(column, Wrong.DATE, said)
        return found

    def yes_or_no(self, column: Column) -> bool | None:
        said = plain(self.cell(column))
        return True if said in YES else False if said in NO else None

    def amount(self) -> Decimal | None:
        said = self.cell(Column.CASH)
        if not said:
            return None
        if DECIMAL.fullmatch(said):
            return Decimal(said.replace(",", "."))
        whole = self.whole(Column.CASH, 10**13)
        return None if whole is None else Decimal(whole)

    def people(self, stage: str) -> dict[str, int]:
        found = {group: self.whole(name, MOST_PEOPLE) for group, name in PEOPLE[stage] if self.said.get(name)}
        return {group: count for group, count in found.items() if count is not None}

    def whole(self, column: str, most: int) -> int | None:
        """Blank is not zero."""
        said = self.cell(column)
        if not said:
            return None
        said = NO_CENTS.sub("", said)
        count = int(re.sub(r"\D", "", said)) if NUMBER.fullmatch(said) else -1
        if not 0 <= count <= most:
            self.wrong(column, Wrong.NUMBER, said)
            return None
        return count
