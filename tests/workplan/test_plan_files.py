from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.transitions import Refused
from directory.models import User
from tests.workplan.conftest import Tracker
from tests.workplan.test_plan_history import SMALL
from workplan.actions.plan_files import Looked, confirm_reading, facts_of, looked_at, take_plan, upload_plan
from workplan.actions.plans import change_element, make_plan
from workplan.document.elements import elements_of
from workplan.document.paper import paper_of
from workplan.document.tree import as_entry, from_entry, rooted
from workplan.document.word_writing import as_word
from workplan.document.writing import as_spreadsheet, as_table, as_yaml
from workplan.enums import Kind
from workplan.models import Indicator, Plan, PlanChange, PlanFile, Reading
from workplan.values import Value

pytestmark = pytest.mark.once

# What a spreadsheet would compute, what a cell would lose, what a file's own signs are.
NASTY = "=cmd|'/c calc'!A1"
NASTY_PLAN = SMALL | {
    "code": "PIEGE",
    "focus_areas": [{"code": "LG", "name": "Liptako = Gourma"}],
    "axes": [
        {
            "number": 1,
            "title": "L’axe : « un »\nsur deux lignes",
            "objectives": [
                {
                    "number": "1.1",
                    "title": NASTY,
                    "description": "Objectif 9.9 : pas un titre",
                    "focus": "LG",
                    "activities": [
                        {
                            "number": "1.1.1",
                            "title": "-1+2",
                            "leads": ["Agence, et autres = NRC", "@HCR (Chef de file)", "Tout EHP"],
                            "others": ["Groupe (+ consultations avec UNCT)"],
                            "expertise": ["PROCAP ?"],
                            "reporter": "OCHA (Secrétariat)",
                            "windows": {"2020": "Q1, Q3-Q4"},
                            "doubt": "'=déjà quoté",
                            "inferred": ["reporter"],
                            "indicators": [
                                {
                                    "number": "1.1.1.a",
                                    "title": "# de 5 > 4 & <b>gras</b> ; fin",
                                    "kind": "count_disaggregated",
                                    "disaggregations": [
                                        {"name": "sexe", "values": ["femmes, filles"]},
                                        {"name": "âge", "values": ["0-17", "18+"]},
                                    ],
                                    "numerator_unit": "réunions",
                                    "baseline": 0,
                                    "baseline_note": "HNO 2020",
                                    "target": 12,
                                    "in_need": 6_700_000,
                                    "direction": "down",
                                    "means_of_verification": "Compte rendu\n- liste",
                                    "recurrence": "yearly",
                                    "aggregate": "latest",
                                    "windows": {},
                                    "verifier": "working_group",
                                    "consolidation": "sum",
                                    "register": {
                                        "kind": "sessions",
                                        "where": {"topic": "ewrr"},
                                        "adds": "participants",
                                    },
                                    "inferred": ["aggregate", "kind"],
                                },
                                {"number": "1.1.1.b", "title": "Fait (O/N)", "kind": "yes_no", "windows": {2021: "Q4"}},
                            ],
                        },
                        {"number": "1.1.2", "title": "Sans indicateur", "indicators": []},
                    ],
                },
                {"number": "1.2", "title": "Sans activité", "activities": []},
            ],
        },
        {"number": 10, "title": "Dernier", "objectives": []},
    ],
}


def words_of(plan: Plan) -> dict[str, Any]:
    """Everything that the plan says, but for its code."""
    return as_entry(rooted(elements_of(plan))) | {"code": ""}


WRITERS: dict[str, Callable[[Plan], bytes]] = {
    "yaml": lambda plan: as_yaml(paper_of(plan).plan),
    "xlsx": lambda plan: as_spreadsheet(paper_of(plan).plan),
    "csv": lambda plan: as_table(paper_of(plan).plan),
    "docx": lambda plan: as_word(paper_of(plan)),
}


def given(content: bytes, by: User, **facts: str) -> PlanFile:
    """A file that was uploaded, and of which these facts were typed."""
    file = upload_plan(content, once=uuid.uuid4(), by=by)
    return confirm_reading(file.pk, file.columns, facts_of(file) | facts, by=by)


def taken(content: bytes, by: User, **facts: str) -> Plan:
    file = given(content, by, **facts)
    assert looked_at(file).problems == []
    plan = take_plan(file.pk, reason="Repris.", about_nobody=True, by=by).plan
    assert plan is not None
    return plan


def csv_facts() -> dict[str, str]:
    return {
        "title": SMALL["title"], "owner": SMALL["owner"], "years": "2020, 2021", "secretariat": "OCHA",
        "focus_areas": "LG = Liptako = Gourma",
    }  # fmt: skip


