from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.cast import Cast


def test_an_address_that_only_takes_forms_leads_to_the_page_above_it(
    cast: Cast, signed_in: Callable[[Any], Client]
) -> None:
    page = signed_in(cast.awa).get("/moi/absence/", headers={"Accept": "text/html"})
    assert page.status_code == 405
    assert page["Allow"] == "POST"
    assert '<a class="btn btn-primary" href="/moi/">' in page.content.decode()
    assert "Quitter vite" not in page.content.decode()


def test_a_system_that_asks_wrongly_is_told_so_without_a_page(db: None) -> None:
    answer = Client().get("/sms/twilio/", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.content) == (405, b"")
