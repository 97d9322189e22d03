"""No page offers its reader a way that is closed to them: every link of every staff page answers whoever sees it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import Resolver404, resolve

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


@pytest.fixture(scope="module")
def answered() -> dict[str, int]:
    """What the links that everyone may follow answered to the first who did."""
    return {}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("who", sorted(PAGES))
def test_every_link_answers_whoever_sees_it(world: World, who: str, answered: dict[str, int]) -> None:
    client = world.client(who)
    own: dict[str, int] = {}
    seen = 0
    closed = set()
    for name, thing in PAGES[who]:
        page = table.STAFF[name]
        kind, _as, renamed = page.of.partition(" as ")
        known = world.objects[kind][thing] if kind else {}
        path = path_of(name, ({renamed: known["pk"]} if renamed else dict(known)) | dict(page.more)) + page.query
        shown = client.get(path)
        assert shown.status_code < 500, path
        if shown.status_code != 200 or "text/html" not in shown.headers.get("Content-Type", ""):
            continue
        for link in {unescape(link) for link in LINK.findall(shown.content.decode())}:
            if not link.startswith(ELSEWHERE):
                asked = answered if _is_everyones(link) else own
                if link not in asked:
                    asked[link] = client.get(link).status_code
                if asked[link] >= 400:
                    closed.add((path, link, asked[link]))
                seen += 1
    assert seen
    assert closed == set()


def _is_everyones(link: str) -> bool:
    """Whether everyone opens whatever stands at this address, as the table says and `test_access.py` holds it to."""
    try:
        name = resolve(link.partition("?")[0]).view_name
    except Resolver404:
        return False
    page = table.STAFF.get(name)
    return page is not None and all(people == table.EVERYONE for people in page.opens.values())
