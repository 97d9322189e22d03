"""The columns of a register's table: what they say, and the headings under which people have them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core.sheet_columns import guessed_columns
from core.spelling import plain
from workplan.focus import focus_area
from workplan.registers.fields import spellings
from workplan.registers.kinds import Register

DAY, LINE, UNTIL, PLACE, FOCUS = "day", "line", "until", "place", "about_focus"
ORGANISATION, LINK, SOURCE_ID = "organisation", "link", "source_id"

_COMMON: tuple[tuple[str, StrOrPromise, tuple[str, ...]], ...] = (
    (DAY, _("Date"), ("jour", "date de transmission", "debut", "quand", "le", "day")),
    (LINE, _("En une ligne"), ("titre", "objet", "sujet", "intitule", "libelle", "quoi", "title")),
    (UNTIL, _("Fin"), ("date de fin", "jusqu au", "until")),
    (
        PLACE,
        _("Lieu (P-code ou nom)"),
        ("lieu", "cercle", "departement", "province", "region", "ou", "p code", "pcode", "place"),
    ),
    (FOCUS, _("Axe géographique"), ("focus",)),
    (ORGANISATION, _("Organisation"), ("sigle", "agence", "org", "organisation concernee", "organisation sigle")),
    (LINK, _("Lien"), ("url", "lien du compte rendu", "document", "link")),
    (SOURCE_ID, _("Identifiant de la source"), ("id", "identifiant", "reference", "numero")),
)


def columns_of(register: Register) -> list[tuple[str, StrOrPromise]]:
    """What a table of it can say, by name, in order, with what people call it."""
    common = [(name, label) for name, label, _names in _COMMON if name != UNTIL or register.until_label]
    return common + [(field.name, field.label) for field in register.fields]


def guessed(register: Register, headers: list[str]) -> dict[str, int]:
    """The likely column of each."""
    asked = dict(columns_of(register))
    own = {DAY: register.day_label, LINE: register.line_label, UNTIL: register.until_label}
    names: dict[str, tuple[str, ...]] = {}
    for field in register.fields:
        names[field.name] = (*spellings(field.label), *field.names, plain(field.name))
    area = focus_area()
    for name, label, others in _COMMON:
        if name in asked:
            mine = spellings(own[name]) if own.get(name) else ()
            if name == FOCUS and area.name:
                mine = (plain(area.code), plain(area.name), f"sur {plain(area.name)}", f"sur le {plain(area.name)}")
            names[name] = (*mine, *spellings(label), *others)
    return guessed_columns(headers, names)


def missing(columns: dict[str, int]) -> list[str]:
    """What no entry can be read without, and no column says."""
    return [str(label) for name, label, _names in _COMMON if name in (DAY, LINE) and name not in columns]
