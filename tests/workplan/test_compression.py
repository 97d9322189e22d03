"""Only pages of collective figures are compressed: a length says nothing of a case, a token or what someone typed."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.workplan.conftest import Tracker

SignIn = Callable[[Any], Client]


def encoding(client: Client, address: str) -> str:
    response = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert response.status_code in (200, 302), address
    return response.headers.get("Content-Encoding", "")


def test_the_plan_and_the_dashboard_are_compressed_and_padded(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.djeneba)
    indicator = tracker.indicator("1.1.1.a")
    pages = [reverse("workplan:plan"), reverse("workplan:dashboard"), indicator.get_absolute_url()]
    assert [encoding(client, page) for page in [*pages, indicator.activity.get_absolute_url()]] == ["gzip"] * 4
    sizes = {len(client.get(pages[0], headers={"Accept-Encoding": "gzip"}).content) for _n in range(12)}
    assert len(sizes) > 1
    plan = client.get(pages[0], headers={"Accept-Encoding": "gzip"}).content
    assert len(plan) < 25_000 < len(gzip.decompress(plan)) < 110_000


@pytest.mark.parametrize("name", ["awa", "djeneba", "aminata"])
def test_no_page_of_cases_accounts_vault_or_public_is(tracker: Tracker, signed_in: SignIn, name: str) -> None:
    client = signed_in(getattr(tracker.cast, name))
    closed = [reverse("workplan:figures") + "?figure=referred", reverse("mfa_index"), "/cases/", "/vault/"]
    lineage = reverse("workplan:lineage", args=[tracker.indicator("3.2.1.e").pk])
    public = ["/", "/parler/", "/suivi/", reverse("account_login")]
    reachable = [page for page in [*closed, lineage, *public] if client.get(page).status_code in (200, 302)]
    assert len(reachable) >= 7
    assert {encoding(client, page) for page in reachable} == {""}
    assert "django.middleware.gzip.GZipMiddleware" not in settings.MIDDLEWARE


def test_a_figure_is_opened_with_the_filters_that_are_known_and_no_others(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.robert)
    page = client.get(reverse("workplan:dashboard"), {"sex": "female", "scope": "nowhere", "else": "nothing"})
    assert b"?sex=female&amp;figure=said" in page.content
