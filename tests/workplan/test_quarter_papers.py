"""The report of a quarter, the page for the country team, and what is asked of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import pdf
from core.periods import Quarter
from core.transitions import Refused
from directory.models import Place
from feedback.models import Case
from tests.workplan.conftest import WINTER, Tracker, release
from workplan.actions import readings
from workplan.actions.asked import ask_the_team
from workplan.actions.quarters import close_quarter
from workplan.actions.standing import say_status
from workplan.checks import checked
from workplan.models import Activity, PlaceNote
from workplan.one_page import one_page
from workplan.public_words import SaysTooMuch
from workplan.quarter_report import quarter_report
from workplan.values import Value

SignIn = Callable[[Any], Client]


def value_of(tracker: Tracker, number: str, quarter: Quarter = WINTER) -> str:
    rows = [row for part in quarter_report(tracker.plan, quarter, tracker.cast.robert).parts if part.table
            for row in part.table.rows if row[0].startswith(f"{number} ") and len(row) == 5]  # fmt: skip
    (found,) = rows
    return found[3]


def words_of(content: bytes) -> str:
    made = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def test_the_report_gives_what_was_verified_and_says_what_was_corrected_since_the_minutes(tracker: Tracker) -> None:
    first = tracker.verified("1.1.1.b", Value(number=4))
    tracker.submitted("1.1.1.c", Value(number=7351))
    assert (value_of(tracker, "1.1.1.b"), value_of(tracker, "1.1.1.c")) == ("4", "–")
    seen = len(checked(tracker.plan, WINTER).found)
    close_quarter(tracker.plan, WINTER, words="Vu.", seen=seen, by=tracker.cast.lassana)
    second = readings.correct(first.pk, reason="Une réunion oubliée", by=tracker.cast.lassana)
    tracker.submitted("1.1.1.b", Value(number=5))
    assert value_of(tracker, "1.1.1.b") == "4"
    readings.verify(second.pk, by=tracker.sira)
    assert value_of(tracker, "1.1.1.b") == "4, corrigé depuis : 5"


def test_of_sealed_matters_the_report_has_the_release_that_covers_the_quarter(tracker: Tracker) -> None:
    assert value_of(tracker, "3.2.2.b") == "–"
    release(WINTER, WINTER, None, None)
    assert value_of(tracker, "3.2.2.b") == "non publié"
    release(WINTER, Quarter(2021, 2), 20, 40)
    assert value_of(tracker, "3.2.2.b").startswith("50\u202f%\u00a0(20/40) · ")


@pytest.mark.parametrize("what", ["report", "one_page"])
def test_it_is_a_page_a_word_file_and_a_pdf_or_a_page_to_print(
    tracker: Tracker, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    tracker.verified("1.1.1.b", Value(number=7351))
    ask_the_team(tracker.plan, WINTER, words="Un vol vers Ménaka", by=tracker.cast.lassana)
    client, asked = signed_in(tracker.cast.robert), {"plan": tracker.plan.code, "period": WINTER.code}
    page = client.get(reverse(f"workplan:{what}_page"), asked).content.decode()
    word = words_of(client.get(reverse(f"workplan:{what}_docx"), asked).content)
    for shown in (page, word):
        assert "Un vol vers Ménaka" in shown
        assert ("7\u202f351" in shown) == (what == "report")
    monkeypatch.setattr("workplan.views.reports.makes_pdf", lambda: False)
    assert "Enregistrer en PDF" in client.get(reverse(f"workplan:{what}_pdf"), asked).content.decode()


def keeps(pages: list[str]) -> Callable[[str, str], bytes]:
    """Stands for the maker of PDFs where it is not installed: keeps the page it was given."""

    def pdf_of(html: str, style: str) -> bytes:
        pages.append(html)
        return b"%PDF-"

    return pdf_of


def test_the_pdf_is_made_of_the_same_words(
    tracker: Tracker, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    if not pdf.makes_pdf():
        monkeypatch.setattr("workplan.views.reports.makes_pdf", lambda: True)
        monkeypatch.setattr("workplan.views.reports.pdf_of", keeps(pages))
    tracker.verified("1.1.1.b", Value(number=7351))
    asked = {"plan": tracker.plan.code, "period": WINTER.code}
    made = signed_in(tracker.cast.robert).get(reverse("workplan:report_pdf"), asked)
    assert (made["Content-Type"], made.content[:5]) == ("application/pdf", b"%PDF-")
    assert all("7\u202f351" in page and "<script" not in page for page in pages)


def test_what_is_asked_is_written_by_the_secretariat_and_read_by_all(tracker: Tracker, signed_in: SignIn) -> None:
    with pytest.raises(Refused, match="secrétariat"):
        ask_the_team(tracker.plan, WINTER, words="Rien", by=tracker.penda)
    with pytest.raises(SaysTooMuch):
        ask_the_team(tracker.plan, WINTER, words="Appeler le 70123456789", by=tracker.cast.lassana)
    say_status(Activity.objects.get(number="1.3.1").pk, status="blocked", reason="Accès coupé", by=tracker.cast.lassana)
    client, asked = signed_in(tracker.cast.lassana), {"plan": tracker.plan.code, "period": WINTER.code}
    sent = client.post(reverse("workplan:asked"), asked | {"words": "– Un vol vers Ménaka\n\n– Un point focal"})
    assert sent.status_code == 302
    page = signed_in(tracker.cast.robert).get(reverse("workplan:review"), asked)
    assert page.context["asked"].lines == ["Un vol vers Ménaka", "Un point focal"]
    assert "Accès coupé" in page.content.decode()
    assert signed_in(tracker.penda).post(reverse("workplan:asked"), asked | {"words": "x"}).status_code == 422


def test_the_page_for_the_team_holds_no_small_number(tracker: Tracker, said: Callable[..., Case]) -> None:
    quarter = Quarter.current()
    for _n in range(7):
        said()
    for _n in range(3):
        said(category_id="SUGG")
    parts = {part.title: part for part in one_page(tracker.plan, quarter).parts}
    told = parts["Ce que les gens ont dit"]
    assert told.figure == "10 retours (trimestre précédent : 0)"
    assert told.lines == []
    for _n in range(20):
        said(category_id="ASSIST")
    told = next(part for part in one_page(tracker.plan, quarter).parts if part.title == told.title)
    assert [line.rpartition("\u00a0: ")[2] for line in told.lines] == ["20"]
    assert list(parts) == [
        "Ce que les gens ont dit", "Ce qui a changé", "Taux de réponse", "Groupes silencieux",
        "Ce qui est demandé à l’EHP",
    ]  # fmt: skip
    assert parts["Taux de réponse"].figure.endswith(" : –")


def test_the_page_for_the_team_says_what_was_done_in_approved_words(tracker: Tracker) -> None:
    quarter = Quarter.current()
    written: dict[str, Any] = {
        "year": quarter.year, "quarter": quarter.number, "sms": "x", "radio": "x",
        "written_by": tracker.cast.awa, "written_at": timezone.now(),
    }  # fmt: skip
    place = Place.objects.get(pcode="ML0703")
    approved = {"approved_by": tracker.cast.djeneba, "approved_at": timezone.now()}
    old = PlaceNote.objects.create(place=place, poster="Nous avons fait\n– Un ancien texte", **written, **approved)
    PlaceNote.objects.create(
        place=place, poster="Vous avez dit\n– Eau\nNous avons fait\n– Le forage est réparé", replaces=old,
        **written, **approved,
    )  # fmt: skip
    PlaceNote.objects.create(place=place, poster="Nous avons fait\n– Un brouillon", **written)
    parts = {part.title: part for part in one_page(tracker.plan, quarter).parts}
    assert parts["Ce qui a changé"].lines == [f"{place} : Le forage est réparé"]
