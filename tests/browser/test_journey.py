"""The main job in a real browser, with thumbs, keys and without JavaScript: from someone who speaks to the plan.

The SMS of this stack go to the telephone of the demonstration; the carrier's own requests are tried elsewhere.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.acting import (
    NUMBER,
    SMALL_PHONE,
    ask_where,
    choose_with_keys,
    fraction_of,
    leave_field_with_keys,
    number_on,
    open_row_with_keys,
    plain,
    received,
    send_sms,
    sign_in,
    unlock,
    where_is,
)
from tests.browser.pages import open_vault
from tests.stack.browser import Screens

WORDS = "La pompe du quartier Château ne donne plus d’eau depuis lundi"
SUMMARY = "Pompe en panne depuis lundi, quartier"
ANSWER = "Une équipe répare la pompe avant vendredi."
ON_PAPER = "Nous voulons savoir quand les bâches seront distribuées à Wabaria"
SPOKEN = "Elle dit qu’un agent lui a demandé quelque chose en échange de la carte"
DISCLOSURE = "Le distributeur veut coucher avec moi pour me donner le riz"
ORDINARY = "Quand aura lieu la prochaine distribution de semences ?"
ALSO_ORDINARY = "Merci pour les nattes, elles sont solides"
AGENCY, ENTITY = "HCR", "PAM"


def test_a_telephone_gets_its_number_asks_where_it_is_and_stops(screens: Screens) -> None:
    page = _telephone(screens, "+22300009101")
    send_sms(page, ORDINARY)
    (receipt,) = received(page, 1)
    number = NUMBER.search(receipt)
    assert number is not None
    send_sms(page, f"SUIVI {number.group()}")
    assert f"{number.group()} : bien arrivé" in received(page, 2)[1]
    send_sms(page, "AIDE")
    assert "Dites ce que vous voulez" in received(page, 3)[2]
    send_sms(page, "STOP")
    assert "nous ne vous enverrons plus de messages" in received(page, 4)[3]

    # What is said after STOP is heard, and nothing goes out: not even by the time that the desk shows it.
    later = "Et les outils, quand viennent-ils après les semences ?"
    send_sms(page, later)
    desk = screens.page("operator")
    open_row_with_keys(desk, ORDINARY)
    desk.keyboard.press("o")
    desk.wait_for_url("**/cases/*-*/")
    screens.stack.until(lambda: desk.reload() and later in desk.content())
    page.reload()
    assert len(received(page, 4)) == 4
    assert where_is(screens, number.group()) == "reçu"


def test_a_person_speaks_on_a_small_telephone_an_agency_answers_and_the_plan_moves(screens: Screens) -> None:
    plan = screens.page("working_group")
    before = fraction_of(plan, "3.2.1.e")
    number = _say_on_the_web(screens)
    assert where_is(screens, number) == "reçu"

    _sort_and_refer_with_keys(screens.page("operator"))
    assert where_is(screens, number) == "en cours"

    agency = screens.page("focal_point", AGENCY)
    _accept_and_answer_with_keys(agency)
    expect(agency.locator(".answer-words")).to_contain_text(ANSWER)
    assert fraction_of(plan, "3.2.1.e") == (before[0] + 1, before[1] + 1)

    # The answer is read with the number; it did not settle the matter, and the agency has it again.
    told = ask_where(screens, number)
    expect(told.locator("blockquote")).to_contain_text(ANSWER)
    told.get_by_role("button", name="Non", exact=True).click()
    expect(told.locator("main")).to_contain_text("Merci de nous l'avoir dit.")
    _open_for_me(agency)
    expect(agency.locator(".page-actions")).to_contain_text("rouvert")

    plan.goto("/dashboard/")
    expect(plan.get_by_role("heading", level=1)).to_have_text("Tableau de bord")
    expect(plan.locator(".dash-figures .figure")).not_to_have_count(0)
    expect(plan.locator("figure.chart svg").first).to_be_visible()


def test_an_operator_types_what_was_said_on_paper_and_hands_over_a_delicate_matter(screens: Screens) -> None:
    desk = screens.page("operator")
    desk.goto("/cases/")
    desk.keyboard.press("n")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nouvelle saisie")
    assert plain(desk.locator("main .btn").first.text_content()) == "Sujet délicat"
    desk.get_by_label("quelqu'un pour elle").check()
    desk.locator("[name=channel]").select_option("paper")
    desk.locator("[name=said_on]").fill("2026-01-12")
    desk.locator("[name=words]").fill(ON_PAPER)
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(desk.locator(".errors")).to_be_focused()
    expect(desk.locator("[name=words]")).to_have_value(ON_PAPER)
    desk.get_by_label("Oui, sans son nom").check()
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    on_paper = number_on(desk)
    expect(desk.locator("[name=channel]")).to_have_value("paper")
    expect(desk.locator("[name=words]")).to_have_value("")

    desk.locator("h1").click()
    desk.keyboard.press("d")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Sujet délicat")
    expect(desk.locator("main")).to_contain_text("N’enquêtez pas.")
    desk.locator("[name=words]").fill(SPOKEN)
    desk.get_by_role("button", name="Transmettre aux personnes formées").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Transmis")
    delicate = number_on(desk)

    assert [where_is(screens, number) for number in (on_paper, delicate)] == ["reçu", "reçu"]
    open_row_with_keys(desk, ON_PAPER)
    desk.goto("/cases/?liste=tous")
    assert SPOKEN not in desk.content()


def test_an_allegation_is_answered_alike_opened_in_the_vault_and_followed_to_its_entity(screens: Screens) -> None:
    page = _telephone(screens, "+22300009103")
    send_sms(page, DISCLOSURE)
    (sealed,) = received(page, 1)
    other = _telephone(screens, "+22300009104")
    send_sms(other, ALSO_ORDINARY)
    (ordinary,) = received(other, 1)
    assert _without_number(sealed) == _without_number(ordinary)

    account = screens.stack.cast.person("psea_intake_officer", AGENCY)
    officer = screens.page_of(None, phone=True)
    sign_in(officer, account, "/vault/")
    assert plain(officer.locator("h1").text_content()) == "Verrouillé"
    unlock(officer, account)
    _open_sealed(officer, DISCLOSURE)

    facts = officer.locator("#faits form")
    facts.locator("[name=organisation_id]").select_option(label=ENTITY)
    facts.get_by_label("Santé mentale et soutien psychosocial").check()
    facts.get_by_role("button", name="Enregistrer les faits").click()
    for act in ("Proposé", "Accepté", "Orienté"):
        officer.locator("#assistance").get_by_role("button", name=re.compile(f"^{act}")).click()
    send = officer.locator("#transmettre > form")
    send.locator("[name=organisation_id]").select_option(label=ENTITY)
    send.get_by_role("button", name="Transmettre…").click()
    officer.get_by_role("button", name="Oui, transmettre à").click()
    expect(officer.locator("#suite")).to_contain_text("transmis à l'entité")
    officer.get_by_role("button", name="Verrouiller").click()
    officer.goto("/vault/cases/")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Verrouillé")

    receiver = screens.stack.cast.person("psea_focal_point", ENTITY)
    open_vault(screens.stack, receiver)
    entity = screens.page_of(receiver)
    entity.goto("/vault/cases/")
    _open_sealed(entity, DISCLOSURE)
    entity.locator("#suite").get_by_role("button", name="Accuser réception").click()
    expect(entity.locator("#suite")).to_contain_text("Accusé de l’entité")
    number = NUMBER.search(sealed)
    assert number is not None
    assert where_is(screens, number.group()) == "en cours"


def test_a_lead_reports_a_figure_and_the_named_verifier_freezes_it(screens: Screens) -> None:
    lead = screens.page("workplan_lead")
    lead.goto("/workplan/report/")
    line = lead.locator(".sheet-line", has=lead.get_by_role("link", name="3.2.1.d", exact=True))
    line.locator("[name$=yes]").select_option("yes")
    line.get_by_role("button", name="Soumettre").click()
    expect(lead.locator(".flash")).to_contain_text("3.2.1.d : soumis.")
    expect(line.locator("form")).to_have_count(0)

    verifier = screens.page("working_group")
    verifier.goto("/workplan/verify/")
    waiting = verifier.locator("article", has=verifier.get_by_role("link", name="3.2.1.d", exact=True))
    waiting.get_by_role("button", name="Vérifier").click()
    expect(verifier.locator(".flash")).to_contain_text("Vérifié : la valeur est figée")
    expect(waiting).to_have_count(0)
    lead.reload()
    expect(line).to_contain_text("vérifié")


def _telephone(screens: Screens, number: str) -> Page:
    page = screens.page(phone=True)
    page.set_viewport_size(SMALL_PHONE)  # type: ignore[arg-type]
    page.goto("/demo/phone/")
    page.get_by_label("numéro").fill(number)
    page.get_by_role("button", name="Prendre ce numéro").click()
    expect(page.locator("#handset-number")).to_have_text(number)
    return page


def _say_on_the_web(screens: Screens) -> str:
    """Without JavaScript, at 375 px; the number that was shown once."""
    page = screens.page_of(None, phone=True, script=False)
    page.set_viewport_size(SMALL_PHONE)  # type: ignore[arg-type]
    page.goto("/")
    expect(page.get_by_role("link", name="Quitter vite")).to_be_in_viewport()
    page.get_by_role("link", name="Je veux dire quelque chose").click()
    expect(page.locator(".notice:not([hidden])").first).to_contain_text("Ce n’est pas un service d’urgence")
    assert page.get_by_label("Ne me joignez pas").is_checked()
    page.locator("[name=words]").fill(WORDS)
    page.locator("[name=place]").select_option(label="Gao")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est bien arrivé")
    expect(page.get_by_role("img", name="code QR")).to_be_visible()
    number = number_on(page)
    page.reload()
    assert number not in plain(page.locator("main").text_content())
    return number


def _sort_and_refer_with_keys(desk: Page) -> None:
    open_row_with_keys(desk, WORDS)
    form = desk.locator("form", has=desk.locator("[name=safety]"))
    form.locator("[name=safety][value=no]").focus()
    desk.keyboard.press("Space")
    choose_with_keys(form.locator("[name=category]"), "INSAT_MAJ.qualite")
    form.locator("[name=summary]").focus()
    desk.keyboard.type(SUMMARY)
    choose_with_keys(form.locator("[name=concerned]"), AGENCY)
    leave_field_with_keys(desk)
    desk.keyboard.press("e")
    desk.wait_for_load_state()
    expect(desk.get_by_role("link", name="Référer à une organisation")).to_be_visible()
    desk.keyboard.press("r")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Qui peut répondre ?")
    desk.locator("[name=request]").fill("Merci de regarder la pompe.")
    desk.get_by_role("button", name=f"Envoyer à {AGENCY} Gao (niveau 1)").press("Enter")
    expect(desk.locator(".flash")).to_contain_text(f"Transmis à {AGENCY} Gao. Réponse attendue avant le")


def _accept_and_answer_with_keys(agency: Page) -> None:
    """From "Pour moi" to the answer, without the mouse: the row is ticked and left, opened, accepted, answered."""
    keys = agency.keyboard
    agency.goto("/referrals/")
    row = agency.locator("[data-row]", has_text=SUMMARY)
    row.wait_for()
    for _ in range(agency.locator("[data-row]").count()):
        keys.press("j")
        if row.evaluate("row => row.contains(document.activeElement)"):
            break
    for is_ticked in (True, False):
        keys.press("x")
        expect(row.get_by_role("checkbox")).to_be_checked(checked=is_ticked)
    keys.press("?")
    expect(agency.locator("#shortcuts [data-tick]")).to_be_visible()
    keys.press("Escape")
    keys.press("Enter")
    expect(agency.get_by_role("heading", level=1)).to_have_text(SUMMARY)
    assert WORDS not in agency.content()
    keys.press("a")
    keys.press("Tab")
    leave_field_with_keys(agency)
    keys.press("Enter")
    expect(agency.locator(".flash")).to_contain_text("Accepté.")
    keys.press("r")
    keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowDown")
    expect(agency.get_by_label("ajustement du programme")).to_be_checked()
    keys.press("Tab")
    keys.type(ANSWER)
    expect(agency.locator("#answer_segments [data-part=segments]")).to_have_text("1")
    leave_field_with_keys(agency)
    keys.press("Enter")


def _open_for_me(page: Page) -> None:
    page.goto("/referrals/")
    page.get_by_role("link", name=SUMMARY).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUMMARY)


def _open_sealed(page: Page, words: str) -> None:
    """The card behind which these words stand; a fresh one is opened."""
    cards = page.locator("a.vault-card")
    for address in [card.get_attribute("href") or "" for card in cards.all()]:
        page.goto(address)
        fresh = page.locator(".dock").get_by_role("button", name="Ouvrir")
        if fresh.count():
            fresh.click()
            page.wait_for_load_state()
        if words in plain(page.locator("main").text_content()):
            return
    raise LookupError("no sealed case with these words is open to this person")


def _without_number(receipt: str) -> str:
    return NUMBER.sub("", re.sub(r"\d+:\d+$", "", receipt))