# -- out, and in again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", WRITERS)
def test_a_plan_goes_out_and_comes_in_again_as_another_without_loss(tracker: Tracker, form: str) -> None:
    facts = {"code": "AUTRE"} | (csv_facts() if form == "csv" else {})
    nasty = make_plan(from_entry(NASTY_PLAN), reason="Essai.", about_nobody=True, by=tracker.cast.djeneba)
    assert words_of(taken(WRITERS[form](nasty), tracker.cast.djeneba, **facts)) == words_of(nasty)
    if form != "csv":
        again = taken(WRITERS[form](tracker.plan), tracker.cast.djeneba, code="ENCORE")
        assert words_of(again) == words_of(tracker.plan)


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_file_again_changes_nothing(tracker: Tracker, form: str) -> None:
    plan = make_plan(from_entry(NASTY_PLAN), reason="Essai.", about_nobody=True, by=tracker.cast.djeneba)
    facts = csv_facts() | {"code": "PIEGE"} if form == "csv" else {}
    found = looked_at(given(WRITERS[form](plan), tracker.cast.lassana, **facts)).comparison
    assert ([one.after for one in (*found.new, *found.changed)], found.absent) == ([], [])


def test_no_cell_of_a_spreadsheet_computes(tracker: Tracker) -> None:
    plan = make_plan(from_entry(NASTY_PLAN), reason="Essai.", about_nobody=True, by=tracker.cast.djeneba)
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](plan)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert f"'{NASTY}" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(not str(cell.value).startswith(("=", "+", "-", "@")) for cell in cells)


# -- as people have them ---------------------------------------------------------------------------------------------


def people_have() -> bytes:
    """A Word table as the original is laid out: no numbers, several indicators in a cell, a column for each year."""
    made = docx.Document()
    made.add_paragraph("Stratégie de protection")
    made.add_table(rows=1, cols=2).rows[0].cells[0].text = "Signatures"
    made.add_paragraph("AXE PRIORITAIRE 1: PRÉVENIR")
    heads = ["OBJECTIFS", "ACTIVITES", "INDICATEURS DE PROGRES", "MEMBRES DE EHP EN CHARGE (LEAD)",
             "AUTRES ACTEURS (+ EXPERTISE EXT.)", "2020", "2021"]  # fmt: skip
    rows = [
        heads,
        ["La protection est centrale", "Point permanent",
         "#  de communications (et % sur Liptako Gourma)\n# de réunions", "HCR\n& OCHA (Secrétariat)",
         "Cluster Protection\n(+PROCAP?)", "Q3-Q4", "Q1-Q4"],
        ["La protection est centrale", "Une note", "% de notes délibérées", "OCHA", "-", "-", "Q1"],
        ["La protection est centrale", "Une note", "Une charte est adoptée (O/N)", "OCHA", "-", "Q2", ""],
    ]  # fmt: skip
    table = made.add_table(rows=0, cols=len(heads))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def test_a_word_table_as_people_have_it_is_guessed_and_left_to_settle(tracker: Tracker) -> None:
    plan = taken(people_have(), tracker.cast.lassana, code="WORD", title="Mot", owner="EHP")
    [axis] = words_of(plan)["axes"]
    [objective] = axis["objectives"]
    first, second = objective["activities"]
    assert (axis["number"], axis["title"], objective["number"]) == (1, "PRÉVENIR", "1.1")
    assert (first["leads"], first["others"], first["expertise"], first["windows"]) == (
        ["HCR", "OCHA (Secrétariat)"], ["Cluster Protection"], ["PROCAP?"], {"2020": "Q3-Q4", "2021": "Q1-Q4"},
    )  # fmt: skip
    assert [(one["number"], one["kind"], one.get("share", ""), one["inferred"]) for one in first["indicators"]] == [
        ("1.1.1.a", "count_with_share", "sur Liptako Gourma", ["number", "kind"]),
        ("1.1.1.b", "count", "", ["number", "kind"]),
    ]
    assert [(one["kind"], one.get("windows")) for one in second["indicators"]] == [
        ("percent", None), ("yes_no", {"2020": "Q2"}),
    ]  # fmt: skip
    assert (plan.years, [str(each) for each in plan.secretariat.all()]) == ([2020, 2021], ["OCHA"])


def looked(text: str, by: User, **facts: str) -> Looked:
    typed = {"code": "X", "title": "X", "owner": "X", "country": "ML", "years": "2020"} | facts
    return looked_at(given(text.encode(), by, **typed))


