"""The product as it runs: it signs people in, receives, answers, and survives what happens to machines."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys

import pytest

from tests.stack.cast import Account
from tests.stack.desk import at_desk
from tests.stack.processes import free_port
from tests.stack.stack import Stack
from tests.stack.test_exchange import choice, seen, shown
from tests.stack.visitor import NotSignedIn, Visitor
from tests.standin.client import ROOT

NUMBERS = itertools.count(1)


@pytest.fixture
def phone() -> str:
    """A number that no other test and no invented person uses."""
    return f"+22309{next(NUMBERS):06}"


def nothing_waits(stack: Stack) -> bool:
    """Whether no message is left to send or half sent."""
    seen = stack.visitor().get("/metrics").text
    return all(f'jaabi_outbound{{state="{state}"}} 0.0' in seen for state in ("queued", "sending"))


@pytest.fixture(autouse=True)
def _carrier_is_well(stack: Stack) -> None:
    stack.standin.reset()


def test_everything_is_in_order(stack: Stack) -> None:
    assert stack.visitor().get("/readyz").status == 200


def test_everybody_of_the_demonstration_can_sign_in(stack: Stack) -> None:
    for account in stack.cast.accounts:
        assert stack.login(account).get("/accueil/").status == 200, account.role


def test_a_wrong_password_lets_nobody_in(stack: Stack) -> None:
    known = stack.cast.person("observer")
    with pytest.raises(NotSignedIn):
        stack.visitor().sign_in(Account(known.email, "not the password", known.role, known.organisation))


def test_a_message_gets_its_receipt_through_the_carrier(stack: Stack, phone: str) -> None:
    stack.sms_in(phone, "Le forage du quartier est en panne depuis trois jours")
    (receipt,) = stack.standin.wait_sent(phone)
    assert sum(sign.isdigit() for sign in receipt["body"]) >= 12


def test_a_message_that_comes_three_times_is_answered_once(stack: Stack, phone: str) -> None:
    stack.standin.receive(stack.url("/sms/twilio/"), phone, "Nous n’avons pas reçu de semences", repeat=3)
    stack.standin.wait_sent(phone)
    another = f"+22309{next(NUMBERS):06}"
    stack.sms_in(another, "Un autre message, pour savoir que la file est passée")
    stack.standin.wait_sent(another)
    assert len(stack.standin.sent(phone)) == 1


@pytest.mark.parametrize("signature", ["unsigned", "forged"])
def test_what_twilio_did_not_sign_is_refused(stack: Stack, phone: str, signature: str) -> None:
    (answer,) = stack.standin.receive(stack.url("/sms/twilio/"), phone, "Bonjour", signature=signature)  # type: ignore[arg-type]
    assert answer.status == 403


def test_a_message_that_came_while_the_worker_was_dead_is_answered_when_it_is_back(stack: Stack, phone: str) -> None:
    # a message half sent when the power goes is left alone for two minutes, and is not what is tried here
    stack.until(lambda: nothing_waits(stack), timeout=90)
    stack.worker.kill()
    stack.sms_in(phone, "La distribution a été annoncée mais elle n’a pas eu lieu")
    stack.worker.restart()
    assert len(stack.standin.wait_sent(phone, timeout=60)) == 1


def test_a_receipt_whose_acknowledgement_was_lost_is_not_sent_again(stack: Stack, phone: str) -> None:
    stack.standin.lose_answers(1)
    stack.sms_in(phone, "Qui peut venir réparer la latrine du site")
    stack.standin.wait_sent(phone)
    stack.until(lambda: nothing_waits(stack), timeout=90)
    assert len(stack.standin.sent(phone)) == 1


def test_a_carrier_that_refuses_for_a_moment_gets_the_receipt_later(stack: Stack, phone: str) -> None:
    stack.standin.fail(1)
    stack.sms_in(phone, "Le camion d’eau ne vient plus")
    assert len(stack.standin.wait_sent(phone, timeout=90)) == 1


def test_the_example_of_the_api_guide_runs_as_it_is_written(stack: Stack) -> None:
    """The page's own code, two systems and an operator: OAuth, a deposit, a referral, its acts, a signed event."""
    guide = (ROOT / "docs/en/api.md").read_text(encoding="utf-8")
    (code,), (typed,) = (re.findall(rf"```{kind}\n(.*?)```", guide, re.DOTALL) for kind in ("python", "sh example"))
    words, summary, port = "La borne-fontaine du marché ne coule plus", "Borne-fontaine en panne", free_port()
    administrator = stack.login_as("administrator")
    told = {"PATH": os.environ["PATH"], "JAABI": stack.base_url, "WORDS": words, "EVENTS_PORT": str(port)}
    told |= {"US": "HCR", "THEM": "NRC", "RESPONSIBLE": stack.cast.person("focal_point", "NRC").email}
    for organisation, prefix in (("HCR", "OUR"), ("NRC", "THEIR")):
        told |= _client_of(administrator, organisation, prefix)
    page = administrator.get("/settings/webhooks/")
    address = {"organisation": choice(page, "organisation", "HCR"), "name": "Guide", "url": f"http://127.0.0.1:{port}/"}
    told["EVENTS_SECRET"] = shown(administrator.submit(**address), "endpoint-secret")
    example = subprocess.Popen([sys.executable, "-c", code], env=told, stdout=-1, stderr=-1, text=True)
    try:
        operator = stack.login_as("operator")
        case = seen(stack.until(lambda: at_desk(operator, words), 60))
        place, concerned = choice(case, "place", "Gao"), choice(case, "concerned", "HCR")
        sorting = {"safety": "no", "category": "INSAT_MAJ.qualite", "summary": summary}
        operator.submit("puis répondre", **sorting, place=place, concerned=concerned)
        said, wrong = example.communicate(timeout=120)
    finally:
        example.kill()
    assert example.returncode == 0, wrong
    assert f"sorted: INSAT_MAJ.qualite {summary}" in said
    assert "answered: answered" in said
    listed = subprocess.run(["bash", "-euc", typed], env=told, capture_output=True, text=True, check=True).stdout
    assert summary in listed


def _client_of(administrator: Visitor, organisation: str, prefix: str) -> dict[str, str]:
    page = administrator.get("/settings/clients/")
    scopes = ["cases:write", "cases:read", "referrals:read", "referrals:write"]
    page = administrator.submit(organisation=choice(page, "organisation", organisation), name="Guide", scopes=scopes)
    return {f"{prefix}_{part.upper()}": shown(page, f"client-{part}") for part in ("id", "secret")}
