"""Filters that somebody keeps under a name: found again above the list with their count, for them alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from referrals.actions.saved_filters import AT_MOST, keep_filter
from referrals.enums import FilteredList
from referrals.models import SavedFilter
from referrals.shelf import first_address
from tests.referrals.conftest import House

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]
MINE, DESK, FILTERS = "/referrals/", "/cases/", "/referrals/filtres/"
NAME, WORDS = "Kanari à rappeler", "Kanari point d’eau"


def kept(house: House, query: str = "priority=urgent", which: FilteredList = FilteredList.MINE) -> SavedFilter:
    return keep_filter(which, name=NAME, query=query, by=house.cast.fanta if which == "mine" else house.cast.awa)


def shelf(client: Client, path: str) -> Any:
    return client.get(path).context["saved"]


def test_a_filter_is_kept_from_the_list_and_found_again_with_its_count(house: House, signed_in: SignIn) -> None:
    for priority in ("urgent", "urgent", "normal"):
        house.sent(wish=house.wish(priority=priority))
    client = signed_in(house.cast.fanta)
    asked = "priority=urgent&region=ML07"
    assert shelf(client, f"{MINE}?region=ML07&page=1&priority=urgent&level=").keeps == asked
    said = {"name": NAME, "list": "mine", "query": asked}
    assert client.post(FILTERS, said)["Location"] == f"{MINE}?{asked}"
    again = shelf(client, f"{MINE}?tout=1")
    assert [(chip.name, chip.address, chip.count, chip.is_current) for chip in again.chips] == [
        (NAME, f"{MINE}?{asked}", 2, False)
    ]
    here = shelf(client, f"{MINE}?{asked}")
    assert (here.chips[0].is_current, here.keeps) == (True, "")
    assert NAME in client.get(MINE).content.decode()


def test_a_group_alone_is_counted_within_it(house: House, signed_in: SignIn) -> None:
    house.sent(wish=house.wish(priority="urgent"))
    kept(house, "groupe=late&priority=urgent")
    kept(house, "groupe=accept&priority=urgent")
    assert [chip.count for chip in shelf(signed_in(house.cast.fanta), f"{MINE}?tout=1").chips] == [0, 1]


def test_the_desk_keeps_its_list_and_its_search(house: House, signed_in: SignIn) -> None:
    house.case()
    house.unsorted()
    client = signed_in(house.cast.awa)
    assert shelf(client, f"{DESK}?liste=a-repondre&q=eau&dossier=").keeps == "liste=a-repondre&q=eau"
    kept(house, "liste=a-repondre&q=eau", FilteredList.DESK)
    kept(house, "liste=tous", FilteredList.DESK)
    assert [chip.count for chip in shelf(client, f"{DESK}?tout=1").chips] == [1, 2]


@pytest.mark.parametrize("which", FilteredList)
def test_a_list_opens_on_the_filter_that_is_first_and_on_everything_when_asked(
    house: House, signed_in: SignIn, which: FilteredList
) -> None:
    query = {"mine": "priority=urgent", "desk": "liste=tous"}[which]
    row, path = kept(house, query, which), {"mine": MINE, "desk": DESK}[which]
    client = signed_in(row.owner)
    assert client.get(path).status_code == 200
    client.post(f"{FILTERS}{row.pk}/", {"act": "first"})
    assert client.get(path)["Location"] == f"{path}?{query}"
    assert client.get(f"{path}?tout=1").status_code == 200
    client.post(f"{FILTERS}{row.pk}/", {"act": "not-first"})
    assert first_address(row.owner, which) == ""


def test_clearing_the_filters_leads_to_everything(house: House, signed_in: SignIn) -> None:
    content = signed_in(house.cast.fanta).get(f"{MINE}?priority=urgent").content.decode()
    assert f'href="{MINE}?tout=1">Effacer les filtres' in content


def test_it_is_renamed_and_dropped(house: House, signed_in: SignIn) -> None:
    row, client = kept(house), signed_in(house.cast.fanta)
    wrong = client.post(f"{FILTERS}{row.pk}/", {"act": "rename", f"{row.pk}-name": "x" * 41})
    assert wrong.status_code == 422
    assert "x" * 41 in wrong.content.decode()
    client.post(f"{FILTERS}{row.pk}/", {"act": "rename", f"{row.pk}-name": "Urgents de Gao"})
    assert SavedFilter.objects.get().unsealed("name") == "Urgents de Gao"
    client.post(f"{FILTERS}{row.pk}/", {"act": "drop"})
    assert not SavedFilter.objects.exists()


def test_a_name_is_asked_for_and_what_was_filtered_stays(house: House, signed_in: SignIn) -> None:
    response = signed_in(house.cast.fanta).post(FILTERS, {"name": "", "list": "mine", "query": "priority=urgent"})
    assert response.status_code == 422
    assert 'value="priority=urgent"' in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_the_same_filter_twice_is_one_under_its_new_name_and_there_are_not_too_many(
    house: House, signed_in: SignIn
) -> None:
    kept(house)
    keep_filter(FilteredList.MINE, name="Autre nom", query="priority=urgent", by=house.cast.fanta)
    assert [row.unsealed("name") for row in SavedFilter.objects.all()] == ["Autre nom"]
    for number in range(AT_MOST - 1):
        kept(house, f"q={number}")
    full = signed_in(house.cast.fanta).post(FILTERS, {"name": "De trop", "list": "mine", "query": "q=encore"})
    assert full.status_code == 422
    assert SavedFilter.objects.count() == AT_MOST


def test_nobody_else_sees_it_and_the_database_does_not_read_it(house: House, signed_in: SignIn) -> None:
    kept(house, f"q={WORDS}")
    for person in (house.cast.oumar, house.cast.ibrahim, house.cast.awa):
        client = signed_in(person)
        assert not any("Kanari" in client.get(path).content.decode() for path in (f"{MINE}?tout=1", FILTERS))
    with connection.cursor() as cursor:
        cursor.execute("select * from referrals_savedfilter")
        stored = [bytes(cell) for row in cursor.fetchall() for cell in row if isinstance(cell, bytes | memoryview)]
    assert len(stored) == 3
    assert not any(b"Kanari" in cell for cell in stored)
    assert not any("Kanari" in str(entry.facts) for entry in AuditEntry.objects.all())


def test_a_count_tells_nothing_of_what_its_reader_may_not_see(house: House, signed_in: SignIn) -> None:
    house.cast.oumar.role_rows.create(role="protection_focal_point")
    house.sent(house.case("PROT.vbg"), house.wish(office=None), by=house.cast.kadia)
    kept(house, "level=1")
    keep_filter(FilteredList.MINE, name="Tout", query="level=1", by=house.cast.oumar)
    counts = [shelf(signed_in(one), f"{MINE}?tout=1").chips[0].count for one in (house.cast.fanta, house.cast.oumar)]
    assert counts == [0, 1]


def test_a_filter_costs_one_query_at_most_however_many_rows_it_finds(house: House, signed_in: SignIn) -> None:
    """For referrals ten filters take as many as one; for cases, which may be millions, each is counted by itself."""
    people = ((MINE, FilteredList.MINE, house.cast.fanta, 0), (DESK, FilteredList.DESK, house.cast.awa, 1))
    for path, which, person, each in people:
        client, counts = signed_in(person), []
        for number in range(10):
            kept(house, f"q={number}", which)
            client.get(f"{path}?tout=1")
            with CaptureQueriesContext(connection) as captured:
                client.get(f"{path}?tout=1")
            counts.append(len(captured))
        assert counts[-1] - counts[0] == 9 * each, path
