""" "You said, we did": drafted from what may be published, written and approved by staff, then left as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry
from core.periods import Quarter
from core.sms_encoding import measure
from core.transitions import Refused
from directory.models import Place
from feedback.models import Answer, Case
from tests.workplan.conftest import Tracker
from workplan.actions.notes import approve_note, draft_note, take_up_note, write_note
from workplan.models import PlaceNote
from workplan.notes import poster_blocks, summaries, told

Say = Callable[..., Case]
SignIn = Callable[[Any], Client]
WINTER = Quarter(2022, 1)
FEBRUARY = datetime(2022, 2, 10, 9, tzinfo=UTC)
_serial = count()


@pytest.fixture
def closed(said: Say) -> Callable[..., Case]:
    """A closed case with an answer of this kind ("" for none)."""

    def close(kind: str = "response", **about: Any) -> Case:
        known = {
            "state": "closed",
            "closed_at": FEBRUARY,
            "closed_because": "answered",
            "outcome": "settled",
            "summary": f"Forage en panne {next(_serial)}",
            "triaged_at": FEBRUARY,
        }
        case = said(FEBRUARY, **(known | about))
        if kind:
            given = Answer(case=case, kind=kind, source="operator", given_at=FEBRUARY)
            given.seal(words="C'est réparé.")
            given.save()
        return case

    return close


def place(pcode: str) -> Place:
    return Place.objects.get(pcode=pcode)


def several(close: Callable[..., Case], number: int, *arguments: Any, **about: Any) -> None:
    for _each in range(number):
        close(*arguments, **about)


def test_it_counts_closed_ordinary_cases_with_an_answer_and_nothing_else(tracker: Tracker, closed: Any) -> None:
    several(closed, 5)
    several(closed, 6, "adjustment")
    several(closed, 7, "unsuccessful")
    several(closed, 7, "")
    several(closed, 7, lane="restricted", restricted_kind="protection", category_id="PROT.vbg")
    several(closed, 7, is_test=True)
    several(closed, 7, closed_at=datetime(2022, 4, 1, tzinfo=UTC))
    several(closed, 7, state="answered", answered_at=FEBRUARY, closed_at=None, closed_because="", outcome="")
    found = told(place("ML07"), WINTER)
    assert (dict(found.said), found.changed) == ({"Insatisfaction majeure ou plainte sur un programme": 11}, 6)


def test_small_numbers_are_left_out_and_no_note_gives_back_what_another_withholds(
    tracker: Tracker, closed: Any
) -> None:
    several(closed, 9, pcode="ML0703")
    several(closed, 3, pcode="ML0701")
    several(closed, 20, pcode="ML0702")
    several(closed, 8, pcode="ML0702", category_id="INFO")
    here, small, region = (told(place(pcode), WINTER) for pcode in ("ML0703", "ML0701", "ML07"))
    label = "Insatisfaction majeure ou plainte sur un programme"
    assert small.said == {}
    assert region.said[label] == 32
    shown = [told(place(f"ML070{n}"), WINTER).said.get(label) for n in (1, 2, 3)]
    assert shown.count(None) >= 2, "else the region less the others would give the small one"
    assert here.has_withheld


def test_a_place_of_which_too_little_is_known_has_no_draft(tracker: Tracker, closed: Any) -> None:
    several(closed, 4)
    with pytest.raises(Refused, match="désignerait quelqu’un"):
        draft_note(place("ML07"), WINTER, by=tracker.cast.djeneba)


def test_it_is_completed_approved_and_then_taken_up_as_another(tracker: Tracker, closed: Any) -> None:
    several(closed, 6, "adjustment")
    awa, djeneba = tracker.cast.awa, tracker.cast.djeneba
    note = draft_note(place("ML07"), WINTER, by=awa)
    assert "6 fois" in note.radio
    assert measure(note.sms).encoding == "GSM-7"
    with pytest.raises(Refused, match="Complétez d’abord"):
        approve_note(note.pk, seen=note.stamp, by=djeneba)
    texts: dict[str, Any] = {
        "sms": "Gao : le forage est repare.",
        "radio": "Le forage est réparé.",
        "poster": "Nous avons fait\n– Réparé",
    }
    written = write_note(note.pk, **texts, by=awa)
    with pytest.raises(Refused, match="changé entre-temps"):
        approve_note(note.pk, seen=note.stamp, by=djeneba)
    with pytest.raises(Refused, match="Votre rôle"):
        approve_note(note.pk, seen=written.stamp, by=awa)
    approve_note(note.pk, seen=written.stamp, by=djeneba)
    with pytest.raises(Refused, match="est approuvée"):
        write_note(note.pk, **texts, by=awa)
    again = take_up_note(note.pk, by=awa)
    assert (again.replaces, again.sms, again.approved_at) == (note, texts["sms"], None)
    acts = AuditEntry.objects.filter(act__startswith="workplan.note.").order_by("recorded_at")
    assert list(acts.values_list("act", flat=True)) == [
        f"workplan.note.{act}" for act in ("draft", "write", "approve", "take_up")
    ]


def test_a_draft_is_for_its_writers_and_an_approved_note_for_everybody(
    tracker: Tracker, closed: Any, signed_in: SignIn
) -> None:
    several(closed, 6)
    cast = tracker.cast
    note = draft_note(place("ML07"), WINTER, by=cast.djeneba)
    assert signed_in(cast.robert).get(f"/dashboard/notes/{note.pk}/").status_code == 404
    page = signed_in(cast.awa).get(f"/dashboard/notes/{note.pk}/").content.decode()
    assert "Forage en panne" in page, "an operator reads the neutral lines"
    assert "Forage en panne" not in signed_in(cast.djeneba).get(f"/dashboard/notes/{note.pk}/").content.decode()
    PlaceNote.objects.filter(pk=note.pk).update(approved_by=cast.djeneba, approved_at=FEBRUARY)
    page = signed_in(cast.robert).get(f"/dashboard/notes/{note.pk}/").content.decode()
    assert "Forage en panne" not in page
    assert 'data-part="segments"' in page
    assert signed_in(cast.robert).post(f"/dashboard/notes/{note.pk}/", {}).status_code == 404


def test_lines_behind_a_category_that_is_withheld_are_shown_to_nobody(tracker: Tracker, closed: Any) -> None:
    several(closed, 6)
    several(closed, 2, category_id="INFO", summary="Une seule famille en parle")
    found = told(place("ML07"), WINTER)
    assert "Une seule famille en parle" not in summaries(place("ML07"), WINTER, found, tracker.cast.awa)


def test_a_poster_has_titles_and_lists() -> None:
    text = "Vous avez dit\n– Eau (6 fois)\n– Listes\n\nNous avons fait\n– Réparé"
    assert poster_blocks(text) == [("Vous avez dit", ["Eau (6 fois)", "Listes"]), ("Nous avons fait", ["Réparé"])]
