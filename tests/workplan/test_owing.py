"""What is owed once a quarter is over: for one person, lead by lead, and by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from core.periods import Quarter
from tests.workplan.conftest import Tracker
from workplan.actions.digest import send_digests
from workplan.enums import Due
from workplan.owing import by_lead, indicators_owed, of_person, owed
from workplan.values import Value

SignIn = Callable[[Any], Client]

# The second quarter of 2021 is due on Thursday 15 July, ten working days after its end.
RIGHT_AFTER = datetime(2021, 7, 1, 9, tzinfo=UTC)
FIVE_DAYS_BEFORE = datetime(2021, 7, 8, 9, tzinfo=UTC)
LATE = datetime(2021, 7, 19, 9, tzinfo=UTC)
LAST = Quarter(2021, 2)


def standing(tracker: Tracker, number: str, now: datetime) -> dict[str, Due]:
    rows = owed(indicators_owed([tracker.plan]), now)
    return {row.quarter.code: row.due for row in rows if row.indicator.number == number}


def test_a_value_is_open_then_soon_due_then_late_in_working_days(tracker: Tracker) -> None:
    found = [standing(tracker, "1.1.4.a", now).get("2021-T2") for now in (RIGHT_AFTER, FIVE_DAYS_BEFORE, LATE)]
    assert found == [Due.OPEN, Due.SOON, Due.LATE]
    assert standing(tracker, "1.1.4.a", datetime(2021, 6, 29, tzinfo=UTC)).get("2021-T2") is None
    tracker.submitted("1.1.4.a", Value(number=0), LAST)
    assert "2021-T2" not in standing(tracker, "1.1.4.a", LATE)


def test_each_lead_owes_their_own_and_what_has_several_leads_stands_under_each(tracker: Tracker) -> None:
    rows = owed(indicators_owed([tracker.plan]), RIGHT_AFTER)
    owes = {str(one.organisation): {each.indicator.number for each in one.open} for one in by_lead(rows)}
    assert "1.1.3.a" in owes["HCR"] & owes["OCHA"]
    assert "1.1.4.a" in owes["OCHA"] - owes["HCR"]
    assert "1.1.4.a" in {each.indicator.number for each in of_person(rows, tracker.cast.lassana).open}
    assert of_person(rows, tracker.cast.djeneba).every == []
    assert not {number for numbers in owes.values() for number in numbers} & {"3.2.1.e", "3.2.2.b", "1.2.1.b"}


def test_the_first_page_says_what_is_missing_to_its_reporter_and_to_all_by_whom(
    tracker: Tracker, signed_in: SignIn
) -> None:
    page = signed_in(tracker.cast.lassana).get(reverse("workplan:plan"), {"plan": tracker.plan.code})
    late = page.context["mine"].late
    assert {each.indicator.number for each in late} >= {"1.1.4.a", "1.1.2.a"}
    assert "À rapporter par vous" in page.content.decode()
    sheet = signed_in(tracker.cast.lassana).get(reverse("workplan:report"), {"plan": tracker.plan.code})
    assert sheet.context["mine"].late == late
    oldest = sheet.context["mine"].oldest
    assert f"period={oldest.code}" in sheet.content.decode().split('id="mine"')[1].split("</section>")[0]
    other = signed_in(tracker.cast.robert).get(reverse("workplan:plan"), {"plan": tracker.plan.code}).content.decode()
    assert "À rapporter par vous" not in other
    assert "Qui doit encore rapporter" in other


def test_a_digest_goes_once_a_week_to_whoever_owes_something_and_holds_no_value(
    tracker: Tracker, mailoutbox: list[EmailMessage]
) -> None:
    tracker.submitted("1.1.4.a", Value(number=7351), LAST)
    assert send_digests(datetime(2021, 7, 18, 9, tzinfo=UTC)) == 0, "a Sunday"
    assert send_digests(LATE) == 2, "Lassana and Penda: what the whole team leads is owed once a year"
    send_digests(datetime(2021, 7, 20, 9, tzinfo=UTC))
    mails = [each for each in mailoutbox if each.to == [tracker.cast.lassana.email]]
    assert len(mails) == 1
    body = str(mails[0].body)
    (last,) = [line for line in body.splitlines() if line.startswith("– T2 2021")]
    assert last.startswith("– T2 2021, 3 jours ouvrés de retard (14 juillet 2021) : 1.1.1.a, ")
    assert "1.1.4.a" not in last
    assert "T2 2020" not in body, "what is older than a year stays on the pages"
    assert "7351" not in body
