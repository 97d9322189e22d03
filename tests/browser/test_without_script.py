"""Staff whose browser runs no JavaScript do their work all the same. (The public's way is in the journey.)"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.acting import number_on, sign_in
from tests.stack.browser import Screens

pytestmark = pytest.mark.once

TYPED = "On demande un point d’eau près de l’école de Sosso-Koïra"


def test_an_operator_signs_in_types_a_message_and_finds_it_again(screens: Screens) -> None:
    page = screens.page_of(None, script=False)
    sign_in(page, screens.stack.cast.person("operator"), "/cases/new/")
    page.locator("[name=words]").fill(TYPED)
    page.get_by_label("Oui, sans son nom").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    number_on(page)
    rows = []
    for number in (1, 2):
        page.goto(f"/cases/?page={number}")
        rows += [row.get_attribute("href") or "" for row in page.locator("a.queue-row").all()]
    seen = []
    for row in rows:
        page.goto(row)
        seen.append(TYPED in (page.locator("#open").text_content() or ""))
    assert True in seen
    page.get_by_label("Liste", exact=True).select_option("tous")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(".desk-queue h2")).to_contain_text("Tous")


def test_a_focal_point_unfolds_the_acts_and_reads_the_rule_of_a_clock(screens: Screens) -> None:
    page = screens.page_of(None, script=False)
    sign_in(page, screens.stack.cast.person("focal_point"), "/referrals/")
    clock = page.locator("details.clock").first
    expect(clock.locator(".clock-rule")).to_be_hidden()
    clock.locator("summary").click()
    expect(clock.locator(".clock-rule")).to_contain_text("Échéance")
    page.locator("[data-row] a").first.click()
    folded = page.locator("details.act")
    folded.first.locator("summary").click()
    expect(folded.first.get_by_role("button").last).to_be_visible()


def test_an_officer_opens_the_vault_word_by_word(screens: Screens) -> None:
    account = screens.stack.cast.person("psea_focal_point", "HCR")
    page = screens.page_of(None, phone=True, script=False)
    sign_in(page, account, "/vault/")
    for place, word in enumerate(account.vault_passphrase.split(), start=1):
        page.locator(f"[name=word_{place}]").fill(word)
    page.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossiers de garde")
    page.get_by_role("button", name="Verrouiller").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verrouillé")
