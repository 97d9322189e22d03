"""No page offers its reader a way that is closed to them: every link of every staff page answers whoever sees it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.access import table
from tests.access.addresses import path_of
from tests.access.world import World

pytestmark = pytest.mark.once

LINK = re.compile(r"<a\b[^>]*?\bhref=\"(/[^\"#]*)")
ELSEWHERE = ("/static/", "/compte/", "/demo/", "/api/")


def _pages_by_reader() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, page in sorted(table.STAFF.items()):
        if "GET" in page.methods and name != "components":
            for thing, people in page.opens.items():
                for who in people:
                    found.setdefault(who, []).append((name, thing))
    return found


PAGES = _pages_by_reader()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("who", sorted(PAGES))
def test_every_link_answers_whoever_sees_it(world: World, who: str) -> None:
    """What the table of who may knows is not asked again: `test_access.py` holds the product to it."""
    client, known = world.client(who), _in_the_table(world)
    asked: dict[str, bool] = {}
    seen = 0
    closed = set()
    for name, thing in PAGES[who]:
        page = table.STAFF[name]
        path = path_of(name, _arguments(world, page, thing)) + page.query
        shown = client.get(path)
        assert shown.status_code < 500, path
        if shown.status_code != 200 or "text/html" not in shown.headers.get("Content-Type", ""):
            continue
        for link in {unescape(link) for link in LINK.findall(shown.content.decode())}:
            if not link.startswith(ELSEWHERE):
                if link not in asked:
                    readers = known.get(link)
                    asked[link] = who in readers if readers is not None else client.get(link).status_code < 400
                if not asked[link]:
                    closed.add((path, link))
                seen += 1
    assert seen
    assert closed == set()


def _in_the_table(world: World) -> dict[str, frozenset[str]]:
    """Who may look at each address of the table, for each of its objects; those without a query."""
    found = {}
    for name, page in table.STAFF.items():
        if "GET" in page.methods and not page.query:
            for thing in world.objects[page.of.partition(" as ")[0]] if page.of else [""]:
                found[path_of(name, _arguments(world, page, thing))] = frozenset(page.who_may("GET", thing))
    return found


def _arguments(world: World, page: table.Page, thing: str) -> dict[str, Any]:
    kind, _as, renamed = page.of.partition(" as ")
    known = world.objects[kind][thing] if kind else {}
    return ({renamed: known["pk"]} if renamed else dict(known)) | dict(page.more)
