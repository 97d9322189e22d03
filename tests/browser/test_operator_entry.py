"""What an operator types survives a lost connection, encrypted, and is one case in the end."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.acting import NUMBER, plain, where_is
from tests.stack.browser import Screens

HELD_BACK = "Les semences promises à Forgho ne sont jamais arrivées"
INTERRUPTED = "La borne de Bagoundié ne coule plus que la nuit"
TWO_MATTERS = "Le puits de Kadji est à sec. Mon nom manque sur la liste des nattes."
SECOND = "Mon nom manque sur la liste des nattes."
KEPT_HERE = """async () => {
  const base = await new Promise(done => { const asked = indexedDB.open("saisies", 1); asked.onsuccess = () => done(asked.result); });
  const rows = await new Promise(done => { const asked = base.transaction("saisies").objectStore("saisies").getAll(); asked.onsuccess = () => done(asked.result); });
  base.close();
  return rows.map(row => new TextDecoder("latin1").decode(row.blob));
}"""  # noqa: E501  a script


def test_an_entry_without_network_is_kept_encrypted_and_leaves_once_by_itself(screens: Screens) -> None:
    page = screens.page("operator")
    page.goto("/cases/new/")
    page.context.set_offline(True)
    _type(page, HELD_BACK)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#kept")).to_contain_text("elle partira d’elle-même")
    expect(page.locator("[name=words]")).to_have_value("")
    (kept,) = page.evaluate(KEPT_HERE)
    assert len(kept) > len(HELD_BACK)
    assert "semences" not in kept
    storages = "JSON.stringify([localStorage, sessionStorage])"
    assert "semences" not in page.evaluate(storages)

    page.context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("Numéro à donner")
    number = NUMBER.search(plain(page.locator("#kept").text_content()))
    assert number is not None
    assert page.evaluate(KEPT_HERE) == []
    assert where_is(screens, number.group()) == "reçu"
    assert _cases_that_say(page, HELD_BACK) == 1


def test_what_was_being_typed_is_taken_up_again_and_saved_once(screens: Screens) -> None:
    page = screens.page("operator")
    page.goto("/cases/new/")
    page.context.set_offline(True)
    _type(page, INTERRUPTED)
    expect(page.locator("[data-draft-state]")).to_contain_text("gardé sur cet appareil, chiffré")
    page.context.set_offline(False)

    page.goto("/cases/new/")
    page.locator("#kept").get_by_role("button", name="Reprendre").click()
    expect(page.locator("[name=words]")).to_have_value(INTERRUPTED)
    page.locator("[name=words]").press("End")
    page.keyboard.type(".")
    expect(page.locator("[data-draft-state]")).to_have_text("Brouillon gardé.")
    expect(page.get_by_role("link", name="1 brouillon")).to_have_count(0)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("[data-entered]")).to_be_visible()
    expect(page.locator("#kept")).to_be_hidden()
    page.goto("/cases/drafts/")
    expect(page.locator("main")).to_contain_text("Aucun brouillon.")
    assert _cases_that_say(page, INTERRUPTED) == 1


def test_the_keys_sort_while_entering_and_a_chosen_passage_goes_to_the_second_case(screens: Screens) -> None:
    page = screens.page("operator")
    page.goto("/cases/new/")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Enregistrer et trier")
    page.keyboard.press("Escape")
    _type(page, TWO_MATTERS)
    page.locator("#sort > summary").click()
    page.locator("[name=safety][value=no]").check()
    page.locator("[name=category]").select_option("INSAT_MAJ.qualite")
    page.locator("[name=summary]").fill("Puits à sec à Kadji, et une inscription")
    page.locator("h1").click()
    page.keyboard.press("t")
    expect(page.locator("[data-entered]")).to_be_visible()

    page.goto("/cases/?liste=a-repondre&q=Kadji")
    page.get_by_role("link", name="Partager en deux").click()
    expect(page.locator("[data-said]")).to_be_visible()
    page.evaluate(
        """part => {
          const walk = document.createTreeWalker(document.querySelector("[data-said]"), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const at = walk.currentNode.data.indexOf(part);
            if (at >= 0) getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + part.length);
          }
        }""",
        SECOND,
    )
    page.get_by_role("button", name="Mettre le passage choisi").click()
    expect(page.locator("[name=passages]")).to_have_value(SECOND)
    page.locator("[name=safety][value=no]").check()
    page.get_by_role("button", name="Partager", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Partagé")
    page.get_by_role("link", name=re.compile("Revenir à")).click()
    expect(page.locator("main blockquote").first).to_contain_text("Le puits de Kadji est à sec.")
    expect(page.locator("main blockquote").first).not_to_contain_text(SECOND)


def test_the_paper_form_prints_on_one_sheet_of_a4(screens: Screens, tmp_path: Path) -> None:
    page = screens.page("operator")
    page.goto("/cases/paper/")
    printed = page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def _type(page: Page, words: str) -> None:
    page.locator("[name=words]").fill(words)
    page.get_by_label("Oui, sans son nom").check()


def _cases_that_say(page: Page, words: str) -> int:
    """Among the newest of the list of all."""
    page.goto("/cases/?liste=tous")
    rows = [row.get_attribute("href") or "" for row in page.locator("a.queue-row").all()[:6]]
    found = 0
    for row in rows:
        page.goto(row)
        found += words in plain(page.locator("#open").text_content())
    return found
