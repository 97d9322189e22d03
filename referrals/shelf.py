"""What stands above a list: the filters that its reader kept under a name, each with how many it finds now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from directory.models import User
from feedback.queue import QueueName, counts_of
from referrals.enums import FilteredList
from referrals.forms.lists import MineFilter, condition_of
from referrals.groups import GROUPS
from referrals.models import SavedFilter

PAGES = {FilteredList.MINE: "referrals:mine", FilteredList.DESK: "referrals:desk"}
# What of an address is a filter: the page and the case that lies open are not. In the order they are written.
KEPT = {FilteredList.MINE: ("groupe", *MineFilter.base_fields), FilteredList.DESK: ("liste", "q")}
# Says that the whole list is wanted, to whoever opens it on a filter of theirs.
EVERYTHING = "tout=1"


@dataclass(frozen=True)
class Chip:
    """One kept filter: where it leads, how many it finds, whether it is what is on screen."""

    row: SavedFilter
    name: str
    address: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Shelf:
    """`keeps`: what could be kept now, "" when nothing is filtered or it is kept already."""

    which: str
    chips: list[Chip]
    everything: str
    keeps: str


def query_of(which: FilteredList, said: Mapping[str, str]) -> str:
    """What an address asks of a list, always written the same way; "" when it asks for nothing."""
    return urlencode([(name, said[name]) for name in KEPT[which] if said.get(name)])


def first_address(user: User, which: FilteredList) -> str:
    """Where this list opens for them, "" if on everything."""
    row = SavedFilter.objects.filter(owner=user, list=which, is_first=True).first()
    return _address(which, row.unsealed("query")) if row is not None else ""


def shelf_of_mine(user: User, form: MineFilter, *, group: str) -> Shelf:
    """Above "Pour moi", in as many queries for ten filters as for one."""
    query = query_of(FilteredList.MINE, {**form.said(), "groupe": group})
    return _shelf(user, FilteredList.MINE, query)


def shelf_of_desk(user: User, name: str, search: str) -> Shelf:
    """Above the desk; `name` is the list that the address names."""
    query = query_of(FilteredList.DESK, {"liste": name, "q": search})
    return _shelf(user, FilteredList.DESK, query)


def _shelf(user: User, which: FilteredList, current: str) -> Shelf:
    rows = list(SavedFilter.objects.filter(owner=user, list=which))
    queries = [row.unsealed("query") for row in rows]
    said = [QueryDict(query).dict() for query in queries]
    counts = (_counts_of_mine if which == FilteredList.MINE else _counts_of_desk)(user, said)
    chips = [
        Chip(row, row.unsealed("name"), _address(which, query), count, query == current)
        for row, query, count in zip(rows, queries, counts, strict=True)
    ]
    keeps = "" if current in queries else current
    return Shelf(which.value, chips, _address(which, EVERYTHING), keeps)


def _address(which: FilteredList, query: str) -> str:
    return f"{reverse(PAGES[which])}?{query}"


def _counts_of_mine(user: User, asked: list[dict[str, Any]]) -> list[int]:
    """One query for each part of a group that any of them looks into."""
    counts, now = [0] * len(asked), timezone.now()
    for group in GROUPS:
        inside = [n for n, said in enumerate(asked) if said.get("groupe", group.code) == group.code]
        wanted = {f"asked_{n}": Count("pk", filter=condition_of(asked[n]) or None) for n in inside}
        for part in group.parts(user, now) if wanted else []:
            found = part.rows.aggregate(**wanted)
            for n in inside:
                counts[n] += found[f"asked_{n}"]
    return counts


def _counts_of_desk(user: User, asked: list[dict[str, Any]]) -> list[int]:
    usual = QueueName.ALL.value
    return counts_of(user, [(said.get("liste", usual), said.get("q", "")) for said in asked])
