"""A key on the person's own device instead of a password and a code: added, used, taken away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.acting import sign_in
from tests.stack.browser import Screens

pytestmark = pytest.mark.once
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_somebody_adds_a_key_of_their_device_and_signs_in_with_it_alone(screens: Screens) -> None:
    page = screens.page(phone=True)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    held = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    account = screens.stack.cast.person("administrator")
    sign_in(page, account, "/compte/mfa/webauthn/")

    page.goto("/compte/mfa/webauthn/add/")
    page.get_by_label("Mot de passe").fill(account.password)
    page.get_by_role("button", name="Confirmer").click()
    page.wait_for_url("**/compte/mfa/webauthn/add/")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.locator("[name=passwordless]").check()
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator("main")).to_contain_text("Clé de sécurité ajoutée")
    page.goto("/compte/mfa/webauthn/")
    expect(page.locator("main")).to_contain_text("Mon téléphone")
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": held})["credentials"]) == 1

    page.context.clear_cookies()
    page.goto("/settings/")
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.wait_for_url("**/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Réglages")
