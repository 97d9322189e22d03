"""What a plan's document can say of one of its elements: each field, its value, and how that is written in a cell.

A value is what JSON holds. `shown` and `read` are each other's inverse, in the language that is active: the form, the
tables, the history and the printed plan use the same writing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_stubs_ext import StrOrPromise

from core.spelling import plain
from workplan.document.windows import spans_of, spans_text
from workplan.registers.rules import rule_of

LARGEST = 2_147_483_647
COLON = " : "
# What no spreadsheet, Word file or database keeps in a text.
UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def tidy(text: str) -> str:
    """A text as it is kept: one kind of line end, nothing around it, no sign that a file would lose."""
    text = re.sub(r"\r\n?|\u2028|\u2029|\x85", "\n", text).replace("\t", " ")
    return "\n".join(line.strip() for line in UNKEPT.sub("", text).split("\n")).strip()


@dataclass(frozen=True)
class Field:
    """`column`: the heading in a table, its own in the whole plan. `names`: what else people call that column."""

    name: str
    label: StrOrPromise
    column: StrOrPromise
    names: tuple[str, ...] = ()
    longest: int = 4_000
    required: bool = False

    @property
    def empty(self) -> Any:
        """What it says while nothing is said."""
        return ""

    def read(self, text: str) -> Any:
        """In: what somebody wrote. Out: the value. Raises ValueError with a sentence."""
        return self.checked(text)

    def shown(self, value: Any) -> str:
        return str(value)

    def checked(self, value: Any) -> Any:
        """In: a value from outside, of YAML or of a form. Out: the same as it is kept. Raises ValueError."""
        text = tidy("" if value is None else str(value))
        if len(text) > self.longest:
            raise ValueError(_("plus de %(most)s signes") % {"most": self.longest})
        if self.required and not text:
            raise ValueError(_("il manque"))
        return text


@dataclass(frozen=True)
class Line(Field):
    """A text of one line."""

    longest: int = 200

    def checked(self, value: Any) -> str:
        return " ".join(super().checked(value).split())


@dataclass(frozen=True)
class Code(Line):
    """What stands in an address."""

    def checked(self, value: Any) -> str:
        code = super().checked(value)
        if code and re.fullmatch(r"[A-Za-z0-9_-]+", code) is None:
            raise ValueError(_("un code est fait de lettres, de chiffres et de tirets"))
        return code


@dataclass(frozen=True)
class Number(Field):
    """A whole number, or None: blank is not zero."""

    most: int = LARGEST

    @property
    def empty(self) -> None:
        return None

    def read(self, text: str) -> int | None:
        return self.checked("".join(text.split()) or None)

    def shown(self, value: Any) -> str:
        return "" if value is None else str(value)

    def checked(self, value: Any) -> int | None:
        if value is None:
            if self.required:
                raise ValueError(_("il manque"))
            return None
        digits = str(value)
        if not digits.isascii() or not digits.isdigit() or int(digits[:12]) > self.most:
            raise ValueError(_("ce n’est pas un nombre entier"))
        return int(digits)


@dataclass(frozen=True)
class Choice(Field):
    """One of a closed list, by its code or by its French or shown label. `default`: the code where nothing is said."""

    choices: type[TextChoices] = TextChoices
    default: str = ""

    @property
    def empty(self) -> str:
        return self.default

    def shown(self, value: Any) -> str:
        return str(self.choices(value).label) if value else ""

    def checked(self, value: Any) -> str:
        said = plain("" if value is None else str(value))
        if not said:
            if self.required and not self.default:
                raise ValueError(_("il manque"))
            return self.default
        for one in self.choices:
            with override("fr"):
                french = plain(str(one.label))
            if said in (plain(one.value), french, plain(str(one.label))):
                return one.value
        raise ValueError(
            _("ce n’est pas l’un de : %(choices)s") % {"choices": ", ".join(map(str, self.choices.labels))}
        )


@dataclass(frozen=True)
class Lines(Field):
    """Several short texts, each on a line; where there is one line, semicolons part them too."""

    longest: int = 200

    @property
    def empty(self) -> list[str]:
        return []

    def read(self, text: str) -> list[str]:
        lines = tidy(text).split("\n")
        return self.checked(lines[0].split(";") if len(lines) == 1 else lines)

    def shown(self, value: Any) -> str:
        return "\n".join(value)

    def checked(self, value: Any) -> list[str]:
        if value is not None and not isinstance(value, list | tuple):
            raise ValueError(_("ce n’est pas une liste"))
        said = [" ".join(tidy(str(one)).split()).strip("&").strip() for one in value or ()]
        found = [one for one in said if one and one not in ("-", "–")]
        if any(len(one) > self.longest for one in found):
            raise ValueError(_("plus de %(most)s signes") % {"most": self.longest})
        if any(";" in one for one in found):
            raise ValueError(_("un nom ne contient pas de point-virgule"))
        return found


@dataclass(frozen=True)
class Years(Lines):
    """The years of a plan, in order."""

    @property
    def empty(self) -> list[int]:  # type: ignore[override]
        return []

    def read(self, text: str) -> list[int]:  # type: ignore[override]
        return self.checked(re.split(r"[^0-9]+", text))

    def shown(self, value: Any) -> str:
        return ", ".join(map(str, value))

    def checked(self, value: Any) -> list[int]:  # type: ignore[override]
        if value is not None and not isinstance(value, list | tuple):
            raise ValueError(_("ce n’est pas une liste"))
        said = [str(one) for one in value or () if str(one)]
        if any(re.fullmatch(r"(19|20)\d\d", one) is None for one in said):
            raise ValueError(_("ce n’est pas une année"))
        found = sorted({int(one) for one in said})
        if not found or found[-1] - found[0] >= 15:
            raise ValueError(_("un plan dure d’une à quinze années"))
        return found


@dataclass(frozen=True)
class Windows(Field):
    """The quarters of each year in which it is expected: {"2020": "Q3-Q4"}. `inherits`: None is "as its activity"."""

    inherits: bool = False

    @property
    def empty(self) -> Any:
        return None if self.inherits else {}

    def read(self, text: str) -> Any:
        said = tidy(text)
        if not said:
            return self.empty
        if plain(said) in ("", "non planifie", "pas planifie", "not planned"):
            return {}
        found: dict[str, str] = {}
        for part in re.split(r"[\n;]", said):
            year, _sign, spans = part.partition(":")
            if not year.strip().isdigit():
                raise ValueError(_("des trimestres s’écrivent « 2021 : T1-T4 »"))
            found[year.strip()] = ", ".join(filter(None, [found.get(year.strip(), ""), spans]))
        return self.checked(found)

    def shown(self, value: Any) -> str:
        if value is None:
            return ""
        said = [f"{year}{COLON}{spans.replace('Q', 'T')}" for year, spans in sorted(value.items())]
        return "\n".join(said) or _("non planifié")

    def checked(self, value: Any) -> Any:
        if value is None:
            return self.empty
        if not isinstance(value, Mapping):
            raise ValueError(_("des trimestres s’écrivent « 2021 : T1-T4 »"))
        try:
            found = {str(int(str(year))): spans_text(spans_of(str(spans))) for year, spans in value.items()}
        except ValueError as error:
            raise ValueError(_("des trimestres s’écrivent « 2021 : T1-T4 »")) from error
        return {year: found[year] for year in sorted(found) if found[year]}


@dataclass(frozen=True)
class Groups(Field):
    """Disaggregations: [{"name": …, "values": […]}], each on a line, "sexe : femmes | hommes"."""

    @property
    def empty(self) -> list[Any]:
        return []

    def read(self, text: str) -> list[dict[str, Any]]:
        groups = []
        for line in filter(None, tidy(text).split("\n")):
            name, _sign, values = line.partition(":")
            groups.append({"name": name, "values": values.split("|" if "|" in values else ",")})
        return self.checked(groups)

    def shown(self, value: Any) -> str:
        return "\n".join(f"{group['name']}{COLON}{' | '.join(group['values'])}{self._end(group)}" for group in value)

    def checked(self, value: Any) -> list[dict[str, Any]]:
        found = []
        for group in value or ():
            if not isinstance(group, Mapping) or not isinstance(group.get("values"), list):
                raise ValueError(_("une désagrégation s’écrit « sexe : femmes | hommes »"))
            name = " ".join(tidy(str(group.get("name", ""))).split())
            values = [" ".join(tidy(str(one)).split()) for one in group["values"]]
            values = [one for one in values if one]
            if not name or not values or ":" in name or any("|" in one for one in (name, *values)):
                raise ValueError(_("une désagrégation s’écrit « sexe : femmes | hommes »"))
            if len(set(values)) < len(values) or max(map(len, (name, *values))) > 100:
                raise ValueError(_("une désagrégation s’écrit « sexe : femmes | hommes »"))
            found.append({"name": name, "values": values})
        return found

    def _end(self, group: Mapping[str, Any]) -> str:
        """One value that holds a comma is still one value."""
        return " |" if len(group["values"]) == 1 and "," in group["values"][0] else ""


@dataclass(frozen=True)
class RegisterRule(Field):
    """How it can be counted from a register, as `workplan.registers.rules` reads it; {} for none."""

    @property
    def empty(self) -> dict[str, Any]:
        return {}

    def read(self, text: str) -> dict[str, Any]:
        try:
            return self.checked(json.loads(text) if text.strip() else {})
        except json.JSONDecodeError as error:
            raise ValueError(_("cette règle de registre ne se lit pas")) from error

    def shown(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""

    def checked(self, value: Any) -> dict[str, Any]:
        try:
            rule_of(value or {})
            found: dict[str, Any] = json.loads(json.dumps(value or {}))
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(_("cette règle de registre ne se lit pas")) from error
        return found


@dataclass(frozen=True)
class Filters(Field):
    """What a measure is counted over: {"scope": "LG"}, each on a line, "scope = LG"."""

    @property
    def empty(self) -> dict[str, str]:
        return {}

    def read(self, text: str) -> dict[str, str]:
        pairs = (line.partition("=") for line in filter(None, re.split(r"[\n;]", tidy(text))))
        return self.checked({name: code for name, _sign, code in pairs})

    def shown(self, value: Any) -> str:
        return "\n".join(f"{name} = {code}" for name, code in value.items())

    def checked(self, value: Any) -> dict[str, str]:
        if not isinstance(value or {}, Mapping):
            raise ValueError(_("un filtre s’écrit « scope = NORD »"))
        found = {tidy(str(name)): tidy(str(code)) for name, code in (value or {}).items()}
        if any(not name or not code for name, code in found.items()):
            raise ValueError(_("un filtre s’écrit « scope = NORD »"))
        return found


@dataclass(frozen=True)
class Areas(Field):
    """The geographic focuses: [{"code": "LG", "name": "Liptako Gourma"}], each on a line, "LG = Liptako Gourma"."""

    @property
    def empty(self) -> list[Any]:
        return []

    def read(self, text: str) -> list[dict[str, str]]:
        pairs = (line.partition("=") for line in filter(None, tidy(text).split("\n")))
        return self.checked([{"code": code, "name": name} for code, _sign, name in pairs])

    def shown(self, value: Any) -> str:
        return "\n".join(f"{area['code']} = {area['name']}" for area in value)

    def checked(self, value: Any) -> list[dict[str, str]]:
        found = []
        for area in value or ():
            pair = (area.get("code"), area.get("name")) if isinstance(area, Mapping) else ("", "")
            code, name = (" ".join(tidy(str(one or "")).split()) for one in pair)
            if not code or not name or len(code) > 10 or "=" in code:
                raise ValueError(_("un axe géographique s’écrit « NORD = Régions du Nord »"))
            found.append({"code": code, "name": name})
        return found


def by_name(fields: Sequence[Field]) -> dict[str, Field]:
    return {field.name: field for field in fields}
