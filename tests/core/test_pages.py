"""The frames of the pages: light, closed to scripts of strangers, and easy to leave."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.views import components

FRAMES = ("base_staff.html", "base_public.html", "base_vault.html")


def page(template: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override("fr"):
        return render_to_string(template, context, request)


def test_a_public_page_weighs_little_with_all_it_loads(settings: Any) -> None:
    html = page("base_public.html", public_languages=[("fr", "Français"), ("ar", "العربية")])
    loaded = [settings.BASE_DIR / "static" / name for name in ("public.css", "public.js", "logo.svg", "favicon.svg")]
    assert sum(path.stat().st_size for path in loaded) + len(html.encode()) < 25_000
    assert "bootstrap" not in html
    assert "icons.svg" not in html


@pytest.mark.parametrize("template", FRAMES)
def test_no_frame_carries_inline_script_or_style(template: str) -> None:
    html = page(template)
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", html) == []


def test_the_way_out_is_on_every_public_page_and_says_nothing_of_where_one_was() -> None:
    html = page("base_public.html", quick_exit_url="https://meteo.example/")
    assert '<a class="quit no-print" href="https://meteo.example/" rel="noreferrer noopener"' in html
    assert "<title>Jaabi</title>" in html


def test_the_vault_has_no_title() -> None:
    assert "<title>Jaabi</title>" in page("base_vault.html")


def test_arabic_is_written_from_right_to_left() -> None:
    html = page("base_public.html", public_language="ar", public_languages=[("fr", "Français"), ("ar", "العربية")])
    assert '<html lang="ar" dir="rtl">' in html
    assert re.search(r'value="ar" lang="ar" dir="rtl" aria-pressed="true"', html)


def test_the_menu_says_where_one_is_and_how_much_waits() -> None:
    nav = [{"label": "Pour moi", "url": "/referrals/", "active": True, "count": 12}]
    html = page("base_staff.html", nav=nav)
    assert '<a href="/referrals/" aria-current="page">Pour moi <span class="pill">12</span></a>' in html


@pytest.mark.parametrize("base", ["staff", "public", "vault"])
def test_the_page_of_components_shows_in_every_frame(base: str) -> None:
    request = RequestFactory().get("/", {"base": base})
    request.user = AnonymousUser()
    with translation.override("fr"):
        html = components(request).content.decode()
    assert html.count("<h1>") == 1
    for part in ("state-sealed", "clock-late", "timeline-event", "quarter-legend", "figure-value", "receipt"):
        assert part in html


def test_staff_css_and_scripts_fit_a_bad_line(settings: Any) -> None:
    static: Path = settings.BASE_DIR / "static"
    names = ("vendor/bootstrap/bootstrap.min.css", "theme.css", "print.css", "staff.js", "icons.svg")
    assert sum((static / name).stat().st_size for name in names) < 140_000
