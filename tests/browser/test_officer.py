"""An officer's first day, from the invitation to a lost sheet; and a call at night, on a telephone."""

from __future__ import annotations

import email
import re
import time
from collections.abc import Callable
from email import policy

from playwright.sync_api import Page, expect

from tests.browser.acting import received, send_sms, sign_in, unlock
from tests.browser.test_journey import _open_sealed, _telephone
from tests.stack.browser import Screens
from tests.stack.cast import Account

NAME, ADDRESS, PASSWORD = "Ramata Cissé", "ramata.cisse@hcr.example", "un mot de passe pour la garde"
MATTER = "Un agent humanitaire m'a demandé de coucher avec lui contre un bon"
IN_DANGER = "Le gardien veut coucher avec moi contre la carte, il va me tuer ce soir"
PATIENCE = 40.0


def test_an_officers_first_day(screens: Screens) -> None:
    telephone = _telephone(screens, "+22300009311")
    send_sms(telephone, MATTER)
    received(telephone, 1)
    _invited(screens)
    page = screens.page_of(None, phone=True)
    account = _account_made(page, _mailed_link(screens))

    words, code = _key_made(page)
    expect(page.locator("main")).to_contain_text("Votre clé attend d’être approuvée")
    for coordinator in screens.stack.cast.people("psea_coordinator"):
        _approves(screens, coordinator)
    _cases_opened_by_a_colleague(screens)

    page.goto("/vault/cases/")
    expect(page.locator("main")).not_to_contain_text("Votre clé attend")
    _open_sealed(page, MATTER)
    facts = page.locator("#faits form")
    facts.locator("[name=organisation_id]").select_option(label="PAM")
    facts.get_by_label("Santé mentale et soutien psychosocial").check()
    facts.get_by_role("button", name="Enregistrer les faits").click()
    for act in ("Proposé", "Accepté", "Orienté"):
        page.locator("#assistance").get_by_role("button", name=re.compile(f"^{act}")).click()
    send = page.locator("#transmettre > form")
    send.locator("[name=organisation_id]").select_option(label="PAM")
    send.get_by_role("button", name="Transmettre…").click()
    page.get_by_role("button", name="Oui, transmettre à").click()
    expect(page.locator("#suite")).to_contain_text("transmis à l'entité")

    page.get_by_role("button", name="Verrouiller").click()
    page.get_by_role("link", name="J’ai perdu ma phrase").click()
    page.get_by_label("Code imprimé").fill(code.lower())
    page.get_by_role("button", name="Ouvrir").click()
    page.get_by_role("button", name="J’ai une feuille").click()
    fresh, _code = _typed_back(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossiers de garde")
    page.get_by_role("button", name="Verrouiller").click()

    assert fresh != words
    for _try in range(6):
        _type_phrase(page, words)
    expect(page.locator("main")).to_contain_text("Trop d'essais")
    _type_phrase(page, fresh)
    expect(page.locator("main")).to_contain_text("Attendez cinq minutes")
    assert account.email == ADDRESS


def test_a_call_at_night_on_a_telephone(screens: Screens) -> None:
    telephone = _telephone(screens, "+22300009312")
    send_sms(telephone, IN_DANGER)
    received(telephone, 1)
    account = screens.stack.cast.person("psea_intake_officer", "HCR")
    notice = _waited_for(lambda: _last_mail_to(screens, account.email))
    for told in ("coucher", "gardien", "EAS", "SEA", "coffre"):
        assert told not in notice
    link = re.search(r"https?://[^/\s]+(/\S*)", notice)
    assert link is not None

    page = screens.page_of(None, phone=True)
    page.set_default_timeout(20_000)
    sign_in(page, account, "/vault/")
    page.goto(link.group(1))
    unlock(page, account)
    expect(page.locator("a.vault-card").first).to_contain_text("appeler maintenant")
    _open_sealed(page, IN_DANGER)
    page.locator("dt", has_text="Téléphone").locator("xpath=..").get_by_text("Afficher").click()
    expect(page.locator("a[href='tel:+22300009312']")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]  # type: ignore[index]


def _invited(screens: Screens) -> None:
    page = screens.page("administrator")
    page.goto("/settings/people/invite/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=email]").fill(ADDRESS)
    page.locator("[name=organisation]").select_option(label="HCR")
    page.get_by_label("Personne de garde PEAS").check()
    page.get_by_role("button", name="Inviter").click()


def _account_made(page: Page, link: str) -> Account:
    """Password, sign-in, second factor."""
    page.goto(link)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.locator("[name=password2]").press("Enter")
    page.wait_for_load_state()
    page.goto("/vault/key/")
    page.get_by_label("Courriel").fill(ADDRESS)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    secret = page.locator("#authenticator_secret").input_value()
    account = Account(ADDRESS, PASSWORD, "psea_intake_officer", "HCR", secret)
    page.locator("input[name=code]").fill(account.code())
    page.locator("input[name=code]").press("Enter")
    page.wait_for_load_state()
    return account


def _key_made(page: Page) -> tuple[str, str]:
    page.goto("/vault/")
    page.get_by_role("button", name="J’ai une feuille").click()
    return _typed_back(page)


def _typed_back(page: Page) -> tuple[str, str]:
    """What is shown once, typed into the fields below."""
    expect(page.locator(".vault-code-shown")).to_be_visible()
    page.wait_for_load_state()
    words = " ".join(page.locator(".vault-phrase li").all_text_contents())
    code = (page.locator(".vault-code-shown").text_content() or "").strip()
    page.get_by_label("Mot 1").click()
    page.keyboard.type(words)
    page.get_by_label("Code imprimé").fill(code)
    page.get_by_role("button", name="C’est noté").click()
    page.wait_for_load_state()
    return words, code


def _type_phrase(page: Page, words: str) -> None:
    page.get_by_label("Mot 1").fill("")
    page.get_by_label("Mot 1").click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def _approves(screens: Screens, coordinator: Account) -> None:
    page = screens.page_of(None)
    sign_in(page, coordinator, "/vault/")
    unlock(page, coordinator)
    page.goto("/vault/people/")
    row = page.get_by_role("row").filter(has_text=NAME)
    row.get_by_text("Approuver la clé").click()
    row.get_by_role("button", name="Ce sont les mêmes").click()
    expect(page.locator("main")).to_contain_text("Approuvée par vous")


def _cases_opened_by_a_colleague(screens: Screens) -> None:
    colleague = screens.stack.cast.person("psea_intake_officer", "HCR")
    page = screens.page_of(None)
    sign_in(page, colleague, "/vault/")
    unlock(page, colleague)
    page.goto("/vault/people/")
    page.get_by_role("row").filter(has_text=NAME).get_by_role("button", name="Lui rouvrir mes dossiers").click()
    expect(page.locator("main")).to_contain_text(NAME)


def _mailed_link(screens: Screens) -> str:
    body = _waited_for(lambda: _last_mail_to(screens, ADDRESS))
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found is not None
    return found.group(1)


def _last_mail_to(screens: Screens, address: str) -> str:
    """The text of the last mail to that address, "" if none has left."""
    bodies = []
    for raw in screens.stack.mails():
        for part in re.split(r"(?m)^-{70,}\n", raw):
            mail = email.message_from_string(part, policy=policy.default)
            if address in str(mail["To"]):
                body = mail.get_body(("plain",))
                bodies.append((str(mail["Date"]), body.get_content() if body is not None else ""))
    return bodies[-1][1] if bodies else ""


def _waited_for(look: Callable[[], str]) -> str:
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.3)
    return found
