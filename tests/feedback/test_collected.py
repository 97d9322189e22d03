"""What other organisations counted: their own readings, by versions, in which nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.periods import Quarter
from directory.models import Organisation
from feedback.collected import collected
from feedback.ingest_periods import span_of
from feedback.models import Case, CollectedReading, Deposit
from feedback.statistics import About
from tests.cast import Cast
from tests.feedback.ingesting import SOURCES, came, checked, path_of, table, taken

SignIn = Callable[[Any], Client]
HEADINGS = "periode;lieu;categorie;sexe;canal;nombre"
FIRST = Quarter(2022, 1)


@pytest.fixture
def nrc(cast: Cast) -> Organisation:
    return cast.organisations["nrc"]


@pytest.fixture
def group(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.djeneba)


def figures(client: Client, source: Organisation, *lines: str, **meanings: str) -> Any:
    return taken(client, source, table(*lines, headings=HEADINGS), "figures", meanings=meanings)


def faults(client: Client, source: Organisation, *lines: str) -> dict[int, str]:
    return dict(checked(client, source, table(*lines, headings=HEADINGS), "figures").noted)


@pytest.mark.parametrize(
    "text", ["2022-03", "03/2022", "mars 2022", "Mars 2022", "2022-03-01", "2022-03-01T00:00:00", "01/03/2022"]
)
def test_a_month_is_read_however_it_is_written(text: str) -> None:
    assert span_of(text) == span_of("2022-03")
    assert span_of("2022-T1") == span_of("Q1 2022") == span_of("t1 2022")
    assert [span_of(no) for no in ("", "2022", "2022-13", "12/03/2022", "2022-T5", "1850-01", "bientôt")] == [None] * 7


def test_the_template_comes_back_as_counts_of_the_source_and_makes_no_case(group: Client, nrc: Organisation) -> None:
    template = group.get(f"{SOURCES}template/figures.csv").content
    file = taken(group, nrc, template, "figures", meanings={"Eau et assainissement": "INSAT_MAJ"})
    assert came(file) == (1, 0, 0, 0)
    reading = CollectedReading.objects.get()
    assert (reading.source, reading.version, reading.counts.get().count) == (nrc, 1, 27)
    assert collected(FIRST) == {(nrc.pk, "INSAT_MAJ"): 27}
    assert Case.objects.count() == 0


def test_a_period_given_again_is_a_new_version_and_the_one_before_is_kept(group: Client, nrc: Organisation) -> None:
    march, april = "2022-03;Gao;INFO;;;12", "2022-04;Gao;INFO;;;5"
    assert came(figures(group, nrc, march)) == (1, 0, 0, 0)
    assert came(figures(group, nrc, march, april)) == (1, 1, 0, 0)
    assert came(figures(group, nrc, "2022-03;Gao;INFO;;;20")) == (0, 0, 1, 0)
    versions = CollectedReading.objects.filter(first_day="2022-03-01").order_by("version")
    assert [(one.version, one.counts.get().count, one.replaced_at is None) for one in versions] == [
        (1, 12, False),
        (2, 20, True),
    ]
    assert collected(FIRST) == {(nrc.pk, "INFO"): 20}
    assert collected(FIRST.next) == {(nrc.pk, "INFO"): 5}


def test_two_words_of_one_category_add_up_and_filters_ask_what_a_source_said(group: Client, nrc: Organisation) -> None:
    figures(
        group,
        nrc,
        "2022-03;Gao;Eau;femme;téléphone;10",
        "2022-03;Gao;Puits;femme;téléphone;7",
        "2022-03;ML0901;Puits;homme;radio;3",
        "2022-02;;INSAT_MAJ;non communiqué;;1 000",
        Eau="INSAT_MAJ",
        Puits="INSAT_MAJ",
    )
    key = (nrc.pk, "INSAT_MAJ")
    assert collected(FIRST) == {key: 1020}
    assert collected(FIRST, ["ML0703"]) == {key: 17}
    assert collected(FIRST, about=About(sex="male")) == {key: 3}
    assert collected(FIRST, about=About(channel="voice")) == {key: 17}
    assert collected(FIRST, about=About(population_status="idp")) == {}


def test_what_would_count_twice_or_cannot_be_read_holds_its_period_and_no_other(
    group: Client, nrc: Organisation
) -> None:
    lines = (
        "2022-03;Gao;INFO;;;12",
        "2022-03;ML0703;INFO;;;3",
        "2022-02;Gao;INFO;femme;;6",
        "2022-02;Gao;INFO;;;12",
        "2022-04;ML07;INFO;;;9",
        "2022-04;Gao;INFO;;;4",
        "2022-05;Nulle part;INFO;;;4",
        "2022-05;Gao;INFO;;;4",
        "2022-06;Gao;INFO;;;environ 4",
        "2022-07;Gao;INFO;autre;;4",
        "2022-08;Gao;INFO;;pigeon;4",
        "2022-10;Gao;INFO;;;4",
        "2022-T4;Gao;INFO;;;40",
        "2031-01;Gao;INFO;;;4",
        "bientôt;Gao;INFO;;;4",
        "2021-01;Gao;INFO;;;4",
    )
    assert faults(group, nrc, *lines) == {
        2: "held", 3: "figure_twice", 4: "held", 5: "mixed", 6: "mixed", 7: "held", 8: "place", 9: "held",
        10: "count", 11: "sex", 12: "channel", 13: "overlap", 14: "overlap", 15: "period_future", 16: "period",
    }  # fmt: skip
    assert came(figures(group, nrc, *lines)) == (1, 0, 0, 15)
    assert CollectedReading.objects.get().first_day.year == 2021
    assert faults(group, nrc, "2021-T1;Gao;INFO;;;9") == {2: "overlap"}
    assert came(figures(group, nrc, "2021-T1;Gao;INFO;;;9", "2020-01;Gao;INFO;;;9")) == (1, 0, 0, 1)


def test_totals_and_sealed_or_restricted_matters_are_left_out_and_hold_nothing_up(
    group: Client, nrc: Organisation
) -> None:
    lines = (
        "2022-03;Gao;INFO;;;12",
        "2022-03;Gao;Total;;;20",
        "2022-03;Gao;EAS;;;3",
        "2022-03;Gao;PROT.vbg;;;3",
        "2022-03;Gao;FRAUDE;;;2",
    )
    assert faults(group, nrc, *lines) == {3: "total", 4: "not_here", 5: "not_here", 6: "not_here"}
    file = figures(group, nrc, *lines)
    assert collected(FIRST) == {(nrc.pk, "INFO"): 12}
    assert "Ces matières ne se comptent pas ici" in group.get(path_of(file)).content.decode()
    assert [(row.new_count, row.refused_count) for row in Deposit.objects.all()] == [(1, 4)]
