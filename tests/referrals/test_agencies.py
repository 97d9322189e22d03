"""What the working group reads of every organisation: how long, what nobody could take, what is late by a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.periods import Period, Quarter
from directory.models import Organisation
from feedback.models import Case
from referrals import actions
from referrals import agency_statistics as figures
from referrals.agency_statistics import Days
from referrals.late import AGENDA_AFTER
from referrals.models import AgencyComment, Referral
from referrals.timeline import timeline_of
from tests.referrals.conftest import House

NOW = timezone.now()
PERIOD = Period(NOW - timedelta(days=60), NOW + timedelta(days=60))
PAGE = "/referrals/organisations/"


@pytest.mark.parametrize(
    ("days", "found"),
    [([], None), ([3], Days(3, 3, 1)), ([1, 2], Days(1, 2, 2)), ([5, 1, 9, 3, 7, 2, 8, 4, 10, 6], Days(5, 9, 10))],
)
def test_days_are_the_lower_median_and_the_least_that_nine_in_ten_kept(days: list[int], found: Days | None) -> None:
    assert Days.of([timedelta(days=day, hours=23) for day in days]) == found


def refused(house: House, code: str) -> Referral:
    referral = house.sent(house.case(), house.wish("hcr", None))
    actions.refuse(referral.pk, code=code, by=house.cast.ibrahim)
    return referral


def test_a_gap_is_what_nobody_could_take(house: House) -> None:
    for code in ("HORS_MANDAT", "SANS_CAPACITE", "DOUBLON"):
        refused(house, code)
    again = refused(house, "HORS_ZONE")
    house.sent(Case.objects.get(pk=again.case_id))  # somebody may still take it
    hidden = refused(house, "HORS_ZONE")
    Case.objects.filter(pk=hidden.case_id).update(lane="restricted", restricted_kind="integrity")
    assert figures.gaps_by_category(PERIOD) == {"INSAT_MAJ": 2}


def test_the_agenda_counts_what_is_late_by_more_than_a_week_by_whom(house: House) -> None:
    for days in (1, 8, 9):
        referral = house.sent()
        Referral.objects.filter(pk=referral.pk).update(accept_by=NOW - timedelta(days=days))
    hidden = house.sent()
    Referral.objects.filter(pk=hidden.pk).update(accept_by=NOW - timedelta(days=30))
    Case.objects.filter(pk=hidden.case_id).update(lane="restricted", restricted_kind="integrity")
    nrc = house.cast.organisations["nrc"].pk
    assert {pk: (row.count, (NOW - row.since).days) for pk, row in figures.agenda(NOW).items()} == {nrc: (2, 9)}
    told = [event["when"] for event in timeline_of(Referral.objects.get(pk=referral.pk)) if event["tone"] == "late"]
    assert told == [NOW - timedelta(days=9) + AGENDA_AFTER]


def test_an_organisation_says_its_word_and_the_working_group_reads_it(house: House, signed_in: Any) -> None:
    actions.answer(house.sent().pk, kind="response", words="Réparé.", by=house.cast.fanta)
    house.sent(house.case(), house.wish("hcr", None))
    mine = reverse("referrals:statistics")
    manager = signed_in(house.cast.mariam)  # of HCR
    assert "contient un numéro" in manager.post(mine, {"words": "Appelez le 70 00 00 12"}).content.decode()
    manager.post(mine, {"words": "L’équipe de Gao était en mission."})
    assert "L’équipe de Gao" in signed_in(house.cast.ibrahim).get(mine).content.decode(), "colleagues read it too"

    page = signed_in(house.cast.djeneba).get(PAGE)
    names = [str(row["organisation"]) for row in page.context["rows"]]
    assert names == sorted(names, key=str.casefold)
    assert [(row["figures"].received, row["said"]) for row in page.context["rows"]] == [
        (1, "L’équipe de Gao était en mission." if "HCR" in name else "") for name in names
    ]
    manager.post(mine, {"words": " "})
    assert not AgencyComment.objects.exists()
    assert AuditEntry.objects.filter(act="referrals.comment.say").count() == 2


def test_days_together_are_kept_back_while_they_would_tell_one_of_another(house: House) -> None:
    for short, person in (("hcr", house.cast.ibrahim), ("nrc", house.cast.oumar)):
        referral = house.sent(house.case(), house.wish(short, None))
        actions.answer(referral.pk, kind="response", words="Oui.", by=person)
    each, together = figures.days_to_answer(PERIOD)
    assert together is None
    assert set(each.values()) == {Days(0, 0, 1)}


def test_a_comment_is_of_its_quarter_and_its_organisation(house: House) -> None:
    this = Quarter.current()
    actions.comment(this, "Peu de monde.", by=house.cast.mariam)
    actions.comment(this, "Plus de monde.", by=house.cast.mariam)
    actions.comment(this.previous, "Avant.", by=house.cast.mariam)
    hcr: Any = Organisation.objects.get(pk=house.cast.mariam.organisation_id)
    assert [(row.organisation, row.words) for row in AgencyComment.objects.order_by("words")] == [
        (hcr, "Avant."),
        (hcr, "Plus de monde."),
    ]
