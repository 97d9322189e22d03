"""Every address that the resolver knows, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.access import is_public
from tests.access import table
from tests.access.world import World


@dataclass(frozen=True)
class Address:
    """One named pattern. `name` holds its namespaces; a pattern without a name is "?" and its route."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def is_public(self) -> bool:
        return is_public(self.view, self.name)

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")

    @property
    def is_csrf_exempt(self) -> bool:
        return bool(getattr(self.view, "csrf_exempt", False))


def addresses() -> list[Address]:
    """All of them, those of libraries too."""
    return list(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], prefix: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, inner, route)
        elif isinstance(entry, URLPattern):
            name = ":".join((*namespaces, entry.name)) if entry.name else f"? {route}"
            yield Address(name, route, entry.callback)


def path_of(name: str, arguments: dict[str, Any]) -> str:
    """Where that is, for these arguments."""
    return reverse(name, kwargs=arguments)


def arguments(world: World, name: str, thing: str) -> dict[str, Any]:
    """What the address of a page takes, for one object; `"case as case_id"` renames the object's own key."""
    page = table.STAFF[name]
    kind, _as, renamed = page.of.partition(" as ")
    known = world.objects[kind][thing] if kind else {}
    return ({renamed: known["pk"]} if renamed else dict(known)) | dict(page.more)
