"""The zones that a figure can be asked of: named scopes, and regions with their cercles."""

from __future__ import annotations

from directory.models import Place, Scope


def zones() -> list[tuple[str, str]]:
    """Code and name: scopes first, then regions."""
    scopes = [(scope.code, scope.name) for scope in Scope.objects.all()]
    return [*scopes, *((place.pcode, place.name) for place in Place.objects.regions())]


def zone_named(code: str) -> tuple[frozenset[str] | None, str]:
    """In: a code. Out: the P-codes and the name of the zone; None and "" for the whole country ("").

    Raises Place.DoesNotExist for a code that names none.
    """
    if not code:
        return None, ""
    named = Scope.objects.filter(code=code).first()
    if named is not None:
        return named.pcodes(), named.name
    region = Place.objects.regions().get(pcode=code)
    return frozenset([region.pcode, *region.children.values_list("pcode", flat=True)]), region.name
