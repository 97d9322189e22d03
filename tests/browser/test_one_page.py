"""The page for the country team is one sheet of A4, however much there is to say."""

from __future__ import annotations

import re

import pytest

from tests.stack.browser import Screens

pytestmark = pytest.mark.once

PLAN, QUARTER = "EHP-PROTECTION-2020-2022", "2021-T2"
# As much as the page has room for of everything, each line as long as it may be, and more of each than it shows.
FULL = f"""
from datetime import datetime, timedelta, UTC
from django.utils import timezone
from directory.models import Place, User
from feedback.models import Case, Category
from workplan.models import AskedOfTeam, Plan, PlaceNote
plan, who, now = Plan.objects.get(code="{PLAN}"), User.objects.first(), timezone.now()
line = "Rouvrir la piste entre les deux villages et y tenir une permanence chaque semaine, avec les autorités locales. "
lines = [(line * 4)[:400] for _each in range(9)]
AskedOfTeam.objects.create(plan=plan, year=2021, quarter=2, words="\\n".join(lines), by=who, at=now)
for place in Place.objects.filter(parent=None)[:8]:
    poster = "Vous avez dit\\n– Eau\\nNous avons fait\\n" + "\\n".join(f"– {{one}}" for one in lines[:3])
    PlaceNote.objects.create(place=place, year=2021, quarter=2, poster=poster, sms="x", radio="x", written_by=who,
                             written_at=now, approved_by=who, approved_at=now)
counted = Category.objects.filter(restricted_kind="", is_vault=False, is_counted=True)
for category in sorted(counted, key=lambda one: -len(one.label))[:7]:
    for day in range(7):
        at = datetime(2021, 5, 3 + day, 9, tzinfo=UTC)
        case = Case(channel="web", received_at=at, last_spoke_at=at, recorded_at=at, category=category, state="closed",
                    closed_at=at + timedelta(days=9), closed_because="no_answer_wanted", triaged_at=at,
                    has_unread_words=False)
        case.seal(words="Le forage ne marche plus.")
        case.save(force_insert=True)
"""


def test_it_prints_on_one_sheet_of_a4(screens: Screens) -> None:
    screens.stack.manage("shell", "--verbosity=0", "-c", FULL)
    page = screens.page("observer")
    page.goto(f"/workplan/one-page/?plan={PLAN}&period={QUARTER}")
    parts = page.locator(".paper-part")
    assert [parts.nth(place).locator("li").count() for place in range(5)] == [5, 5, 3, 0, 6]
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    boxes = {
        tuple(round(float(side)) for side in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", printed)
    }
    assert boxes == {(0, 0, 595, 842)}
