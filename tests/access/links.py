"""Whether a page offers its reader a way that is closed to them."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import resolve

from tests.access import table
from tests.access.addresses import arguments, path_of
from tests.access.world import World

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

LINK = re.compile(r"<a\b[^>]*?\bhref=\"(/[^\"#]*)")
ELSEWHERE = ("/static/", "/compte/", "/demo/", "/api/")
# Pages that whoever signed in may look at, whatever their object.
OPEN = {name for name, page in table.STAFF.items() if set(page.opens.values()) == {table.EVERYONE}}
# Of links that lead to one view, with the same names in their query: the first so many are followed.
FOLLOWED = 3


class Links:
    """The links of all that one person was shown.

    What the table of who may knows, or a page that they asked for has answered, is not asked for again, nor what leads
    to a page open to everyone where another reader followed it (`followed`); of the many that lead to the rows of a
    list, the first are.
    """

    def __init__(self, world: World, who: str, followed: dict[str, bool]) -> None:
        self.who, self.followed = who, followed
        self.known = {path: who in readers for path, readers in _in_the_table(world).items()}
        self.shown_by: dict[str, str] = {}

    def note(self, path: str, answer: Answered) -> None:
        """What this address answered."""
        self.known[path] = answer.status_code < 400
        if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            for link in LINK.findall(answer.content.decode()):
                if not link.startswith(ELSEWHERE):
                    self.shown_by.setdefault(unescape(link), path)

    def closed(self, client: Client) -> set[tuple[str, str]]:
        """Page and link, of each that does not answer this person."""
        seen = Counter[tuple[str, ...]]()
        found = set()
        for link, page in self.shown_by.items():
            if link not in self.known:
                where = urlsplit(link)
                name = resolve(where.path).view_name
                kind = (name, *sorted(parse_qs(where.query, keep_blank_values=True)))
                seen[kind] += 1
                if seen[kind] > FOLLOWED:
                    continue
                self.known[link] = self._answers(link, name, client)
            if not self.known[link]:
                found.add((page, link))
        return found

    def _answers(self, link: str, name: str, client: Client) -> bool:
        answered = self.followed if name in OPEN else {}
        if link not in answered:
            answered[link] = client.get(link).status_code < 400
        return answered[link]


def _in_the_table(world: World) -> dict[str, frozenset[str]]:
    """Who may look at each address of the table, for each of its objects; those without a query."""
    found = {}
    for name, page in table.STAFF.items():
        if "GET" in page.methods and not page.query:
            for thing in world.objects[page.of.partition(" as ")[0]] if page.of else [""]:
                found[path_of(name, arguments(world, name, thing))] = frozenset(page.who_may("GET", thing))
    return found
