"""No page offers its reader a way that is closed to them: every link of every staff page answers whoever sees it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.access import table
from tests.access.addresses import path_of
from tests.access.world import World

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
    client = world.client(who)
    asked: dict[str, int] = {}
    closed = set()
    for name, thing in PAGES[who]:
        page = table.STAFF[name]
        kind, _as, renamed = page.of.partition(" as ")
        known = world.objects[kind][thing] if kind else {}
        path = path_of(name, ({renamed: known["pk"]} if renamed else dict(known)) | dict(page.more)) + page.query
        shown = client.get(path)
        if shown.status_code != 200 or "text/html" not in shown.headers.get("Content-Type", ""):
            continue
        for link in {unescape(link) for link in LINK.findall(shown.content.decode())}:
            if not link.startswith(ELSEWHERE):
                if link not in asked:
                    asked[link] = client.get(link).status_code
                if asked[link] >= 400:
                    closed.add((path, link, asked[link]))
    assert asked
    assert closed == set()
