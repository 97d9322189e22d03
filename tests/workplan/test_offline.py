from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.transitions import Refused
from directory.models import User
from tests.workplan.conftest import WINTER, Tracker
from workplan.actions.offline_sheets import load_sheet
from workplan.enums import Loaded
from workplan.models import Reading
from workplan.offline import VALUE, workbook
from workplan.sheets import newest_reading, sheet
from workplan.values import Value


def book_of(tracker: Tracker) -> openpyxl.Workbook:
    lassana = tracker.cast.lassana
    return openpyxl.load_workbook(io.BytesIO(workbook(tracker.plan, WINTER, sheet(tracker.plan, WINTER, lassana))))


def fill(book: openpyxl.Workbook, number: str, *values: Any, **beside: str) -> None:
    """Writes values into the lines of an indicator, in order; `beside` into its first line."""
    page = book["Rapport"]
    rows = [row for row in page.iter_rows(min_row=2) if row[0].value == number]
    assert rows, number
    for row, value in zip(rows, values, strict=False):
        row[VALUE].value = value
    if "narrative" in beside:
        rows[0][VALUE + 1].value = beside["narrative"]


def kept(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def became(tracker: Tracker, content: bytes, **more: Any) -> dict[str, str]:
    loaded = load_sheet(content, by=tracker.cast.lassana, **more)
    return {line.number: line.became.value for line in loaded.lines if line.became != Loaded.SAME}


def test_what_is_filled_offline_is_saved_as_a_draft_and_the_rest_stays(tracker: Tracker) -> None:
    tracker.report("1.1.1.b", Value(number=3), narrative="Vu.")
    assert became(tracker, kept(book_of(tracker))) == {}
    book = book_of(tracker)
    fill(book, "1.1.1.a", 5, 2, narrative="'=SOMME(A1)")
    fill(book, "1.2.1.a", "Oui", "12/01/2021")
    assert became(tracker, kept(book)) == {"1.1.1.a": "saved", "1.2.1.a": "saved"}
    share, milestone = (
        newest_reading(tracker.indicator(number), WINTER, tracker.cast.lassana) for number in ("1.1.1.a", "1.2.1.a")
    )
    assert share is not None
    assert milestone is not None
    assert (share.value, share.narrative) == (Value(number=5, numerator=2, denominator=5), "=SOMME(A1)")
    assert (milestone.value.yes, str(milestone.value.on)) == (True, "2021-01-12")
    assert Reading.objects.count() == 3
    assert became(tracker, kept(book)) == {}
    fill(again := book_of(tracker), "1.1.1.b", 4)
    assert became(tracker, kept(again), submits=True) == {"1.1.1.b": "submitted"}


def test_what_changed_here_meanwhile_is_shown_and_not_overwritten(tracker: Tracker) -> None:
    tracker.report("1.1.1.b", Value(number=3))
    book = book_of(tracker)
    fill(book, "1.1.1.b", 8)
    fill(book, "1.1.1.c", 9)
    tracker.report("1.1.1.b", Value(number=4))
    tracker.report("1.1.1.c", Value(number=1))
    tracker.submitted("1.1.4.a", Value(number=2))
    fill(book, "1.1.4.a", 7)
    loaded = load_sheet(kept(book), by=tracker.cast.lassana)
    conflicts = {line.number: (line.given, line.here) for line in loaded.lines if line.became == Loaded.CONFLICT}
    assert conflicts == {
        "1.1.1.b": ("8", "4 (Lassana)"), "1.1.1.c": ("9", "1 (Lassana)"), "1.1.4.a": ("7", "2 (Lassana)"),
    }  # fmt: skip
    assert set(Reading.objects.values_list("number", flat=True)) == {1, 2, 4}


def test_a_line_that_is_wrong_says_why_and_the_others_are_taken(tracker: Tracker) -> None:
    book = book_of(tracker)
    fill(book, "1.1.1.a", 5, 9)
    fill(book, "1.1.1.b", "beaucoup")
    fill(book, "1.1.1.c", 1, narrative="Appeler le 70 12 34 56 78")
    fill(book, "1.1.4.a", 2)
    page = book["Rapport"]
    page.append(["2.1.3.a", "", "", "oui", "", "", "yes", ""])
    assert became(tracker, kept(book)) == {
        "1.1.1.a": "wrong", "1.1.1.b": "wrong", "1.1.1.c": "wrong", "2.1.3.a": "wrong", "1.1.4.a": "saved",
    }  # fmt: skip
    with pytest.raises(Refused):
        load_sheet(b"a;b\n1;2\n", by=tracker.cast.lassana)
    book["Fiche"]["B2"].value = "AUTRE"
    with pytest.raises(Refused):
        load_sheet(kept(book), by=tracker.cast.lassana)


def test_the_page_gives_the_workbook_and_takes_it_back(tracker: Tracker, signed_in: Callable[[User], Client]) -> None:
    client, asked = signed_in(tracker.cast.lassana), {"plan": tracker.plan.code, "period": "2021-T1"}
    book = openpyxl.load_workbook(io.BytesIO(client.get("/workplan/report/offline/rapport.xlsx", asked).content))
    fill(book, "1.1.1.b", 6)
    sent = {"file": SimpleUploadedFile("rapport.xlsx", kept(book))}
    page = client.post("/workplan/report/offline/", sent)
    assert (page.status_code, "enregistrée comme brouillon" in page.content.decode()) == (200, True)
    assert Reading.objects.get().number == 6
    bad = client.post("/workplan/report/offline/", {"file": SimpleUploadedFile("rapport.xlsx", b"rien\n")})
    assert bad.status_code == 422
