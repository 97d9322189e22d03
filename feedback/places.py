"""Finding a region or a cercle in what somebody says of where it is. In doubt, none: a wrong place leads astray."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.translation import override

from directory.models import Place
from feedback.spelling import folded

# More words are a story, and a name in it may be anything.
MOST_WORDS = 8
# Names that are everyday words too (dire, san…): alone, or beside words that only lead to a place.
EVERYDAY = frozenset(folded(name) for name in settings.COUNTRY.said.get("everyday_names", ()))
LEADING = frozenset(
    folded(word)
    for word in ("a", "au", "de", "du", "dans", "le", "la", "l", "en", "vers", "ville", "village", "commune",
                 "nous", "sommes", "je", "suis", "c", "est")
)  # fmt: skip


@cache
def _levels() -> tuple[str, ...]:
    """What a region and a cercle are called in French here: a country may have words of its own for them."""
    with override("fr"):
        return tuple(folded(str(level.label)) for level in Place.Level)


def place_in(words: str) -> Place | None:
    """The place named in `words`, None if none is, or several are.

    The cercle goes before its region; a name that both bear means the region, unless « cercle » is said.
    """
    said = folded(words).split()
    if len(said) > MOST_WORDS:
        return None
    named = [place for place in Place.objects.select_related("parent") if _is_named(folded(place.name), said)]
    cercles = [place for place in named if place.level == 2 and not _is_its_regions_name(place, said)]
    regions = [place for place in named if place.level == 1]
    found = cercles or regions
    return found[0] if len(found) == 1 else None


def _is_named(name: str, said: list[str]) -> bool:
    if name in EVERYDAY:
        return name in said and set(said) - LEADING - {*_levels()} == {name}
    return f" {name} " in f" {' '.join(said)} "


def _is_its_regions_name(cercle: Place, said: list[str]) -> bool:
    same = cercle.parent is not None and folded(cercle.parent.name) == folded(cercle.name)
    return same and _levels()[-1] not in said
