"""Dashboards read from a replica: by whom, how late, and what happens without it.

The replica is a second name of the same database here; a real one, that streams, is in `bench.replica`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from core import replica
from core.replica import ACTED, BEGINNING, NEVER, seconds_behind
from directory.models import Place
from tests.cast import Cast
from tests.stack.databases import on_services

PAGES = ("/dashboard/", "/dashboard/silence/", "/workplan/")


class SecondName:
    """The same database under the replica's name: counts what it is asked, and can be gone."""

    def __init__(self) -> None:
        self.asked, self.is_gone, self.goes_after = 0, False, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(connections["default"], name)

    def cursor(self) -> Any:
        self.asked += 1
        if self.is_gone or (self.goes_after and self.asked > self.goes_after):
            raise OperationalError("gone")
        return connections["default"].cursor()

    chunked_cursor = cursor

    def close(self) -> None:
        """The other name stays."""


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecondName]:
    monkeypatch.setattr(replica, "is_named", lambda: True)
    made = SecondName()
    connections["replica"] = made  # type: ignore[assignment]
    monkeypatch.setattr(replica, "_left_alone_until", 0.0)
    monkeypatch.setattr(replica, "seconds_behind", lambda since=BEGINNING: 0.0 if since < "1/0" else None)
    monkeypatch.setattr(replica, "_place", lambda: "1/0")
    yield made
    del connections["replica"]


@pytest.mark.parametrize("path", PAGES)
def test_figures_come_from_the_replica_and_the_rest_does_not(
    cast: Cast, second: SecondName, signed_in: Callable[[Any], Client], path: str
) -> None:
    client = signed_in(cast.djeneba)
    assert client.get("/settings/etat/").status_code == 200
    assert second.asked == 0
    answer = client.get(path)
    assert answer.status_code == 200
    assert second.asked > 0
    assert "Chiffres d’il y a" not in answer.content.decode()


def test_whoever_acted_reads_the_primary_until_the_replica_has_it(
    cast: Cast, second: SecondName, signed_in: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = signed_in(cast.djeneba), signed_in(cast.oumar)
    client.post("/i18n/setlang/", {"language": "fr"})
    assert client.cookies[ACTED].value == "1/0"
    assert client.cookies[ACTED]["httponly"]
    assert client.get("/dashboard/").status_code == 200
    assert second.asked == 0
    assert other.get("/dashboard/").status_code == 200
    assert second.asked > 0
    monkeypatch.setattr(replica, "seconds_behind", lambda since=BEGINNING: 0.0)
    before = second.asked
    client.get("/dashboard/")
    assert second.asked > before


def test_a_late_replica_says_so_and_a_very_late_one_is_not_read(
    cast: Cast, second: SecondName, signed_in: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.djeneba)
    monkeypatch.setattr(replica, "seconds_behind", lambda since=BEGINNING: 185.0)
    assert "Chiffres d’il y a 3\N{NO-BREAK SPACE}min." in client.get("/dashboard/").content.decode()
    before = second.asked
    monkeypatch.setattr(replica, "seconds_behind", lambda since=BEGINNING: 901.0)
    assert "Chiffres d’il y a" not in client.get("/dashboard/").content.decode()
    assert second.asked == before


@pytest.mark.parametrize("goes_after", [0, 2])
def test_without_it_or_when_it_goes_in_the_middle_the_primary_answers(
    cast: Cast, second: SecondName, signed_in: Callable[[Any], Client], goes_after: int
) -> None:
    client = signed_in(cast.djeneba)
    second.is_gone, second.goes_after = not goes_after, goes_after
    assert client.get("/dashboard/").status_code == 200
    before = second.asked
    assert before > 0
    assert client.get("/dashboard/").status_code == 200
    assert second.asked == before, "it is left alone for a while"


def test_nothing_is_written_to_it(cast: Cast, second: SecondName) -> None:
    place = Place.objects.using("replica").order_by("pk").first()
    assert place is not None
    before = second.asked
    place.save()
    place.refresh_from_db()
    assert second.asked == before


@pytest.mark.skipif(not on_services(), reason="of PostgreSQL alone")
def test_a_primary_is_never_late_and_nothing_has_come_to_the_end(
    db: None,
) -> None:
    connections["replica"] = connection
    try:
        assert seconds_behind() == 0
        assert seconds_behind(replica._place()) == 0
        assert seconds_behind(NEVER) is None
    finally:
        del connections["replica"]
