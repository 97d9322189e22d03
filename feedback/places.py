"""Finding a region or a cercle in what somebody says of where it is."""

from __future__ import annotations

from directory.models import Place
from feedback.spelling import folded

SAYS_CERCLE = "serkle"  # « cercle », as `folded` writes it


def place_in(words: str) -> Place | None:
    """The place named in `words`, None if none is, or several are.

    The cercle goes before its region; a name that both bear means the region, unless « cercle » is said.
    """
    said = f" {folded(words)} "
    named = [place for place in Place.objects.select_related("parent") if f" {folded(place.name)} " in said]
    cercles = [place for place in named if place.level == 2 and not _is_its_regions_name(place, said)]
    regions = [place for place in named if place.level == 1]
    for found in (cercles, regions):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _is_its_regions_name(cercle: Place, said: str) -> bool:
    same = cercle.parent is not None and folded(cercle.parent.name) == folded(cercle.name)
    return same and f" {SAYS_CERCLE} " not in said
