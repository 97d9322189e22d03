"""Writing without a network: nothing is lost or doubled, and nothing stays on a telephone unless its holder says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.acting import number_on
from tests.stack.browser import Screens
from tests.voices import OGG

pytestmark = pytest.mark.once

WORDS = "La citerne de Wabaria n’est plus remplie depuis jeudi"
OTHERS = "Les cahiers de l’école ne sont pas arrivés"
SECRET = "Je vous écris d’un téléphone qui n’est pas à moi"
# Ends once the copy is on the shelf, and whatever it needs before it: the copy is put there last.
READY = """async () => {
  await navigator.serviceWorker.ready;
  while (!await caches.match('/parler/hors-ligne/')) await new Promise(done => setTimeout(done, 50));
}"""


def a_telephone(screens: Screens) -> tuple[BrowserContext, Page]:
    """A window that opened the form once, with a network: the copy of the page is on its shelf."""
    page = screens.page_of(None, phone=True)
    page.goto("/parler/")
    page.evaluate(READY)
    return page.context, page


def kept(page: Page) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(page.evaluate("localStorage.getItem('jaabi-garde') || '[]'"))
    return found


def test_the_form_opens_without_a_network_and_its_message_leaves_when_it_is_back(screens: Screens) -> None:
    context, page = a_telephone(screens)
    context.set_offline(True)
    page.goto("/parler/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dites ce que vous voulez")
    page.locator("[name=words]").fill(WORDS)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.locator("[data-waits]")).to_be_visible()
    assert kept(page) == []
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    assert len("".join(filter(str.isdigit, number_on(page)))) == 12


def test_what_was_kept_by_choice_is_sent_later_once_and_shows_nothing_before(screens: Screens) -> None:
    context, page = a_telephone(screens)
    context.set_offline(True)
    page.goto("/parler/")
    page.locator("[name=words]").fill(WORDS)
    page.get_by_label("Garder ce que j’écris").check()
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.locator("[data-staying]")).to_be_visible()
    (one,) = kept(page)
    page.close()

    again = context.new_page()
    context.set_offline(False)
    again.goto("/parler/")
    expect(again.locator("[data-kept]")).to_be_visible()
    assert WORDS not in (again.locator("body").text_content() or "")
    assert again.locator("[name=words]").input_value() == ""
    again.get_by_role("button", name="L’envoyer maintenant").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    number = number_on(again)
    assert kept(again) == []

    # Whatever the telephone believes, the same message is the same number.
    again.evaluate("one => localStorage.setItem('jaabi-garde', JSON.stringify([one]))", one)
    again.goto("/parler/")
    again.get_by_role("button", name="L’envoyer maintenant").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    assert number_on(again) == number


def test_another_message_sent_meanwhile_does_not_throw_away_the_one_that_waits(screens: Screens) -> None:
    context, page = a_telephone(screens)
    context.set_offline(True)
    page.goto("/parler/")
    page.locator("[name=words]").fill(WORDS)
    page.get_by_label("Garder ce que j’écris").check()
    context.set_offline(False)
    page.goto("/parler/")
    page.locator("[name=words]").fill(OTHERS)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    assert [dict(one["fields"])["words"] for one in kept(page)] == [WORDS]  # type: ignore[call-overload]


def test_nothing_stays_by_default_and_erasing_or_leaving_wipes_what_was_kept(screens: Screens) -> None:
    context, page = a_telephone(screens)
    page.locator("[name=words]").fill(SECRET)
    assert kept(page) == []
    page.get_by_label("Garder ce que j’écris").check()
    assert len(kept(page)) == 1
    page.get_by_role("button", name="Effacer ce que j’ai écrit").click()
    assert (kept(page), page.locator("[name=words]").input_value()) == ([], "")

    page.locator("[name=words]").fill(SECRET)
    page.get_by_label("Garder ce que j’écris").check()
    assert len(kept(page)) == 1
    context.route("https://**", lambda route: route.abort())
    page.get_by_role("link", name="Quitter vite").click()
    page.wait_for_timeout(500)
    after = context.new_page()
    after.goto("/confidentialite/")
    assert (kept(after), after.evaluate("caches.keys()")) == ([], [])
    assert after.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_the_copy_holds_no_token_and_nothing_of_anyone(screens: Screens) -> None:
    _context, page = a_telephone(screens)
    copy = page.evaluate("caches.match('/parler/hors-ligne/').then(one => one.text())")
    assert "csrfmiddlewaretoken" not in copy
    assert 'name="once"' not in copy
    names = page.evaluate("caches.open('jaabi').then(one => one.keys()).then(all => all.map(one => one.url))")
    assert {Path(name).suffix for name in names} <= {"", ".css", ".js", ".svg"}


def test_a_voice_and_a_photo_leave_without_any_script(screens: Screens, tmp_path: Path) -> None:
    voice = tmp_path / "note.ogg"
    voice.write_bytes(OGG)
    page = screens.page_of(None, phone=True, script=False)
    page.goto("/parler/")
    expect(page.locator("[data-keep]")).to_be_hidden()
    page.get_by_label("Un message vocal").set_input_files(voice)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    number = number_on(page)
    page.goto("/suivi/")
    page.get_by_label("Votre numéro").fill(number)
    page.get_by_role("button", name="Voir où il en est").click()
    page.get_by_text("Voir, corriger ou effacer ce que j’ai dit").click()
    page.get_by_label("effacer ce que j’ai dit").check()
    page.get_by_role("button", name="Le demander").click()
    expect(page.get_by_text("Votre demande est notée.")).to_be_visible()


# -- Adding to a message ---------------------------------------------------------------------------------------------


def a_message(page: Page) -> str:
    page.goto("/parler/")
    page.locator("[name=words]").fill(WORDS)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    return number_on(page)


def followed(page: Page, number: str) -> None:
    page.goto("/suivi/")
    page.get_by_label("Votre numéro").fill(number)
    page.get_by_role("button", name="Voir où il en est").click()
    expect(page.locator("[name=more]")).to_be_visible()


def on_the_telephone(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


def test_what_is_added_without_a_network_leaves_when_it_is_back_and_nothing_of_it_stays(screens: Screens) -> None:
    page = screens.page_of(None, phone=True)
    number = a_message(page)
    followed(page, number)
    page.context.set_offline(True)
    page.locator("[name=more]").fill(OTHERS)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("[data-waits]")).to_be_visible()
    assert page.locator("[name=more]").input_value() == OTHERS
    assert page.evaluate("localStorage.length") == 0
    page.context.set_offline(False)
    expect(page.get_by_text("C'est ajouté à votre message.")).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_what_is_kept_by_choice_opens_with_its_number_alone_and_the_number_is_not_kept(screens: Screens) -> None:
    page = screens.page_of(None, phone=True)
    others, number = a_message(page), a_message(page)
    followed(page, number)
    page.context.set_offline(True)
    page.locator("[name=more]").fill(OTHERS)
    page.get_by_label("Garder ce que j’écris").check()
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("[data-staying]")).to_be_visible()
    wait_until_it_stays(page)
    stays = on_the_telephone(page)
    assert "sealed" in stays
    for trace in (OTHERS, OTHERS[:8], number, "".join(filter(str.isdigit, number))):
        assert trace not in stays

    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    followed(page, others)
    page.wait_for_timeout(1_500)
    assert page.locator("[name=more]").input_value() == ""
    followed(page, number)
    expect(page.locator("[data-back]")).to_be_visible()
    expect(page.locator("[name=more]")).to_have_value(OTHERS)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("C'est ajouté à votre message.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    assert page.locator("[name=more]").input_value() == ""


def wait_until_it_stays(page: Page) -> None:
    """Waits until what is to be added is on the telephone; the page's policy forbids asking it with a text."""
    for _try in range(50):
        if page.evaluate("localStorage.getItem('jaabi-ajouts')"):
            return
        page.wait_for_timeout(100)
    raise TimeoutError


def test_leaving_fast_wipes_what_was_kept_to_be_added(screens: Screens) -> None:
    page = screens.page_of(None, phone=True)
    followed(page, a_message(page))
    page.locator("[name=more]").fill(SECRET)
    page.get_by_label("Garder ce que j’écris").check()
    wait_until_it_stays(page)
    context = page.context
    context.route("https://**", lambda route: route.abort())
    page.get_by_role("link", name="Quitter vite").click()
    page.wait_for_timeout(500)
    after = context.new_page()
    after.goto("/confidentialite/")
    assert after.evaluate("localStorage.length") == 0
