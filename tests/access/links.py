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


# Of links that lead to one view, with the same names in their query: the first so many are followed.
FOLLOWED = 3


class Links:
    """The links of all that one person was shown. What the table of who may knows, or a page that they asked for has
    answered, is not asked for again; of the many that lead to the rows of a list, the first are."""

    def __init__(self, world: World, who: str) -> None:
        self.who = who
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
        followed = Counter[tuple[str, ...]]()
        found = set()
        for link, page in self.shown_by.items():
            if link not in self.known:
                where = urlsplit(link)
                kind = (resolve(where.path).view_name, *sorted(parse_qs(where.query, keep_blank_values=True)))
                followed[kind] += 1
                if followed[kind] > FOLLOWED:
                    continue
                self.known[link] = client.get(link).status_code < 400
            if not self.known[link]:
                found.add((page, link))
        return found


def _in_the_table(world: World) -> dict[str, frozenset[str]]:
    """Who may look at each address of the table, for each of its objects; those without a query."""
    found = {}
    for name, page in table.STAFF.items():
        if "GET" in page.methods and not page.query:
            for thing in world.objects[page.of.partition(" as ")[0]] if page.of else [""]:
                found[path_of(name, arguments(world, name, thing))] = frozenset(page.who_may("GET", thing))
    return found
