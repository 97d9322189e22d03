"""OCHA's 5W spreadsheet as it really is: each fault is said, nothing is doubled, nothing disappears by itself."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import robot
from core.sheet_acts import forget, waiting_ids
from directory.actions import intervention_pass
from directory.actions.intervention_pass import faults_of, take_file
from directory.fivew_columns import HEADINGS, Column, guessed
from directory.models import Intervention, InterventionContent, InterventionFile, Organisation, Place
from tests.cast import Cast
from tests.directory import fivew
from tests.directory.fivew import FILES, as_book, as_text, checked, counted, row, taken, uploaded

SignIn = Callable[[Any], Client]
ROWS = 24_000
ELSEWHERE = {"region": "", "region_nom": ""}
# One of each kind, at lines spread over the file: what is planted, and what must be said of it.
PLANTED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"sigle": "", "nom": "#N/A"}, "no_organisation"),
    ({"sigle": "AMADE ", "nom": "Assoc. malienne"}, "organisation_unknown"),
    ({"sigle": "NRC", "nom": "Programme alimentaire mondial"}, "two_organisations"),
    ({"cercle": "#N/A"}, "no_cercle"),
    ({"cercle": "Gao"}, "cercle_unknown"),
    ({"cercle": "ML07"}, "cercle_unknown"),
    ({"cluster": "#REF!"}, "no_sector"),
    ({"cluster": "Pastoralisme"}, "sector_unknown"),
    ({"debut": "janvier"}, "date"),
    ({"debut": "2023-12-31", "fin": "2023-01-01"}, "ends_first"),
    ({"femmes": "environ 20"}, "number"),
    ({"femmes": "-3"}, "number"),
    ({"femmes": "9" * 5000}, "number"),
    ({"cash": "9" * 20 + ",5"}, "number"),
    ({"remarques": "x" * 1001}, "too_long"),
    ({"region": "ML03"}, "region_differs"),
    ({"region_nom": "Sikasso"}, "region_differs"),
    ({"commune": "ML060505"}, "commune_differs"),
)


@pytest.fixture
def group(cast: Cast, signed_in: SignIn) -> Client:
    """The working group: imports for every organisation."""
    return signed_in(cast.djeneba)


def planted(lines: int, first: int) -> tuple[list[list[Any]], dict[tuple[int, str], int]]:
    """Good rows in mixed case with stray spaces, and among them, every fault a few times; which, by line.

    `first`: the line of the first row.
    """
    rows, expected = [], Counter[tuple[int, str]]()
    organisations = (" nrc", "HCR ", "Pam")
    names = ("Conseil norvégien pour les réfugiés", "HAUT-COMMISSARIAT  pour les réfugiés", "#N/A")
    cercles = list(Place.objects.cercles().values_list("pcode", flat=True))
    step = lines // (len(PLANTED) * 3 + 1)
    for index in range(lines):
        who = index % 3
        code = cercles[index % len(cercles)]
        said = {"sigle": organisations[who], "nom": names[who], "cercle": f" {code.lower()} "} | ELSEWHERE
        if index % step == step - 1 and index // step < len(PLANTED) * 3:
            changes, fault = PLANTED[index // step % len(PLANTED)]
            said |= {"cercle": "ML0703"} | changes
            expected[(first + index, fault)] += 1
        rows.append(row(f"Distribution  n° {index}", **said))
    rows[-1], expected[(first + lines - 1, "twice")] = list(rows[0]), 1
    rows[-2] = row("#N/A")
    expected[(first + lines - 2, "no_activity")] = 1
    return rows, dict(expected)


@pytest.mark.once
@pytest.mark.parametrize(("written", "first"), [(as_text, 2), (as_book, 5)])
def test_24_000_rows_with_planted_errors_are_taken_in_and_each_error_is_said(
    group: Client, cast: Cast, written: Any, first: int
) -> None:
    rows, expected = planted(ROWS, first)
    file = checked(group, written(*rows))

    assert Intervention.objects.count() == 0, "nothing before it is confirmed"
    assert Counter((one.line, one.code) for one in faults_of(file)) == expected
    refused = {line for line, code in expected if code not in ("region_differs", "commune_differs")}
    assert counted(file) == {
        "created": ROWS - len(refused), "changed": 0, "same": 0, "refused": len(refused), "absent": 0,
    }  # fmt: skip

    group.post(f"{FILES}{file.pk}/", {"then": "take"})
    file.refresh_from_db()

    assert (file.row_count, file.done_count, InterventionContent.objects.count()) == (ROWS, ROWS, 0)
    assert Intervention.objects.count() == file.counts["created"] == ROWS - len(refused)
    report = group.get(f"{FILES}{file.pk}/problems.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(report), delimiter=";"))[1:]
    assert Counter(int(line[0]) for line in lines) == Counter(line for line, _code in expected)
    by_region = dict(Counter(Intervention.objects.values_list("place__parent__pcode", flat=True)))
    assert by_region["ML09"] > 0, "the region is the cercle's"


@pytest.mark.parametrize("written", [as_text, as_book])
def test_a_row_is_read_whatever_its_spelling(group: Client, cast: Cast, written: Any) -> None:
    said = row(
        " Cash  pour\u00a0travail ", sigle="nrc ", region="ML03", cercle="ml0703 ", cluster="ABRIS", debut="44927",
        cash="1 250 000", atteintes="1 100", village="#N/A", type="ONG INT",
    )  # fmt: skip
    taken(group, written(said))
    one = Intervention.objects.get()
    assert (one.organisation, one.place.pcode, one.place.region.pcode) == (cast.organisations["nrc"], "ML0703", "ML07")
    assert (one.activity, one.village, one.sector, one.in_hrp) == ("Cash pour travail", "", "shelter", True)
    assert (one.starts_on, one.ends_on) == (date(2023, 1, 1), date(2023, 12, 31))
    assert (one.cash_amount, one.targeted, one.reached) == (Decimal(1_250_000), {"women": 120}, {"women": 1100})


def test_columns_are_guessed_from_the_names_they_really_have() -> None:
    found = {name: fivew.HEADINGS[place] for name, place in guessed(list(fivew.HEADINGS)).items()}
    assert set(found) == set(Column.values)
    assert found["cercle_code"] == "admin2Pcod "
    assert found["targeted_older"] == "Ciblés >59 ans"
    assert found["reached_disabled"] == "Atteints handicap"
    assert guessed(["Ménages ciblés", "Villages ciblés"]).keys() & {"targeted_men", "targeted_older"} == set()


def test_the_same_file_changes_nothing_a_changed_row_updates_and_what_is_gone_is_shown(group: Client) -> None:
    first = [row("Puits"), row("Latrines"), row("Latrines", femmes="7"), row("École", cluster="Éducation")]
    assert counted(taken(group, as_text(*first)))["created"] == 4
    before = list(Intervention.objects.order_by("key").values("key", "changed_at", "targeted"))
    assert counted(taken(group, as_text(*first))) == {"created": 0, "changed": 0, "same": 4, "refused": 0, "absent": 0}
    assert list(Intervention.objects.order_by("key").values("key", "changed_at", "targeted")) == before

    file = taken(group, as_text(row("Puits", atteintes="55"), *first[1:3]))

    assert counted(file) == {"created": 0, "changed": 1, "same": 2, "refused": 0, "absent": 1}
    assert Intervention.objects.get(activity="Puits").reached == {"women": 55}
    assert Intervention.objects.count() == 4, "nothing is deleted by itself"
    address = f"{FILES}{file.pk}/absent/"
    assert "École" in group.get(address).content.decode()
    taken(group, as_text(row("Autre")), source="Un autre tableau")
    group.post(address)
    assert set(Intervention.objects.values_list("activity", flat=True)) == {"Puits", "Latrines", "Autre"}


def test_what_an_older_file_lacks_is_not_offered_for_removal_once_there_is_a_newer_one(group: Client) -> None:
    old = taken(group, as_text(row("Puits")))
    taken(group, as_text(row("Latrines")))
    assert group.get(f"{FILES}{old.pk}/absent/").status_code == 404
    group.post(f"{FILES}{old.pk}/absent/")
    assert Intervention.objects.count() == 2


def test_an_unknown_organisation_is_matched_or_created_once_and_known_ever_after(group: Client, cast: Cast) -> None:
    rows = [
        row("Puits", sigle="UNHCR", nom="HCR Mali"),
        row("École", sigle="AMSS", nom="Assoc. sahélienne", type="ONG Nat"),
        row("Pont", sigle="?", nom="Inconnue"),
        row("Four", sigle="Association des femmes du fleuve Niger", nom=""),
    ]
    file = checked(group, as_text(*rows))
    assert (counted(file)["refused"], [one["acronym"] for one in file.unknown]) == (
        4,
        ["UNHCR", "AMSS", "?", "Association des femmes du fleuve Niger"],
    )
    matching = group.get(f"{FILES}{file.pk}/").context["matching"]
    sent = {f"key-{place}": matching.fields[f"key-{place}"].initial for place in range(4)}
    choice = {"who-0": str(cast.organisations["hcr"].pk), "who-1": "new", "who-2": "", "who-3": "new"}
    group.post(f"{FILES}{file.pk}/", sent | choice | {"then": "match"})
    group.post(f"{FILES}{file.pk}/", {"then": "take"})

    assert Intervention.objects.get(activity="Puits").organisation == cast.organisations["hcr"]
    created = Organisation.objects.get(acronym="AMSS")
    assert (created.name, created.kind, created.protocol_signed_on) == ("Assoc. sahélienne", "nngo", None)
    assert Intervention.objects.get(activity="École").organisation == created
    named = Intervention.objects.get(activity="Four").organisation
    assert (named.name, named.acronym) == ("Association des femmes du fleuve Niger", "")
    assert counted(taken(group, as_text(*rows))) == {"created": 0, "changed": 0, "same": 3, "refused": 1, "absent": 0}


def test_an_agency_manager_takes_in_the_rows_of_their_own_agency_only(cast: Cast, signed_in: SignIn) -> None:
    manager = signed_in(cast.mariam)
    mine = {"sigle": "HCR", "nom": ""}
    file = checked(manager, as_text(row("Puits", **mine), row("École"), row("Pont", sigle="AMSS", nom="")))
    assert {one.line: one.code for one in faults_of(file)} == {3: "not_yours", 4: "not_yours"}
    assert "matching" not in manager.get(f"{FILES}{file.pk}/").context
    manager.post(f"{FILES}{file.pk}/", {"then": "take"})
    assert [one.organisation for one in Intervention.objects.all()] == [cast.organisations["hcr"]]
    other = signed_in(cast.djeneba)
    assert [other.get(f"{FILES}{file.pk}/{tail}").status_code for tail in ("", "problems.csv", "absent/")] == [404] * 3
    assert signed_in(cast.ibrahim).get(FILES).status_code == 404


def test_an_agency_s_own_file_and_the_common_one_make_one_row(group: Client, cast: Cast, signed_in: SignIn) -> None:
    one = row("Puits", sigle="HCR", nom="")
    taken(signed_in(cast.mariam), as_text(one), source="HCR")
    assert counted(taken(group, as_text(one))) == {"created": 0, "changed": 0, "same": 1, "refused": 0, "absent": 0}


def test_an_import_that_stops_half_way_goes_on_where_it_stopped(group: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervention_pass._Pass, "batch", 2)
    rows = [row(f"Puits {number}", femmes="?" if number == 3 else "1") for number in range(7)]
    file = checked(group, as_text(*rows))
    steps, write = [], intervention_pass._Pass._write

    def dies_at_the_third(self: Any, *what: Any) -> None:
        steps.append(1)
        if len(steps) == 3:
            raise RuntimeError("killed")
        write(self, *what)

    monkeypatch.setattr(intervention_pass._Pass, "_write", dies_at_the_third)
    group.post(f"{FILES}{file.pk}/", {"then": "take"})
    file.refresh_from_db()
    assert (file.done_count, Intervention.objects.count(), file.is_at_work) == (4, 3, True)
    page = group.get(f"{FILES}{file.pk}/").content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'value="4" max="7"' in page
    assert waiting_ids(InterventionFile) == [file.pk]
    take_file(file.pk)
    take_file(file.pk)
    file.refresh_from_db()
    assert counted(file) == {"created": 6, "changed": 0, "same": 0, "refused": 1, "absent": 0}
    assert Intervention.objects.count() == 6
    done = group.get(f"{FILES}{file.pk}/", headers={"HX-Request": "true"})
    assert done["HX-Refresh"] == "true"


def test_what_is_exported_comes_back_the_same_and_no_cell_acts(group: Client) -> None:
    rows = [row("=HYPERLINK(A1)", remarques="@x", bailleur="+223", cash="12,5"), row("École", cluster="Éducation")]
    taken(group, as_text(*rows))
    text = group.get("/directory/5w/5W.csv").content
    book = group.get("/directory/5w/5W.xlsx").content
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == list(HEADINGS.values())
    assert lines[0][5:9] == ["admin1Pcod", "admin1Name", "admin2Pcod", "admin2Name"]
    assert lines[1][5:9] == ["ML07", "Gao", "ML0703", "Gao"]
    page = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    cells = [str(cell) for line in [*lines[1:], *page.iter_rows(min_row=2, values_only=True)] for cell in line if cell]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert {cell.data_type for line in page.iter_rows(min_row=2) for cell in line} <= {"s", "n", "d"}
    for content in (text, book):
        file = taken(group, content)
        assert counted(file) == {"created": 0, "changed": 0, "same": 2, "refused": 0, "absent": 0}
    assert Intervention.objects.count() == 2


def test_the_list_is_filtered_from_the_address_and_asks_the_same_queries_for_any_number(group: Client) -> None:
    def shown(query: str) -> set[str]:
        return {one.activity for one in group.get("/directory/5w/" + query).context["page"]}

    assert "Importez le tableau 5W" in group.get("/directory/5w/").content.decode()
    taken(group, as_text(row("Puits"), row("École", cluster="Éducation", cercle="ML0901", sigle="PAM", nom="", fin="")))
    group.get("/directory/5w/")
    with CaptureQueriesContext(
        connection,
    ) as two:
        assert shown("") == {"Puits", "École"}
    with CaptureQueriesContext(connection) as one:
        assert shown("?sector=education") == {"École"}
    assert len(one) == len(two)
    assert [shown(query) for query in ("?region=ML07", "?cercle=ML0901", "?q=nrc", "?running=on")] == [
        {"Puits"}, {"École"}, {"Puits"}, {"École"},
    ]  # fmt: skip
    assert "École" not in group.get("/directory/5w/5W.csv?region=ML07").content.decode()


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"PK\x03\x04rien", b"\x00\x01"])
def test_what_is_no_5w_table_is_refused_with_what_to_do(group: Client, content: bytes) -> None:
    response = group.post(FILES, {"file": io.BytesIO(content), "source_name": "5W"})
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert InterventionFile.objects.count() == 0


def test_without_a_column_that_is_needed_nothing_is_checked(group: Client) -> None:
    file = uploaded(group, as_text(row("Puits")))
    response = group.post(f"{FILES}{file.pk}/", {"then": "check", "acronym": "0", "sector": "12", "activity": "17"})
    assert response.status_code == 422
    assert "Cercle, P-code" in response.content.decode()
    file.refresh_from_db()
    assert file.asked_at is None


def test_a_file_waits_sealed_may_be_destroyed_and_is_forgotten(group: Client) -> None:
    file = uploaded(group, as_text(row("Puits", remarques="Appeler Awa")))
    assert b"Awa" not in bytes(file.kept.content or b"") + bytes(file.kept.head or b"")
    group.post(f"{FILES}{file.pk}/", {"then": "discard"})
    assert InterventionFile.objects.count() == 0
    taken(group, as_text(row("Puits")))
    later = timezone.now() + timedelta(seconds=1)
    assert forget(InterventionFile, later, by=robot("retention")) == 1
    assert Intervention.objects.count() == 1
