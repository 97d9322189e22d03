"""A count can have its list: entries one by one, from a table or by API; the figure computes itself and opens."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import Quarter
from core.transitions import Refused
from directory.credentials import ApiScope, issue
from directory.models import Place
from directory.roles import Role
from tests.workplan.conftest import WINTER, Tracker, person
from workplan.actions import readings
from workplan.actions.register_files import check_table, confirm_table, problems_of, upload_table
from workplan.actions.register_passes import take_table
from workplan.actions.registers import keep_entry, report_from_register, strike_entry, use_register
from workplan.enums import Came, Kind
from workplan.models import Indicator, Reading, RegisterEntry
from workplan.public_words import SaysTooMuch
from workplan.registers.counting import Counting
from workplan.registers.given import Given, sorted_out
from workplan.registers.kinds import REGISTERS
from workplan.values import Value

SignIn = Callable[[Any], Client]
GAO_CERCLE, SIKASSO = "ML0703", "ML0301"


def place(pcode: str) -> Place:
    return Place.objects.get(pcode=pcode)


def keep(tracker: Tracker, kind: str, line: str, day: str = "2021-02-03", **more: Any) -> RegisterEntry:
    """Lassana's entry; what is not of every entry is the register's own."""
    common = {name: more.pop(name) for name in ("place", "about_focus", "until") if name in more}
    facts, words, wrong = sorted_out(REGISTERS[kind], more)
    assert wrong == []
    given = Given(day=date.fromisoformat(day), line=line, facts=facts, words=words, **common)
    lassana = tracker.cast.lassana
    return keep_entry(tracker.plan, REGISTERS[kind], given, keeper=lassana.organisation, by=lassana).entry


def counted(tracker: Tracker, number: str, quarter: Quarter = WINTER) -> Value:
    found = Counting(tracker.plan).counted(tracker.indicator(number), quarter)
    assert found is not None
    return found.value


def test_every_count_of_the_plan_that_people_keep_has_a_register_and_none_is_forced_to_use_it(tracker: Tracker) -> None:
    manual = Indicator.objects.of_plan(tracker.plan.pk).filter(measure="").exclude(kind=Kind.YES_NO)
    assert [each.number for each in manual if each.rule is None] == []
    assert not manual.filter(keeps_register=True).exists()
    with pytest.raises(Refused, match="pas compté d’un registre"):
        report_from_register(tracker.indicator("1.1.1.a").pk, WINTER, by=tracker.cast.lassana)


def test_a_figure_counts_its_quarter_and_its_share_of_the_focus_by_place_or_by_word(tracker: Tracker) -> None:
    keep(tracker, "communications", "Lettre sur les écoles", place=place(GAO_CERCLE))
    keep(tracker, "communications", "Note sur les routes", place=place(SIKASSO))
    keep(tracker, "communications", "Point sur le centre du pays", about_focus=True)
    keep(tracker, "communications", "Une région entière", place=place("ML07"))
    keep(tracker, "communications", "Hors du trimestre", "2021-04-01", about_focus=True)
    keep(tracker, "interventions", "D’un autre registre", about_focus=True)
    assert counted(tracker, "1.1.1.a") == Value(number=4, numerator=3, denominator=4)


def test_a_percentage_is_a_share_of_its_entries(tracker: Tracker) -> None:
    keep(tracker, "notes", "Écoles", origin="thematic", deliberated="oui")
    keep(tracker, "notes", "Routes", origin="thématique", deliberated="")
    keep(tracker, "notes", "À la demande", origin="requested")
    assert counted(tracker, "1.1.3.a") == Value(numerator=1, denominator=2)
    assert counted(tracker, "1.1.4.b") == Value(number=1, numerator=0, denominator=1)


def test_participants_are_added_and_disaggregated_and_a_blank_is_not_zero(tracker: Tracker) -> None:
    said: dict[str, Any] = {"topic": "durable_solutions", "participants": "1 020", "humanitarian": 20, "un": "20"}
    keep(tracker, "sessions", "Bamako", **said)
    keep(tracker, "sessions", "Mopti", topic="durable_solutions", participants=10, humanitarian=5, development=5)
    keep(tracker, "sessions", "Sans nombre", topic="durable_solutions")
    found = Counting(tracker.plan).counted(tracker.indicator("2.2.3.b"), WINTER)
    assert found is not None
    assert found.value == Value(
        number=1030,
        breakdown={"secteur": {"humanitaire": 25, "développement": 5}, "organisation": {"UN": 20}},
    )
    assert found.lacking == 1
    assert found.value.does_not_add_up() == ["secteur", "organisation"]
    assert counted(tracker, "2.2.3.a") == Value(number=3)
    assert counted(tracker, "2.2.3.b", Quarter(2021, 2)) == Value(number=0)


def test_a_stock_counts_what_runs_on_the_last_day(tracker: Tracker) -> None:
    keep(tracker, "projects", "Puits", "2020-05-01", durable_solutions="oui")
    keep(tracker, "projects", "Fini avant", "2020-05-01", until=date(2021, 3, 30), durable_solutions="oui")
    keep(tracker, "projects", "Finit ce jour", "2020-05-01", until=date(2021, 3, 31), durable_solutions="oui")
    keep(tracker, "projects", "Autre", "2020-05-01", durable_solutions="non")
    assert counted(tracker, "2.2.3.d") == Value(number=2)


def test_follow_on_effects_are_disaggregated_by_what_they_are(tracker: Tracker) -> None:
    for line, effect in (("Article", "public"), ("Question", "questions"), ("Émission", "public")):
        keep(tracker, "effects", line, effect=effect)
    expected = {"communication publique": 2, "demande d'informations complémentaires": 1, "financements obtenus": 0}
    assert counted(tracker, "2.2.2.b") == Value(number=3, breakdown={"retombée": expected})


def test_what_is_struck_out_counts_no_more_and_says_why(tracker: Tracker) -> None:
    entry = keep(tracker, "interventions", "Deux fois notée")
    with pytest.raises(Refused, match="Dites pourquoi"):
        strike_entry(entry.pk, reason=" ", by=tracker.cast.lassana)
    with pytest.raises(Refused, match="tenue par"):
        strike_entry(entry.pk, reason="doublon", by=tracker.penda)
    strike_entry(entry.pk, reason="doublon", by=tracker.cast.lassana)
    assert counted(tracker, "1.1.1.b") == Value(number=0)
    assert keep(tracker, "interventions", "Deux fois notée").pk != entry.pk


def test_an_entry_that_may_tell_of_a_case_is_asked_about_and_its_words_are_sealed(tracker: Tracker) -> None:
    with pytest.raises(SaysTooMuch):
        keep(tracker, "interventions", "Une fille violée à Gao")
    entry = keep(tracker, "interventions", "Point sur les écoles", agenda_item="Les écoles fermées")
    assert b"ferm" not in bytes(entry.words)
    assert RegisterEntry.objects.get(pk=entry.pk).told == {"agenda_item": "Les écoles fermées"}


def test_who_reports_a_figure_keeps_its_register_and_nobody_else_but_the_working_group(
    tracker: Tracker, signed_in: SignIn
) -> None:
    given = Given(day=date(2021, 2, 3), line="Une requête", facts={"purpose": "information"})
    register = REGISTERS["requests"]
    with pytest.raises(Refused, match="tenu par les responsables"):
        keep_entry(tracker.plan, register, given, keeper=tracker.penda.organisation, by=tracker.penda)
    djeneba = tracker.cast.djeneba
    assert keep_entry(tracker.plan, register, given, keeper=djeneba.organisation, by=djeneba).came == Came.NEW
    new = reverse("workplan:entry_new", args=["requests"])
    assert signed_in(tracker.penda).get(new).status_code == 404
    assert signed_in(tracker.cast.robert).get(new).status_code == 404


def test_the_figure_is_submitted_from_the_register_opens_to_its_entries_and_says_what_changed(
    tracker: Tracker, signed_in: SignIn
) -> None:
    indicator, lead = tracker.indicator("1.1.1.a"), signed_in(tracker.cast.lassana)
    keep(tracker, "communications", "Lettre sur les écoles", place=place(GAO_CERCLE))
    lead.post(reverse("workplan:use_register", args=[indicator.pk]), {"on": "1"})
    sheet = lead.get(reverse("workplan:report"), {"period": "2021-T1"}).content.decode()
    assert "Soumettre ce que le registre compte" in sheet
    lead.post(reverse("workplan:report_register", args=[indicator.pk]), {"period": "2021-T1"})
    reading = Reading.objects.get()
    assert (reading.state, reading.value) == ("submitted", Value(number=1, numerator=1, denominator=1))
    readings.verify(reading.pk, by=tracker.sira)
    other = signed_in(tracker.cast.robert)
    address = reverse("workplan:entries", args=[indicator.pk])
    opened = other.get(address, {"period": "2021-T1"}).content.decode()
    assert "Lettre sur les écoles" in opened
    assert "le registre a changé depuis" not in opened
    keep(tracker, "communications", "Une oubliée")
    assert "le registre a changé depuis" in other.get(address, {"period": "2021-T1"}).content.decode()
    page = other.get(indicator.get_absolute_url())
    assert [point.has_moved for point in page.context["points"] if point.quarter == WINTER] == [True]


def test_a_number_with_a_line_and_a_link_suffices_whatever_the_register_says(tracker: Tracker) -> None:
    use_register(tracker.indicator("1.1.1.b").pk, on=True, by=tracker.cast.lassana)
    keep(tracker, "interventions", "Une seule notée")
    typed = tracker.submitted("1.1.1.b", Value(number=4))
    assert (typed.number, typed.register_version) == (4, "")


def test_the_register_of_saisines_is_read_by_those_who_keep_the_plan(tracker: Tracker, signed_in: SignIn) -> None:
    entry = keep(tracker, "saisines", "Attaques de villages", place=place(GAO_CERCLE), why="Trois en un mois")
    for address in (
        reverse("workplan:register", args=["saisines"]),
        reverse("workplan:entry", args=[entry.pk]),
        reverse("workplan:entries", args=[tracker.indicator("1.2.1.c").pk]),
    ):
        assert signed_in(tracker.cast.robert).get(address).status_code == 404
        assert signed_in(tracker.sira).get(address).status_code == 200
    assert "Saisines" not in signed_in(tracker.cast.robert).get(reverse("workplan:registers")).content.decode()


def test_a_form_keeps_what_was_typed_and_asks_once_about_words_that_may_tell_of_a_case(
    tracker: Tracker, signed_in: SignIn
) -> None:
    lead, address = signed_in(tracker.cast.lassana), reverse("workplan:entry_new", args=["requests"])
    typed = {"plan": tracker.plan.code, "once": str(uuid.uuid4()), "day": "2021-02-03", "line": "Viols de guerre"}
    lacking = lead.post(address, typed)
    assert lacking.status_code == 422
    assert "Viols de guerre" in lacking.content.decode()
    asked = lead.post(address, {**typed, "fact_purpose": "information"})
    assert 'name="about_nobody"' in asked.content.decode()
    sure = {**typed, "fact_purpose": "information", "about_nobody": "on"}
    assert lead.post(address, sure).status_code == 302
    assert lead.post(address, sure).status_code == 302
    assert RegisterEntry.objects.count() == 1


def test_a_note_says_which_request_it_answers(tracker: Tracker, signed_in: SignIn) -> None:
    request = keep(tracker, "requests", "Que se passe-t-il au nord ?", purpose="information")
    lead = signed_in(tracker.cast.lassana)
    page = lead.get(reverse("workplan:entry", args=[request.pk])).content.decode()
    assert f"follows={request.pk}" in page
    typed = {"day": "2021-02-09", "line": "Note sur le nord", "fact_origin": "requested", "follows": str(request.pk)}
    lead.post(reverse("workplan:entry_new", args=["notes"]), {"plan": tracker.plan.code, **typed})
    assert "Note sur le nord" in lead.get(reverse("workplan:entry", args=[request.pk])).content.decode()


PASTED = (
    "Date\tEn une ligne\tLieu\tSujet\tParticipants\tOrganisation\n"
    "03/02/2021\tFormation à Gao\tML0703\tsolutions durables\t1 020\tHCR\n"
    "2021-02-10\tFormation à Mopti\tMopti\tSolutions durables\t\t\n"
    "10/02/2021\tSans sujet\t\t\t12\t\n"
    "pas une date\tX\tNulle part\tewrr\tbeaucoup\tInconnue\n"
    "11/02/2021\tUne fille violée\t\tewrr\t3\t\n"
)


def test_lines_pasted_from_a_spreadsheet_are_checked_then_taken_in_and_never_twice(
    tracker: Tracker, signed_in: SignIn
) -> None:
    lassana = tracker.cast.lassana
    lead = signed_in(lassana)
    address = reverse("workplan:register_table", args=["sessions"])
    sent = lead.post(address, {"plan": tracker.plan.code, "pasted": PASTED, "once": str(uuid.uuid4())})
    assert sent.status_code == 302
    shown = lead.get(sent["Location"]).content.decode()
    assert "Formation à Gao" in shown
    taken = _through(tracker, PASTED)
    assert {came: taken.counts.get(came, 0) for came in ("new", "same", "refused")} == {
        "new": 2, "same": 0, "refused": 3
    }  # fmt: skip
    lines = dict(problems_of(taken))
    assert sorted(lines) == [4, 5, 6]
    assert "Sujet" in lines[4]
    assert "Nulle part" not in lines[5]
    assert "un cas" in lines[6]
    assert taken.content is None
    kept = RegisterEntry.objects.values_list("place__pcode", "facts__participants")
    assert set(kept) == {("ML0703", 1020), ("ML05", None)}
    again = _through(tracker, PASTED.replace("1 020", "1 021"))
    assert {came: again.counts.get(came, 0) for came in ("new", "same", "changed")} == {
        "new": 0, "same": 1, "changed": 1
    }  # fmt: skip
    assert RegisterEntry.objects.count() == 2


def _through(tracker: Tracker, text: str) -> Any:
    lassana = tracker.cast.lassana
    made: dict[str, Any] = {
        "plan": tracker.plan,
        "register": REGISTERS["sessions"],
        "once": uuid.uuid4(),
        "by": lassana,
    }
    file = upload_table(text.encode(), **made)
    check_table(file.pk, file.columns, by=lassana)
    take_table(file.pk)
    confirm_table(file.pk, by=lassana)
    take_table(file.pk)
    file.refresh_from_db()
    return file


def test_what_is_downloaded_can_be_taken_in_again_without_a_change(tracker: Tracker, signed_in: SignIn) -> None:
    keep(tracker, "sessions", "Formation à Gao", place=place(GAO_CERCLE), topic="durable_solutions", participants=12)
    lead = signed_in(tracker.cast.lassana)
    content = lead.get(reverse("workplan:register_csv", args=["sessions"])).content.decode("utf-8-sig")
    assert _through(tracker, content).counts == {"same": 1}


def test_an_organisations_system_keeps_the_registers_of_what_it_reports(tracker: Tracker, client: Client) -> None:
    scopes = [ApiScope.WORKPLAN_READ.value, ApiScope.WORKPLAN_WRITE.value]
    tokens = {
        name: issue(tracker.cast.organisations[name], "SI", scopes, by=tracker.cast.adama)[1]
        for name in ("ocha", "nrc")
    }

    def call(kind: str, said: dict[str, Any], who: str = "ocha") -> Any:
        address = f"/api/v1/workplan/plans/{tracker.plan.code}/registers/{kind}/"
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        return client.post(address, json.dumps(said), content_type="application/json", headers=headers)

    said = {"source_id": "R-7", "day": "2021-02-03", "line": "Complément", "facts": {"purpose": "information"}}
    made = call("requests", said)
    assert made.status_code == 201
    assert call("requests", {**said, "line": "Complément demandé"}).json()["id"] == made.json()["id"]
    assert counted(tracker, "1.1.4.a") == Value(number=1)
    assert call("requests", said, "nrc").status_code == 422, "NRC reports none of it"
    assert call("requests", {**said, "facts": {}}).status_code == 400
    assert call("requests", {**said, "facts": {"purpose": "information", "nom": "X"}}).status_code == 400
    assert call("requests", {**said, "line": "Une fille violée"}).status_code == 422
    assert call("saisines", said).status_code == 404, "what is not for all staff is not there"
    headers = {"Authorization": f"Bearer {tokens['nrc']}"}
    listed = client.get(f"/api/v1/workplan/plans/{tracker.plan.code}/registers/requests/", headers=headers).json()
    assert [row["line"] for row in listed["results"]] == ["Complément demandé"]


def test_the_plan_shows_what_the_open_quarter_counts_in_a_constant_number_of_queries(
    tracker: Tracker, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    tracker.plan.years = [Quarter.current().year]
    tracker.plan.save()
    for number in ("1.1.1.a", "1.1.1.b", "1.1.4.a", "3.1.3.b"):
        Indicator.objects.filter(number=number).update(keeps_register=True)
    keep(tracker, "communications", "Lettre", timezone.localdate().isoformat(), about_focus=True)
    with django_assert_max_num_queries(75):
        page = signed_in(tracker.cast.robert).get(reverse("workplan:plan")).content.decode()
    assert "1 · 100\u202f%\u00a0(1/1)" in page


def test_people_of_the_same_organisation_keep_each_others_entries(tracker: Tracker, signed_in: SignIn) -> None:
    colleague = person("binta", tracker.cast.organisations["ocha"], Role.WORKPLAN_LEAD)
    entry = keep(tracker, "requests", "Complément", purpose="information")
    change = reverse("workplan:entry_change", args=[entry.pk])
    typed = {"day": "2021-02-04", "line": "Complément", "fact_purpose": "advocacy"}
    assert signed_in(tracker.penda).post(change, typed).status_code == 404
    assert signed_in(colleague).post(change, typed).status_code == 302
    assert counted(tracker, "1.2.2.a") == Value(number=1)
