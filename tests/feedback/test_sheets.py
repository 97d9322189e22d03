"""Files of help desks: whatever wrote them, looked at first, taken in once, destroyed after."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.actors import robot
from core.receipt_number import new_number
from core.sheet_acts import forget
from core.sheet_passes import Later
from core.sheet_reading import read_table
from core.transitions import Refused
from directory.models import User
from feedback.actions.entry import Entered, enter
from feedback.actions.receive import Spoken
from feedback.actions.sheets import LIMITS, problems_of, take_sheet, upload_sheet
from feedback.kept_forms import FORM
from feedback.models import Case, Envelope, Sheet
from feedback.sheet_columns import guessed, is_from_a_survey_tool
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.making import place
from tests.feedback.test_entry import SEA

SignIn = Callable[[Any], Client]
SHEETS = "/cases/sheets/"
PLAIN = "date;cercle;sexe;âge;message\n12/03/2022;Gao;F;34;Le forage est en panne\n2022-03-13;Ailleurs;H;8;Pas de kit\n"
KOBO_HEADERS = [
    "start", "end", "group_profil/sexe", "group_profil/age", "group_dit/message", "group_dit/cercle", "_id",
    "_uuid", "_submission_time",
]  # fmt: skip


def kobo(*rows: tuple[str, str]) -> bytes:
    """An export of KoboToolbox: (uuid, what was said)."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(KOBO_HEADERS)
    for serial, (uid, words) in enumerate(rows):
        times = ["2022-03-12T09:00:00.000+00:00", "2022-03-12T09:10:00.000+00:00"]
        page.append([*times, "femme", 67, words, "Gao", serial, uid, "2022-03-12T20:00:00"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def uploaded(client: Client, content: bytes, **changes: Any) -> Any:
    file = SimpleUploadedFile("Plaintes de Gao.csv", content)
    asked = {"once": str(uuid.uuid4()), "file": file, "channel": "help_desk", "safe_contact": "none"}
    return client.post(SHEETS, asked | changes)


def started(client: Client, content: bytes, **changes: Any) -> Sheet:
    """Uploaded, its guessed columns confirmed, taken in by the task."""
    response = uploaded(client, content, **changes)
    assert response.status_code == 302, response.content.decode()
    shown = client.get(response["Location"])
    columns = {name: field.initial for name, field in shown.context["form"].fields.items()}
    assert client.post(response["Location"], columns | {"then": "start"}).status_code == 302
    return Sheet.objects.latest("uploaded_at")


def sealed_count() -> int:
    return SealedCase.objects.using("vault").count()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_csv_is_read_whatever_its_encoding_and_its_sign(encoding: str, sign: str) -> None:
    table = read_table(PLAIN.replace(";", sign).encode(encoding), LIMITS)
    assert table.headers == ["date", "cercle", "sexe", "âge", "message"]
    assert table.rows[0] == ["12/03/2022", "Gao", "F", "34", "Le forage est en panne"]


def test_quoted_lines_and_signs_stay_in_their_cell() -> None:
    table = read_table(b'message,lieu\r\n"Pas d\'eau,\nni de kit",Gao\r\n', LIMITS)
    assert table.rows == [["Pas d'eau,\nni de kit", "Gao"]]


@pytest.mark.parametrize(
    "content",
    [b"", b"message\n", b"\x00\x01\x02binaire", b"PK\x03\x04pas un classeur", b"a\n" * (LIMITS.rows + 3)],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Refused):
        read_table(content, LIMITS)


def test_columns_are_guessed_and_a_survey_tool_is_known() -> None:
    table = read_table(kobo(("u", "Mots")), LIMITS)
    found = {name: table.headers[column] for name, column in guessed(table.headers).items()}
    assert found == {
        "words": "group_dit/message",
        "row_id": "_uuid",
        "said_on": "_submission_time",
        "place": "group_dit/cercle",
        "sex": "group_profil/sexe",
        "age_group": "group_profil/age",
    }
    assert is_from_a_survey_tool(table.headers)
    assert not is_from_a_survey_tool(["date", "message"])


def test_a_file_is_looked_at_then_taken_in_and_destroyed(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    response = uploaded(client, PLAIN.encode())
    assert Case.objects.count() == 0, "nothing before it is confirmed"
    shown = client.get(response["Location"]).content.decode()
    assert "Le forage est en panne" in shown
    assert "Plaintes de Gao" not in shown

    sheet = started(client, PLAIN.encode())

    assert (sheet.saved_count, sheet.done_count, sheet.refused) == (2, 2, [])
    assert (sheet.content, sheet.data_key) == (None, None)
    first, second = Case.objects.order_by("said_at")
    assert (first.place, first.sex, first.age_group) == (place("ML0703"), "female", "adult")
    assert first.said_at is not None
    assert timezone.localdate(first.said_at) == date(2022, 3, 12)
    assert (second.place, second.unsealed("place_said"), second.age_group) == (None, "Ailleurs", "child")
    assert first.entered_by == cast.awa
    assert "2 lignes enregistrées" in client.get(f"{SHEETS}{sheet.pk}/").content.decode()


def test_the_table_is_sealed_while_it_waits(cast: Cast, signed_in: SignIn) -> None:
    uploaded(signed_in(cast.awa), PLAIN.encode())
    sheet = Sheet.objects.get()
    assert sheet.content is not None
    assert b"forage" not in bytes(sheet.content)
    assert "forage" not in str(Sheet.objects.values().get() | {"content": ""})


def test_the_same_file_twice_makes_no_doubles_and_two_alike_rows_are_two_people(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    content = b"message\nPas d'eau\nPas d'eau\n"
    assert [started(client, content).saved_count for _ in range(2)] == [2, 2]
    assert Case.objects.count() == 2
    uid = str(uuid.uuid4())
    for words in ("Mots", "Mots corriges"):
        started(client, kobo((uid, words)))
    assert Case.objects.count() == 3, "a survey's id is the same person's, whatever was mended"
    for words in ("Le puits", "La pompe"):
        started(client, f"id;message\n1;{words}\n".encode())
    assert Case.objects.count() == 5, "a line number of a register is not"


def test_each_wrong_row_says_why_before_and_after_and_the_others_are_taken(cast: Cast, signed_in: SignIn) -> None:
    uid, tomorrow = str(uuid.uuid4()), (timezone.localdate() + timedelta(days=2)).isoformat()
    rows = [
        f"{uuid.uuid4()};2022-03-12;;Bonne ligne",
        f"{uuid.uuid4()};2022-03-12;;",
        f"{uuid.uuid4()};hier;;Date illisible",
        f"{uuid.uuid4()};{tomorrow};;Pas encore venue",
        f"{uuid.uuid4()};;123456789013;Numéro faux",
        f"{uuid.uuid4()};;{new_number()};Numéro d'aucun carnet",
        f"{uid};;;Une",
        f"{uid};;;Une autre",
    ]
    content = "\n".join(["_uuid;date;numero du carnet;message", *rows]).encode()
    client = signed_in(cast.awa)
    response = uploaded(client, content)
    before = dict(problems_of(Sheet.objects.get()))
    assert {line: code.value for line, code in before.items()} == {
        3: "no_words", 4: "date", 5: "future", 6: "booklet", 9: "twice",
    }  # fmt: skip
    assert "Ligne 4 : La date ne se lit pas" in client.get(response["Location"]).content.decode().replace("\xa0", " ")
    sheet = started(client, content)
    assert sheet.refused == [
        [3, "no_words"], [4, "date"], [5, "future"], [6, "booklet"], [7, "booklet"], [9, "twice"],
    ]  # fmt: skip
    assert (sheet.saved_count, Case.objects.count()) == (2, 2)


def test_rows_that_suggest_sea_go_to_the_vault_and_the_report_is_alike(
    cast: Cast, signed_in: SignIn, recovery_key: bytes
) -> None:
    client = signed_in(cast.awa)
    reports = []
    for words in ("Le forage est en panne", SEA):
        sheet = started(client, f"message\n{words}\n".encode())
        reports.append(client.get(f"{SHEETS}{sheet.pk}/").content.decode().replace(str(sheet.pk), ""))
        assert (sheet.saved_count, sheet.refused) == (1, [])
    assert (Case.objects.count(), sealed_count()) == (1, 1)
    hidden = [line for line in reports[0].splitlines() if "nonce" not in line and "csrf" not in line.lower()]
    assert hidden == [line for line in reports[1].splitlines() if "nonce" not in line and "csrf" not in line.lower()]


def test_an_import_that_stops_half_way_goes_on_where_it_stopped(
    cast: Cast, signed_in: SignIn, recovery_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(spoken: Spoken, *, by: User) -> Entered:
        if spoken.words == SEA:
            raise Later
        return enter(spoken, by=by)

    with monkeypatch.context() as patched:
        patched.setattr("feedback.actions.sheets.enter", stops)
        sheet = started(signed_in(cast.awa), f"message\nLe forage\n{SEA}\nLa pompe\n".encode())
    assert (sheet.done_count, sheet.finished_at) == (1, None)
    take_sheet(sheet.pk)
    take_sheet(sheet.pk)
    sheet.refresh_from_db()
    assert (sheet.saved_count, Case.objects.count(), sealed_count()) == (3, 2, 1)


def test_a_row_that_nobody_can_open_yet_does_not_stop_the_others_and_is_kept(cast: Cast, signed_in: SignIn) -> None:
    sheet = started(signed_in(cast.awa), f"message\nLe forage\n{SEA}\nLa pompe\n".encode())
    assert (sheet.saved_count, sheet.finished_at is None, Case.objects.count(), sealed_count()) == (3, False, 2, 0)
    assert Envelope.objects.get().gateway == FORM


def test_a_contact_is_kept_only_where_a_way_is_safe(cast: Cast, signed_in: SignIn) -> None:
    client, content = signed_in(cast.awa), b"message,telephone\nUn,76123456\n"
    started(client, content)
    assert Case.objects.get().unsealed("contact") == ""
    started(client, content.replace(b"Un", b"Deux"), safe_contact="call")
    assert Case.objects.latest("recorded_at").unsealed("contact") == "+22376123456"


def test_one_s_own_files_alone_which_one_may_destroy(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    address = uploaded(client, PLAIN.encode())["Location"]
    cast.ibrahim.role_rows.create(role="operator")
    other = signed_in(cast.ibrahim)
    assert [other.get(address).status_code, other.post(address, {"then": "discard"}).status_code] == [404, 404]
    client.post(address, {"then": "discard"})
    assert Sheet.objects.count() == 0


def test_what_nobody_confirmed_is_forgotten(cast: Cast) -> None:
    upload_sheet(PLAIN.encode(), {"channel": "paper", "safe_contact": "none"}, once=uuid.uuid4(), by=cast.awa)
    assert forget(Sheet, timezone.now() + timedelta(seconds=1), by=robot("retention")) == 1


def test_without_a_column_of_words_nothing_starts(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.awa)
    address = uploaded(client, b"a,b\n1,2\n")["Location"]
    response = client.post(address, {"then": "start"})
    assert response.status_code == 422
    assert "quelle colonne contient les mots" in response.content.decode()


def test_no_upload_is_written_to_the_disk_of_a_web_machine() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["core.uploads.UploadInMemory"]