def test_what_is_wrong_is_said_line_by_line_and_nothing_comes_in(tracker: Tracker) -> None:
    table = (
        "N° d’axe;Axe;N° d’objectif;Objectif;N° d’activité;Activité;Trimestres de l’activité;"
        "N° d’indicateur;Indicateur;Type;Cible\n"
        "1;A;1.1;O;1.1.1;Act;2020 : T1-T4;1.1.1.a;# de x;nombre;3\n"
        ";;;;1.1.1;Autrement;2020 : T9;1.1.1.b;# de y;nombres;beaucoup\n"
        ";;;;;;;1.1.1.a;# de x;nombre;4\n"
        ";;;;2.2.2;;;;;;\n"
        ";;1.2;P;1.2.1;Act;2031 : T1;1.2.1.a;;;\n"
    )
    found = looked(table, tracker.cast.lassana)
    said = [f"{where} : {why}" for where, why in found.problems]
    assert [line.partition(" : ")[0] for line in said] == [
        "Ligne 3", "Ligne 3", "Ligne 3", "Ligne 3", "Ligne 4", "Ligne 5", "Ligne 6", "activité 1.2.1",
    ]  # fmt: skip
    for word in ("deux choses", "T1-T4", "ce n’est pas l’un de", "nombre entier", "décrit nulle part", "2031"):
        assert any(word in line for line in said), word
    assert not found.may_be_taken
    file = given(table.encode(), tracker.cast.lassana, code="X")
    with pytest.raises(Refused):
        take_plan(file.pk, reason="Repris.", by=tracker.cast.lassana)
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"plan:\n  a: &a [1]\n  b: *a\n", "renvois"),
        (b"plan:\n  - [\n", "ligne"),
        (b"plan:\n" + b"[" * 5_000, "ne se lit pas"),
        (b"PK\x03\x04 rien", "ne s’ouvre pas"),
        (b"une seule ligne", "pas de tableau"),
        (b"\x00\x01", "ni un CSV"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(tracker: Tracker, content: bytes, refusal: str) -> None:
    with pytest.raises(Refused, match=refusal):
        upload_plan(content, once=uuid.uuid4(), by=tracker.cast.lassana)


def test_a_word_that_the_file_does_not_know_is_pointed_at(tracker: Tracker) -> None:
    text = as_yaml(from_entry(SMALL)).replace(b"doubt:", b"doute:")
    found = looked_at(given(text, tracker.cast.lassana))
    assert found.problems == [("indicateur 1.1.1.b", "mot inconnu\xa0: doute")]


# -- a plan that is here ---------------------------------------------------------------------------------------------


def test_a_plan_that_is_here_is_brought_up_to_date_change_by_change(tracker: Tracker) -> None:
    plan = make_plan(from_entry(SMALL), reason="Essai.", by=tracker.cast.lassana)
    table = "N° d’activité;Activité;N° d’indicateur;Indicateur;Cible\n1.1.1;Une activité;1.1.1.a;# de réunions;7\n"
    facts = {"code": "ESSAI", "title": SMALL["title"], "owner": "EHP", "years": "2020, 2021", "secretariat": "OCHA"}
    found = looked(table, tracker.cast.lassana, **facts)
    assert ([one.after for one in found.comparison.changed], found.comparison.new) == ([{"target": 7}], [])
    assert {one.number for one in found.comparison.absent} == {"1.1.1.b"}
    taken(table.encode(), tracker.cast.lassana, **facts)
    assert (Indicator.objects.of_plan(plan.pk).get(number="1.1.1.a").target, Plan.objects.count()) == (7, 2)
    assert PlanChange.objects.filter(plan=plan, number="1.1.1.a").get().after == {"target": 7}


def test_the_type_of_what_has_values_stays(tracker: Tracker) -> None:
    tracker.report("1.1.1.b", Value(number=3))
    assert Reading.objects.count() == 1
    text = as_yaml(paper_of(tracker.plan).plan).replace(b"kind: count\n", b"kind: yes_no\n")
    file = given(text, tracker.cast.lassana)
    with pytest.raises(Refused, match=r"1\.1\.1\.b a déjà des valeurs"):
        take_plan(file.pk, reason="Repris.", about_nobody=True, by=tracker.cast.lassana)
    assert tracker.indicator("1.1.1.c").kind == Kind.COUNT


# -- pages -----------------------------------------------------------------------------------------------------------


def test_a_file_is_looked_at_then_taken_on_a_page(tracker: Tracker, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(tracker.cast.djeneba)
    change_element("plan", tracker.plan.pk, {"owner": "EHP"}, reason="Court.", by=tracker.cast.djeneba)
    for form in WRITERS:
        assert client.get(f"/workplan/plan.{form}", {"le": "2020-01-01"}).status_code == 200
    sheet = client.get("/workplan/plan.docx", {"plan": tracker.plan.code}).content
    sent = client.post("/workplan/plans/new/", {"file": SimpleUploadedFile("plan.docx", sheet)})
    page = client.get(sent["Location"])
    assert "Ce fichier ne change rien" in page.content.decode()
    facts = {bound.html_name: bound.value() for bound in page.context["form"]}
    assert client.post(sent["Location"], facts | {"then": "check", "plan_code": "SUITE"}).status_code == 302
    assert client.post(sent["Location"], {"then": "take", "reason": "Suite."}).status_code == 422
    done = client.post(sent["Location"], {"then": "take", "reason": "Suite.", "about_nobody": "on"})
    assert (done.status_code, Plan.objects.get(code="SUITE").axes.count()) == (302, 3)
    assert PlanFile.objects.get().content is None
    assert "Suite." in client.get("/workplan/changes/", {"plan": "SUITE"}).content.decode()
