from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize("path", ["/", "/parler/", "/suivi/"])
def test_a_page_is_french_whatever_the_browser_was_set_to(db: None, path: str) -> None:
    answer = Client(headers={"Accept-Language": "en-GB,en;q=0.9"}).get(path)
    assert b'<html lang="fr"' in answer.content
    assert "Quitter vite" in answer.content.decode()


def test_a_language_that_was_chosen_is_kept_and_an_unknown_one_is_not(db: None) -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    english = client.get("/").content.decode()
    assert '<html lang="en"' in english
    assert "I want to say something" in english

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert b'<html lang="fr"' in client.get("/").content
