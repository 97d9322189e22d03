"""Another organisation's feedback, case by case: by the common door, under its source, never twice, never guessed."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.actors import robot
from core.models import Outbound
from core.sheet_acts import forget, waiting_ids
from core.transitions import Refused
from directory.models import Organisation
from feedback.actions import merge
from feedback.actions.source_files import upload_source_file
from feedback.actions.source_passes import take_source_file
from feedback.actions.source_words import decide_words
from feedback.actions.triage import Sorting, triage
from feedback.models import Case, CaseMessage, Deposit, SourceFile, SourceRecord, SourceWord
from psea.models import SealedCase, SealedMessage
from tests.cast import Cast
from tests.feedback.ingesting import (
    SOURCES,
    came,
    category,
    checked,
    decided,
    path_of,
    posted,
    table,
    taken,
    uploaded,
)
from tests.feedback.making import place
from tests.feedback.test_entry import SEA

SignIn = Callable[[Any], Client]
WATER = "Le forage est en panne"


@pytest.fixture
def nrc(cast: Cast) -> Organisation:
    return cast.organisations["nrc"]


@pytest.fixture
def awa(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.awa)


def sealed_count() -> int:
    return SealedCase.objects.using("vault").count()


def lines_of(client: Client, file: SourceFile) -> dict[int, str]:
    """The sheet of lines to look at, as it is downloaded."""
    text = client.get(f"{path_of(file)}lines.csv").content.decode("utf-8-sig")
    return {int(line): why for line, why in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]}


# -- what becomes of a row --------------------------------------------------------------------------------------------


def test_the_template_comes_back_as_a_case_under_its_source_with_its_own_id_and_three_dates(
    awa: Client, nrc: Organisation, cast: Cast
) -> None:
    template = awa.get(f"{SOURCES}template/cases.csv").content
    file = checked(awa, nrc, template)
    assert Case.objects.count() == 0, "nothing before it is confirmed"
    before = timezone.now()

    file = posted(awa, decided(awa, file, **{"Eau et assainissement": "INSAT_MAJ.qualite"}), "take")

    assert came(file) == (1, 0, 0, 0)
    case = Case.objects.get()
    assert (case.source, case.entered_for, case.entered_by) == (nrc, nrc, cast.awa)
    assert case.unsealed("source_reference") == "MC-2022-0341"
    assert (case.category_id, case.state, case.lane) == ("INSAT_MAJ.qualite", "new", "ordinary")
    assert (case.place, case.sex, case.age_group, case.channel) == (place("ML0101"), "female", "adult", "help_desk")
    assert case.said_at is not None
    assert timezone.localdate(case.said_at) == date(2022, 3, 12)
    assert case.received_at == file.uploaded_at < before < case.recorded_at
    shown = awa.get(f"/cases/{case.pk}/").content.decode()
    assert "MC-2022-0341" in shown
    assert "NRC" in shown


def test_nobody_of_another_organisation_s_feedback_is_written_to(awa: Client, nrc: Organisation) -> None:
    content = table(f"A1;;;;{WATER};76123456", headings="id;date;cercle;categorie;message;telephone")
    taken(awa, nrc, content, safe_contact="sms")
    assert Case.objects.get().unsealed("contact") == "+22376123456"
    assert Outbound.objects.count() == 0


def test_rows_of_every_lane_come_by_the_common_door_and_the_report_is_alike(
    awa: Client, nrc: Organisation, recovery_key: bytes
) -> None:
    reports = []
    meanings = {"Eau": "INSAT_MAJ", "Allégation": "EAS", "GBV": "PROT.vbg"}
    for serial, (word, words) in enumerate([("Eau", WATER), ("Eau", SEA), ("Allégation", WATER), ("GBV", WATER)]):
        file = taken(awa, nrc, table(f"L{serial};;;{word};{words}"), meanings=meanings)
        page = re.sub(r"<time.*?</time>", "", awa.get(path_of(file)).content.decode().replace(str(file.pk), ""))
        reports.append([line for line in page.splitlines() if "nonce" not in line and "csrf" not in line.lower()])
        assert (came(file), file.noted) == ((1, 0, 0, 0), [])
    assert reports[0] == reports[1] == reports[2] == reports[3]
    ordinary, gbv = Case.objects.order_by("received_at")
    assert (sealed_count(), ordinary.lane) == (2, "ordinary")
    assert (gbv.lane, gbv.restricted_kind, gbv.category_id) == ("restricted", "protection", "PROT.vbg")
    assert awa.get(f"/cases/{gbv.pk}/").status_code == 404
    assert {row["new_count"] for row in Deposit.objects.values()} == {1}


def test_nothing_that_was_said_is_shown_before_or_kept_after(awa: Client, nrc: Organisation) -> None:
    file = checked(awa, nrc, table(f"A1;2022-03-12;Gao;Eau;{WATER} chez Fatim", "A2;?;Gao;Eau;Rue de la Gare"))
    page = awa.get(path_of(file)).content.decode()
    assert "Gao" in page
    assert f"({len(WATER) + 11} caractères)" in page
    assert [word for word in (WATER, "Fatim", "Gare") if word in page] == []
    assert file.content is not None
    assert b"forage" not in bytes(file.content) + bytes(file.unknown or b"")
    file = posted(awa, decided(awa, file, Eau="-"), "take")
    kept = str(SourceFile.objects.values().get()) + str(list(SourceRecord.objects.values()))
    assert [word for word in (WATER, "Fatim", "Gare", "Eau", "A1") if word in kept] == []
    assert (file.content, file.unknown, file.data_key) == (None, None, None)


def test_each_wrong_line_says_why_in_a_sheet_and_the_others_are_taken(awa: Client, nrc: Organisation) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    content = table(
        f"A1;2022-03-12;Gao;;{WATER}",
        "A2;2022-03-12;Gao;;",
        "A3;hier;Gao;;Date illisible",
        f"A4;{tomorrow};Gao;;Pas encore venue",
        f"A5;;;{'x' * 61};Une phrase à la place d’une catégorie",
        f"{'x' * 121};;;;Une phrase à la place d’un identifiant",
        "A1;;;;Dit autre chose",
        "A8;;Un village inconnu;;Un lieu que personne ne connaît",
    )
    file = checked(awa, nrc, content)
    wrong = {3: "no_words", 4: "date", 5: "future", 6: "category", 7: "row_id", 8: "twice"}
    assert dict(file.noted) == wrong
    file = taken(awa, nrc, content)
    assert came(file) == (2, 0, 0, 6)
    assert set(lines_of(awa, file)) == set(wrong)
    assert "La date ne se lit pas" in lines_of(awa, file)[4]
    assert Case.objects.get(place=None).unsealed("place_said") == "Un village inconnu"


# -- never twice ------------------------------------------------------------------------------------------------------


def test_a_grown_file_adds_only_what_is_new_and_says_how_many_were_known(
    awa: Client, nrc: Organisation, cast: Cast, recovery_key: bytes
) -> None:
    first = [f"A1;;;;{WATER}", f"A2;;;;{SEA}", f";;;;{WATER}", f";;;;{WATER}"]
    assert came(taken(awa, nrc, table(*first))) == (4, 0, 0, 0)
    again = checked(awa, nrc, table(*first))
    assert came(again) == (0, 4, 0, 0)
    assert "Rien de nouveau" in awa.get(path_of(again)).content.decode()
    grown = taken(awa, nrc, table(*first, "A3;;;;La pompe", f" a1 ;;;;{WATER}"))
    assert came(grown) == (1, 5, 0, 0)
    assert (Case.objects.count(), sealed_count()) == (4, 1)
    assert came(taken(awa, cast.organisations["hcr"], table(first[0]))) == (1, 0, 0, 0), "another source's A1"
    page = awa.get(SOURCES).content.decode()
    assert "NRC" in page
    assert [row["known"] for row in Deposit.objects.all().by_day() if row["source"] == nrc.pk] == [5]


def test_a_changed_row_is_shown_as_changed_and_added_to_its_case_without_overwriting(
    awa: Client, nrc: Organisation, recovery_key: bytes
) -> None:
    taken(awa, nrc, table(f"A1;;;;{WATER}", f"A2;;;;{SEA}"))
    changed = table(f"A1;;;;{WATER} depuis un mois", f"A2;;;;{SEA} Il menace.")
    seen = checked(awa, nrc, changed)
    assert (came(seen), seen.noted) == ((0, 0, 2, 0), [[2, "changed"], [3, "changed"]])
    for _ in range(2):
        file = taken(awa, nrc, changed)
    assert came(file) == (0, 2, 0, 0), "the second time it is known"
    case = Case.objects.get()
    assert case.unsealed("words") == WATER
    message = CaseMessage.objects.get()
    assert (message.case, message.is_unread) == (case, True)
    assert f"{WATER} depuis un mois" in message.unsealed("body")
    assert (sealed_count(), SealedMessage.objects.using("vault").count()) == (1, 1)


def test_what_its_source_says_later_raises_a_case_s_lane_and_never_lowers_it(
    awa: Client, nrc: Organisation, recovery_key: bytes
) -> None:
    meanings = {"GBV": "PROT.vbg", "SEA": "EAS", "Eau": "INSAT_MAJ"}

    def said(**words: str) -> None:
        lines = (f"{name};;;{word};{WATER} {name}" for name, word in words.items())
        taken(awa, nrc, table(*lines), meanings=meanings)

    said(a="Eau", b="Eau", c="GBV", d="SEA")
    first, second, third = Case.objects.order_by("recorded_at")
    triage(first.pk, Sorting(category("INSAT_MAJ"), "Forage en panne"), by=robot("test"))
    said(a="GBV", b="SEA", c="Eau", d="Eau")
    for case in (first, second, third):
        case.refresh_from_db()
    assert (first.lane, first.restricted_kind, first.state) == ("restricted", "protection", "triaged")
    assert (second.state, second.words, second.source) == ("protected", None, None)
    assert third.restricted_kind == "protection"
    assert (Case.objects.count(), sealed_count()) == (3, 2), "what was sealed stays sealed"
    assert SealedMessage.objects.using("vault").count() == 2


def test_a_duplicate_that_was_joined_to_another_case_takes_what_changes_along(
    awa: Client, nrc: Organisation, cast: Cast
) -> None:
    taken(awa, nrc, table(f"A1;;;;{WATER}", "A2;;;;La pompe"))
    first, second = Case.objects.order_by("recorded_at")
    merge(first.pk, into_id=second.pk, by=cast.awa)
    taken(awa, nrc, table(f"A1;;;GBV;{WATER} et autre chose"), meanings={"GBV": "PROT.vbg"})
    second.refresh_from_db()
    assert (second.restricted_kind, second.messages.count()) == ("protection", 1)


# -- their words, our categories --------------------------------------------------------------------------------------


def test_a_word_is_decided_once_remembered_for_its_source_and_never_guessed(
    awa: Client, nrc: Organisation, cast: Cast, signed_in: SignIn
) -> None:
    file = checked(awa, nrc, table(f"A1;;;Eau;{WATER}", f"A2;;;Autre;{WATER}", f"A3;;;SUGG;{WATER}"))
    assert file.counts["undecided"] == 2, "a code of ours means itself"
    refused = awa.post(path_of(file), {"then": "take"}, follow=True).content.decode()
    assert "Décidez d’abord" in refused
    assert Case.objects.count() == 0
    file = decided(awa, file, Eau="INSAT_MAJ")
    assert file.counts["undecided"] == 1
    posted(awa, decided(awa, file, Autre="-"), "take")
    assert sorted(str(code) for code in Case.objects.values_list("category", flat=True)) == [
        "INSAT_MAJ",
        "None",
        "SUGG",
    ]

    assert checked(awa, nrc, table(f"A4;;;  eau ;{WATER}")).counts["undecided"] == 0
    assert checked(awa, cast.organisations["pam"], table(f"A4;;;Eau;{WATER}")).counts["undecided"] == 1
    group = signed_in(cast.djeneba)
    page = group.get(f"{SOURCES}{nrc.pk}/words/")
    names = {word: name for name, word in page.context["form"].words.items()}
    group.post(f"{SOURCES}{nrc.pk}/words/", {names["Eau"]: "INFO", names["Autre"]: ""})
    taken(awa, nrc, table(f"A5;;;Eau;{WATER}"))
    assert Case.objects.latest("recorded_at").category_id == "INFO"
    assert Case.objects.filter(category="INSAT_MAJ").count() == 1, "what came before stays"
    assert b"Eau" not in b"".join(bytes(row.word or b"") for row in SourceWord.objects.all())


def test_a_word_that_suggests_sea_may_be_restricted_or_sealed_and_nothing_less(
    awa: Client, nrc: Organisation, cast: Cast, recovery_key: bytes
) -> None:
    gbv, sea = "Violence basée sur le genre", "Exploitation et abus sexuels"
    file = checked(awa, nrc, table(f"A1;;;{gbv};{WATER}", f"A2;;;{sea};{WATER}"))
    assert file.counts["undecided"] == 2
    choices = {code for name in (gbv, sea) for code, _label in _choices_of(awa, file, name)}
    assert {"EAS", "PROT.vbg", ""} <= choices
    assert choices & {"-", "INFO", "INSAT_MAJ"} == set()
    with pytest.raises(Refused):
        decide_words(nrc, {gbv: category("INFO")}, by=cast.awa)
    posted(awa, decided(awa, file, **{gbv: "PROT.vbg", sea: "EAS"}), "take")
    assert [case.restricted_kind for case in Case.objects.all()] == ["protection"]
    assert sealed_count() == 1


def _choices_of(client: Client, file: SourceFile, word: str) -> list[tuple[str, Any]]:
    form = client.get(path_of(file)).context["words"]
    return next(form.fields[name].choices for name, named in form.words.items() if named == word)


def test_a_column_that_is_none_of_categories_is_a_fault(awa: Client, nrc: Organisation) -> None:
    file = checked(awa, nrc, table(*(f"A{n};;;Mot {n};{WATER}" for n in range(101))))
    assert "ce n’est pas la bonne" in file.fault
    assert file.is_at_work is False
    assert "ce n’est pas la bonne" in awa.get(path_of(file)).content.decode()


# -- how --------------------------------------------------------------------------------------------------------------


def test_an_import_that_nobody_could_read_waits_and_goes_on_where_it_stopped(
    awa: Client, nrc: Organisation, request: pytest.FixtureRequest
) -> None:
    file = checked(awa, nrc, table(f"A1;;;;{WATER}", f"A2;;;;{SEA}", "A3;;;;La pompe"))
    file = posted(awa, file, "take")
    assert (file.done_count, file.is_at_work, Case.objects.count()) == (1, True, 1)
    assert waiting_ids(SourceFile) == [file.pk]
    request.getfixturevalue("recovery_key")
    take_source_file(file.pk)
    take_source_file(file.pk)
    file.refresh_from_db()
    assert (came(file), Case.objects.count(), sealed_count()) == ((3, 0, 0, 0), 2, 1)
    assert awa.get(path_of(file), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_words_are_for_the_listening_team_and_one_s_files_are_one_s_own(
    awa: Client, nrc: Organisation, cast: Cast, signed_in: SignIn
) -> None:
    file, group = uploaded(awa, nrc, table(f"A1;;;;{WATER}")), signed_in(cast.djeneba)
    assert [group.get(path_of(file)).status_code, group.get(f"{path_of(file)}lines.csv").status_code] == [404, 404]
    assert [kind for kind, _label in group.get(SOURCES).context["kinds"]] == ["figures"]
    asked = {"source": nrc.pk, "kind": "cases", "file": io.BytesIO(table(f"A1;;;;{WATER}"))}
    assert group.post(SOURCES, asked).status_code == 422
    assert SourceFile.objects.count() == 1
    awa.post(path_of(file), {"then": "discard"})
    assert SourceFile.objects.count() == 0


def test_what_nobody_confirmed_is_forgotten_and_what_came_stays_known(awa: Client, nrc: Organisation) -> None:
    taken(awa, nrc, table(f"A1;;;;{WATER}"))
    uploaded(awa, nrc, table(f"A2;;;;{WATER}"))
    assert forget(SourceFile, timezone.now() + timedelta(seconds=1), by=robot("retention")) == 2
    assert (SourceRecord.objects.count(), Deposit.objects.count()) == (1, 1)


def test_a_form_posted_twice_is_one_file_and_without_a_column_of_words_nothing_is_checked(
    cast: Cast, nrc: Organisation, awa: Client
) -> None:
    once = uuid.uuid4()
    for _ in range(2):
        file = upload_source_file(b"a;b\n1;2\n", source=nrc, kind="cases", once=once, by=cast.awa)
    assert SourceFile.objects.count() == 1
    response = awa.post(path_of(file), {"then": "check"})
    assert response.status_code == 422
    assert "Ses mots" in response.content.decode()


def test_the_page_says_what_to_do_while_nothing_came(awa: Client) -> None:
    page = awa.get(SOURCES).content.decode()
    assert "Rien n’est encore venu d’ailleurs" in page
    assert f"{SOURCES}template/figures.csv" in page
