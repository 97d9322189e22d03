"""The public pages in further languages: shown once their speakers approved them, in their own direction of writing."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from directory.languages import ARABIC
from feedback.models import Case
from feedback.public_languages import is_approved, offered_languages, public_languages, spoken_language
from feedback.sms_texts import is_approved as sms_is_approved
from feedback.sms_texts import text_for
from scripts.translations import ROOT, messages_in_python, messages_in_template
from tests.feedback.test_public import number_on, spoken, text_of

pytestmark = pytest.mark.once

PAGES = ["home", "speak", "receipt", "follow", "privacy", "urgent", "workers", "offline"]
MARK = "Texte non encore approuvé"
TEMPLATES = ("templates/feedback/public/*.html", "templates/parts/public*.html", "templates/base_public.html")
CODE = ("feedback/views/public/*.py", "feedback/forms/public.py", "feedback/forms/attached.py")
# For staff, or for those who show the pages.
NOT_FOR_PEOPLE = {"[Message vocal]", "[Photo]"}


def in_arabic() -> Client:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    return browser


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_arabic_is_written_from_right_to_left_and_marked_as_a_draft(recovery_key: bytes, name: str) -> None:
    page = text_of(in_arabic().get(reverse(f"feedback:{name}")))
    assert re.search(r'<html lang="ar" dir="rtl">', page)
    assert MARK in page
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading is not None
    assert re.search(r"[\u0600-\u06ff]", heading.group(1))
    assert MARK not in text_of(Client().get(reverse(f"feedback:{name}")))


def test_what_nobody_approved_is_not_offered_in_production_whatever_the_browser_asks(db: None, settings: Any) -> None:
    approved = offered_languages(settings.COUNTRY, drafts=False)
    assert {code for code, _name in approved} == {code for code, one in public_languages().items() if one["approved"]}
    assert "ar" in dict(offered_languages(settings.COUNTRY, drafts=True))
    settings.LANGUAGES = settings.PUBLIC_LANGUAGES = approved
    for browser in (in_arabic(), Client(headers={"Accept-Language": "ar"})):
        page = text_of(browser.get("/parler/"))
        assert '<html lang="fr" dir="ltr">' in page
        assert "العربية" not in page


def test_every_text_for_people_is_in_each_language_that_is_offered() -> None:
    texts = {one for pattern in TEMPLATES for path in ROOT.glob(pattern) for one in _texts(path, messages_in_template)}
    texts |= {one for pattern in CODE for path in ROOT.glob(pattern) for one in _texts(path, messages_in_python)}
    assert len(texts) > 120
    for code in set(public_languages()) - {"fr", "en"}:
        known = {entry.msgid for entry in polib.mofile(str(ROOT / f"locale/{code}/LC_MESSAGES/django.mo"))}
        missing = {text for text in texts - known - NOT_FOR_PEOPLE if MARK not in text}
        assert missing == set(), code


def _texts(path: Path, read: Any) -> set[str]:
    return {message.text for message in read(path.read_text(encoding="utf-8"))}


def test_staff_never_see_half_a_language(cast: Any, signed_in: Any) -> None:
    browser = signed_in(cast.djeneba)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    page = browser.get("/workplan/").content.decode()
    assert '<html lang="fr"' in page
    assert "Plan de travail" in unescape(page)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en"' in browser.get("/workplan/").content.decode()


def test_who_reads_arabic_is_answered_in_arabic_once_it_is_approved_and_staff_read_french(recovery_key: bytes) -> None:
    page = spoken(in_arabic(), words="انقطع الماء", wants_thread="on")
    assert number_on(page)
    assert 'dir="rtl"' in page.content.decode()
    case = Case.objects.get()
    assert (case.language, case.unsealed("words")) == (ARABIC, "انقطع الماء")
    assert not sms_is_approved("ara")
    assert text_for("receipt", "ara", number="123456789016") == text_for("receipt", "fra", number="123456789016")


@pytest.mark.parametrize("words", ["ߒ ߞߊ߬ ߝߏ߫", "ⵜⴰⵎⴰⵛⴻⵇ", "انقطع الماء"])
def test_any_script_is_shown_in_its_own_direction(recovery_key: bytes, words: str) -> None:
    page = text_of(Client().post("/parler/", {"words": words, "safe_contact": "sms", "contact": ""}))
    assert re.search(rf'<textarea[^>]*dir="auto"[^>]*>\s*{words}', page)
    css = (ROOT / "static/public.css").read_text(encoding="utf-8")
    assert {"Noto Sans NKo", "Noto Sans Tifinagh"} <= set(re.findall(r'"([^"]+)"', css))
    assert "@font-face" not in css


def test_the_language_of_whoever_spoke_is_that_of_the_pages_they_chose() -> None:
    assert [spoken_language(code) for code in ("fr", "en", "ar", None, "xx")] == ["", "eng", "ara", "", ""]
    assert [is_approved(code) for code in ("fr", "en", "ar", "xx")] == [True, True, False, False]
    with translation.override("ar"):
        assert translation.get_language_bidi()
