"""Values and figures as files: formulas that are ours, P-codes, HXL, and nothing that acts in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from core.periods import Quarter
from core.sheet_writing import Formula, Page, as_pages
from directory.models import Place
from feedback.models import Case
from tests.workplan.conftest import WINTER, Tracker, release
from workplan.actions import readings
from workplan.dashboard.panel import WITHHELD
from workplan.models import Indicator
from workplan.value_table import TAGS, headings
from workplan.values import Value

SignIn = Callable[[Any], Client]


@pytest.fixture
def reported(tracker: Tracker) -> Tracker:
    tracker.verified("1.1.1.a", Value(number=8, numerator=2))
    tracker.verified("1.1.1.a", Value(number=4, numerator=3), Quarter(2021, 2))
    tracker.submitted("1.1.1.b", Value(number=7351))
    place = Place.objects.get(pcode="ML0703")
    part = readings.save(
        tracker.indicator("1.1.1.a").pk, WINTER, Value(number=5, numerator=1), by=tracker.cast.lassana, place=place
    )
    readings.verify(readings.submit(part.pk, by=tracker.cast.lassana).pk, by=tracker.sira)
    release(WINTER, WINTER, 20, 40)
    release(Quarter(2021, 2), Quarter(2021, 2), None, None)
    Indicator.objects.filter(number="1.1.1.a").update(title="=HYPERLINK(1)")
    return tracker


def rows_of(client: Client, tracker: Tracker, delimiter: str = ";", **asked: str) -> list[list[str]]:
    sent = client.get(reverse("workplan:values_csv"), {"plan": tracker.plan.code} | asked)
    return list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=delimiter))


def test_a_csv_has_what_was_verified_or_published_with_its_p_code(reported: Tracker, signed_in: SignIn) -> None:
    client = signed_in(reported.cast.robert)
    first, *rows = rows_of(client, reported)
    assert first == headings()
    assert [(row[0], row[3], row[4], *row[6:10], row[12]) for row in rows] == [
        ("1.1.1.a", "2021-T1", "", "8", "2", "8", "0,2500", "vérifié"),
        ("1.1.1.a", "2021-T2", "", "4", "3", "4", "0,7500", "vérifié"),
        ("1.1.1.a", "2021-T1", "ML0703", "5", "1", "5", "0,2000", "vérifié"),
        ("3.2.2.b", "T1 2021", "", "", "20", "40", "0,5000", "publié"),
    ]
    assert {row[1] for row in rows if row[0] == "1.1.1.a"} == {"'=HYPERLINK(1)"}


def test_another_program_asks_for_commas_no_mark_and_hxl(reported: Tracker, signed_in: SignIn) -> None:
    client = signed_in(reported.cast.robert)
    asked = {"separateur": "virgule", "marque": "non", "hxl": "oui"}
    content = client.get(reverse("workplan:values_csv"), {"plan": reported.plan.code} | asked).content
    assert not content.startswith(b"\xef\xbb\xbf")
    rows = rows_of(client, reported, ",", **asked)
    assert (tuple(rows[1]), len(rows[0])) == (TAGS, len(TAGS))
    assert "0.2500" in rows[2]
    plain = client.get(reverse("workplan:values_csv"), {"plan": reported.plan.code}).content
    assert plain.startswith(b"\xef\xbb\xbf")
    assert b"#indicator" not in plain


def test_a_workbook_computes_shares_and_sums_and_fractions_are_added(reported: Tracker, signed_in: SignIn) -> None:
    sent = signed_in(reported.cast.robert).get(reverse("workplan:values_xlsx"), {"plan": reported.plan.code})
    made = openpyxl.load_workbook(io.BytesIO(sent.content))
    values, totals = made["Valeurs"], made["Totaux"]
    assert values["J2"].value == '=IF(I2=0,"",H2/I2)'
    assert (values["J2"].number_format, values["G2"].number_format) == ("0%", "#,##0")
    assert values["B2"].value == "'=HYPERLINK(1)"
    assert totals["C2"].value == '=SUMIFS(Valeurs!G:G,Valeurs!$A:$A,$A2,Valeurs!$E:$E,"",Valeurs!$O:$O,"")'
    kept = openpyxl.load_workbook(io.BytesIO(sent.content), data_only=True)["Totaux"]
    assert [kept.cell(2, column).value for column in range(3, 7)] == [12, 5, 12, 0.4167]


def test_a_value_leaves_with_its_disaggregation_and_totals_take_it_once(tracker: Tracker, signed_in: SignIn) -> None:
    parts = {"secteur": {"humanitaire": 7, "développement": 5}}
    made = readings.save(tracker.indicator("2.2.3.b").pk, WINTER, Value(12, breakdown=parts), by=tracker.penda)
    readings.verify(readings.submit(made.pk, by=tracker.penda).pk, by=tracker.sira)
    reached = tracker.verified("1.2.1.a", Value(yes=True, on=date(2021, 2, 14)))
    client = signed_in(tracker.cast.robert)
    rows = [row for row in rows_of(client, tracker) if row[0] == "2.2.3.b"]
    assert [(row[6], *row[14:]) for row in rows] == [
        ("12", "", ""),
        ("7", "secteur", "humanitaire"),
        ("5", "secteur", "développement"),
    ]
    sent = client.get(reverse("workplan:values_xlsx"), {"plan": tracker.plan.code}).content
    book = openpyxl.load_workbook(io.BytesIO(sent), data_only=True)
    kept = {row[0]: row[2] for row in book["Totaux"].iter_rows(min_row=2, values_only=True)}
    assert kept["2.2.3.b"] == 12
    day = next(row[11] for row in book["Valeurs"].iter_rows() if row[0].value == reached.indicator.number)
    assert (day.value, day.number_format) == (datetime(2021, 2, 14), "dd/mm/yyyy")  # noqa: DTZ001  as Excel keeps it


@pytest.mark.once
def test_only_our_own_formulas_act() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "plain"]
    page = Page("", ["=2"], [[text, Formula("=A1", 3)] for text in texts])
    made = openpyxl.load_workbook(io.BytesIO(as_pages([page]))).active
    assert made is not None
    cells = [list(row) for row in made.iter_rows(max_col=1)]
    assert {cell.data_type for (cell,) in cells} == {"s"}
    assert [str(cell.value)[0] for (cell,) in cells] == ["'"] * 7 + ["p"]


def test_the_tables_of_the_dashboard_are_files_with_its_filters_and_small_numbers_withheld(
    tracker: Tracker, said: Callable[..., Case], signed_in: SignIn
) -> None:
    for pcode, count in (("ML0703", 3), ("ML0701", 12), ("ML0501", 20)):
        for _n in range(count):
            said(pcode=pcode)
    client = signed_in(tracker.cast.robert)
    sent = client.get(reverse("workplan:figures_csv"), {"step": "week"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sent), delimiter=";"))[1:]
    cercles = {row[1]: row[4] for row in rows if row[0] == "Par cercle" and row[1] and row[3] == "Nombre"}
    assert (cercles["ML0501"], cercles["ML0703"], cercles["ML0701"]) == ("20", str(WITHHELD), str(WITHHELD))
    weekly = [row for row in rows if row[0] == "Ce qui a été dit, par semaine"]
    assert weekly[-1][2:] == ["Ensemble", "Ensemble", "35"]
    assert client.get(reverse("workplan:figures_xlsx")).content[:2] == b"PK"
