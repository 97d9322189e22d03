"""Where a value comes from, when a milestone was reached, and what it is made of place by place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.periods import Quarter
from core.transitions import Refused
from directory.models import Place
from tests.workplan.conftest import Tracker
from workplan.actions import readings
from workplan.actions.evidence import join_file, remove_file
from workplan.models import Reading, ReadingFile
from workplan.public_words import SaysTooMuch
from workplan.values import Value, combined

SignIn = Callable[[Any], Client]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"


def place(pcode: str) -> Place:
    return Place.objects.get(pcode=pcode)


def test_a_file_is_joined_to_a_draft_and_stays_with_what_was_verified(tracker: Tracker, signed_in: SignIn) -> None:
    draft = tracker.report("1.1.1.b", Value(number=4))
    lead, other = signed_in(tracker.cast.lassana), signed_in(tracker.cast.robert)
    upload = {"file": SimpleUploadedFile("compte rendu.pdf", PDF, "application/pdf")}
    assert lead.post(reverse("workplan:evidence_join", args=[draft.pk]), upload).status_code == 302
    file = ReadingFile.objects.get()
    assert (file.title, b"compte rendu" in bytes(file.name)) == ("compte rendu.pdf", False)
    address = reverse("workplan:evidence", args=[file.pk])
    assert other.get(address).status_code == 404
    readings.submit(draft.pk, by=tracker.cast.lassana)
    with pytest.raises(Refused, match="déjà soumise"):
        remove_file(file.pk, by=tracker.cast.lassana)
    readings.verify(draft.pk, by=tracker.sira)
    assert other.get(address).content == PDF
    assert "compte rendu.pdf" in other.get(draft.indicator.get_absolute_url()).content.decode()


def test_a_file_is_joined_by_who_reports_and_its_name_tells_of_nobody(tracker: Tracker) -> None:
    draft = tracker.report("1.1.4.a", Value(number=4))
    content = "application/pdf;base64,JVBERg=="
    with pytest.raises(Reading.DoesNotExist):
        join_file(draft.pk, content=content, name="a.pdf", by=tracker.penda)
    with pytest.raises(Refused, match="renommez"):
        join_file(draft.pk, content=content, name="viol a Gao.pdf", by=tracker.cast.lassana)
    assert join_file(draft.pk, content=content, name="CR_20210312.pdf", by=tracker.cast.lassana).title


def test_a_narrative_that_may_tell_of_a_case_is_asked_about(tracker: Tracker, signed_in: SignIn) -> None:
    with pytest.raises(SaysTooMuch):
        tracker.report("1.1.1.b", Value(number=1), narrative="Une femme violée à Gao.")
    with pytest.raises(SaysTooMuch):
        tracker.report("1.1.1.b", Value(number=1), narrative="Appelez le 76 12 34 56.")
    tracker.report("1.1.1.b", Value(number=1), narrative="Réunion du 12/03/2021, compte rendu 2021-03-14.")
    indicator = tracker.indicator("1.1.1.c")
    name = f"i{indicator.pk}"
    typed = {f"{name}-number": "1", f"{name}-narrative": "Note sur les viols de guerre", "period": "2021-T2"}
    client, line = signed_in(tracker.cast.lassana), reverse("workplan:save_line", args=[indicator.pk])
    refused = client.post(line, typed)
    assert refused.status_code == 422
    assert f'name="{name}-about_nobody"' in refused.content.decode()
    assert client.post(line, {**typed, f"{name}-about_nobody": "on"}).status_code == 302


def test_a_milestone_says_on_which_day_it_was_reached_once_it_was(tracker: Tracker) -> None:
    day = date(2020, 9, 12)
    reached = tracker.verified("1.3.1.a", Value(yes=True, on=day), Quarter(2020, 3))
    assert reached.value.text == "oui (12 septembre 2020)"
    assert tracker.report("1.2.6.a", Value(yes=False, on=day)).reached_on is None
    with pytest.raises(Refused, match="à venir"):
        tracker.report("1.2.1.a", Value(yes=True, on=date(2999, 1, 1)))
    earlier = Value(yes=True, on=date(2020, 8, 1))
    assert combined([Value(yes=False), reached.value, earlier], "sum") == earlier


def test_a_value_is_reported_place_by_place_and_what_does_not_add_up_is_flagged(
    tracker: Tracker, signed_in: SignIn
) -> None:
    gao, mopti = place("ML07"), place("ML05")
    tracker.submitted("1.1.1.a", Value(number=8, numerator=2))
    for where, count in ((gao, 3), (mopti, 4)):
        part = tracker.report("1.1.1.a", Value(number=count, numerator=1), place=where)
        readings.submit(part.pk, by=tracker.cast.lassana)
    again = tracker.indicator("1.1.1.a").readings.get(place=gao)
    with pytest.raises(Refused, match="déjà soumise"):
        tracker.report("1.1.1.a", Value(number=9), place=gao)
    client = signed_in(tracker.cast.lassana)
    page = client.get(reverse("workplan:report_places", args=[again.indicator_id]), {"period": "2021-T1"})
    found = page.context["places"]
    assert [(row.place.pcode, row.number) for row in found.readings] == [("ML05", 4), ("ML07", 3)]
    assert (found.together, found.differs) == (Value(number=7, numerator=2, denominator=7), True)
    assert "Les lieux ne font pas la valeur d’ensemble" in page.content.decode()
    readings.verify(again.pk, by=tracker.sira)
    second = readings.correct(again.pk, reason="Une oubliée", by=tracker.cast.lassana)
    assert (second.place, second.version) == (gao, 2)


def test_places_change_nothing_of_the_countrys_own_line(tracker: Tracker, signed_in: SignIn) -> None:
    part = tracker.report("1.1.1.b", Value(number=3), place=place("ML07"))
    readings.submit(part.pk, by=tracker.cast.lassana)
    readings.verify(part.pk, by=tracker.sira)
    page = signed_in(tracker.cast.robert).get(part.indicator.get_absolute_url())
    assert page.context["latest"] is None
    assert {point.status for point in page.context["points"] if point.quarter == Quarter(2021, 1)} == {"late"}
    assert "Gao" in page.content.decode()
    client = signed_in(tracker.cast.lassana)
    line = reverse("workplan:save_line", args=[part.indicator_id])
    name = f"i{part.indicator_id}p{place('ML05').pk}"
    sent = client.post(line, {f"{name}-number": "2", "place": "ML05", "period": "2021-T1", "act": "submit"})
    assert sent.status_code == 302
    assert Reading.objects.get(place__pcode="ML05").number == 2
