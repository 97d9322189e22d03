"""Which days are worked: the country's calendar, and what staff know better than it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from core.models import AuditEntry, DayCorrection
from core.working_time import is_working_day, special_days
from tests.cast import Cast

pytestmark = pytest.mark.once

PAGE = "/settings/calendar/"
INDEPENDENCE = date(timezone.localdate().year, 9, 22)


def correction(**changes: str) -> dict[str, str]:
    return {"day": INDEPENDENCE.isoformat(), "worked": "yes", "reason": "Élections"} | changes


def test_holidays_are_named_in_the_readers_language_and_corrections_stand_among_them(db: None) -> None:
    DayCorrection.objects.create(day=date(2022, 9, 23), is_worked=False, reason="Pont")
    for language, name in (("fr", "Fête Nationale"), ("en", "National Day")):
        with override(language):
            found = {one.day: one for one in special_days(2022)}
        assert found[date(2022, 9, 22)].holiday.startswith(name)
    assert [found[date(2022, 9, day)].is_worked for day in (22, 23)] == [False, False]
    bridge = found[date(2022, 9, 23)]
    assert bridge.correction is not None
    assert (bridge.holiday, bridge.correction.reason) == ("", "Pont")
    assert list(found) == sorted(found)


def test_a_day_is_corrected_replaced_and_given_back_to_the_calendar(cast: Cast, signed_in: Any) -> None:
    client: Client = signed_in(cast.djeneba)
    page = client.get(PAGE).content.decode()
    assert f"<h2>{timezone.localdate().year}</h2>" in page
    assert "Aucun jour corrigé" in page
    assert "Fête Nationale" in page
    assert PAGE in client.get("/settings/").content.decode()

    assert "est travaillé" in client.post(PAGE, correction(), follow=True).content.decode()
    assert is_working_day(INDEPENDENCE)
    page = client.post(PAGE, correction(worked="no", reason="Fermeture"), follow=True).content.decode()
    assert "Fermeture" in page
    assert "Élections" not in page
    row = DayCorrection.objects.get()
    assert not is_working_day(INDEPENDENCE)

    client.post(PAGE, correction())
    page = client.post(f"{PAGE}{row.pk}/forget/", follow=True).content.decode()
    assert "de nouveau ce que dit le calendrier" in page
    assert "Aucun jour corrigé" in page
    assert not is_working_day(INDEPENDENCE)

    told = [(one.act, one.actor_id, one.facts["day"]) for one in AuditEntry.objects.filter(act__startswith="core.day.")]
    corrected, forgotten = (
        ("core.day." + act, str(cast.djeneba.pk), str(INDEPENDENCE)) for act in ("correct", "forget")
    )
    assert sorted(told) == [corrected] * 3 + [forgotten]
    assert str(INDEPENDENCE) in signed_in(cast.adama).get("/settings/audit/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": f"{INDEPENDENCE.year - 1}-09-22"}, "day"),
        ({"day": "le 30 février"}, "day"),
        ({"worked": "peut-être"}, "worked"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 121}, "reason"),
    ],
)
def test_what_cannot_be_a_correction_is_refused_at_its_field_and_stays_typed(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    response = signed_in(cast.djeneba).post(PAGE, correction(**changes))
    assert response.status_code == 422
    form = response.context["form"]
    assert set(form.errors) == {field}
    assert {name: form[name].value() for name in form.fields} == correction(**changes)
    assert not DayCorrection.objects.exists()
