"""Two real installations, each with its databases, worker and carrier, exchanging referrals over HTTP.

The common line and its callers are in the first; HCR works in the second. No step reaches into either.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from conformance import check as kit
from tests.stack.desk import at_desk
from tests.stack.pages import Page
from tests.stack.processes import free_port
from tests.stack.stack import Stack
from tests.stack.visitor import Visitor

AGENCY = "HCR"
SEA = "Le distributeur veut coucher avec moi pour me donner le mil"
ANSWER = "Une équipe répare la pompe avant vendredi."
LOAD = "/referrals/echange/"


@dataclass
class Two:
    """`origin`: where people speak; `agency`: where HCR works. `line`: who refers there."""

    origin: Stack
    agency: Stack
    line: str

    def refer(self, phone: str, summary: str) -> Page:
        """Somebody speaks, the operator sorts and refers to HCR; out: the referral's page at the origin."""
        words = f"{summary}, dit-on"
        self.origin.sms_in(phone, words)
        operator = self.origin.login_as("operator")
        case = seen(self.origin.until(lambda: at_desk(operator, words), 60))
        page = operator.submit(
            "puis répondre",
            safety="no",
            category="INSAT_MAJ.qualite",
            summary=summary,
            concerned=choice(case, "concerned", AGENCY),
            place=choice(case, "place", "Gao"),
        )
        operator.get(page.link("Référer"))
        return operator.submit(f"Envoyer à {AGENCY}", request="Merci de regarder la pompe")

    def arrives(self, summary: str, timeout: float = 60) -> Page:
        """The same at HCR, once it is there."""
        focal_point = self.agency.login_as("focal_point", AGENCY)
        return seen(self.agency.until(lambda: in_list(focal_point, summary), timeout))

    def says(self, page: Page, words: str, timeout: float = 60) -> Page:
        """The referral's page at the origin, once it says this."""
        operator = self.origin.login_as("operator")
        return seen(self.origin.until(lambda: now if words in (now := operator.get(page.url)).words else None, timeout))


@pytest.fixture
def two_stacks() -> Iterator[Two]:
    """Both registered with each other, by their administrators, on their pages."""
    with ExitStack() as running:
        origin, agency = (running.enter_context(Stack(seed=seed)) for seed in (1, 2))
        line = origin.cast.person("operator").organisation
        there, inbox_of_origin, secret_of_origin = registered(origin, "Le système de HCR", {AGENCY: True, line: False})
        here, inbox_of_agency, secret_of_agency = registered(agency, "La ligne", {AGENCY: False, line: True})
        introduce(origin, there, inbox_of_agency, secret_of_agency)
        introduce(agency, here, inbox_of_origin, secret_of_origin)
        yield Two(origin, agency, line)


@pytest.mark.once
def test_two_installations_exchange_referrals(two_stacks: Two) -> None:
    """One story, on one pair: starting two products takes longer than all of it."""
    a_person_hears(two_stacks)
    a_refusal_comes_back(two_stacks)
    a_withdrawal_is_proven(two_stacks)
    what_comes_twice_is_there_once(two_stacks)
    what_was_away_gets_it_later(two_stacks)
    nothing_sealed_travels(two_stacks)
    the_kit_holds(two_stacks)


def a_person_hears(two: Two) -> None:
    phone, summary = "+22300007201", "Forage en panne à Wabaria"
    sent = two.refer(phone, summary)
    theirs = two.arrives(summary)
    assert f"{summary}, dit-on" not in theirs.words
    focal_point = two.agency.login_as("focal_point", AGENCY)
    focal_point.get(theirs.url)
    assert "Accepté." in focal_point.submit("Accepter").words
    two.says(sent, "accepté")
    focal_point.get(theirs.url)
    focal_point.submit("Répondre", kind="adjustment", words=ANSWER)
    assert ANSWER in two.says(sent, "répondu").words
    told = two.origin.standin.wait_sent(phone, 2, timeout=60)
    assert ANSWER not in told[-1]["body"], "nobody said that others may read it"
    assert two.agency.standin.sent(phone) == [], "who listened to them tells them"
    operator = two.origin.login_as("operator")
    operator.get(sent.url)
    operator.submit("Noter le retour", how="call")
    two.agency.until(lambda: "retour fait" in focal_point.get(theirs.url).words, 60)


def a_refusal_comes_back(two: Two) -> None:
    summary = "Latrines pleines au site"
    sent = two.refer("+22300007202", summary)
    theirs = two.arrives(summary)
    focal_point = two.agency.login_as("focal_point", AGENCY)
    focal_point.get(theirs.link("Pas pour nous"))
    focal_point.submit(code="HORS_ZONE")
    assert "refusé" in two.says(sent, "hors de notre zone").words
    assert "Transmettre plus loin" in two.says(sent, "Transmettre").words


def a_withdrawal_is_proven(two: Two) -> None:
    summary = "Bâches déchirées après la pluie"
    sent = two.refer("+22300007203", summary)
    theirs = two.arrives(summary)
    operator = two.origin.login_as("operator")
    operator.get(sent.url)
    operator.submit("Retirer", reason="solved")
    two.says(sent, "effacement confirmé")
    focal_point = two.agency.login_as("focal_point", AGENCY)
    assert summary not in focal_point.get(theirs.url).words
    desk = two.agency.login_as("operator")
    assert summary not in desk.get("/cases/?liste=tous").words


def what_comes_twice_is_there_once(two: Two) -> None:
    summary = "Semences jamais distribuées"
    sent = two.refer("+22300007204", summary)
    two.arrives(summary)
    operator, focal_point = two.origin.login_as("operator"), two.agency.login_as("focal_point", AGENCY)
    before = focal_point.get("/referrals/").words.count(summary)
    page = two.says(sent, "accusé de réception")
    envelope = operator.get(f"{page.url}echange/{first_envelope(two)}/").body.decode()
    focal_point.get(LOAD)
    assert "déjà été prise" in focal_point.submit("Charger", text=envelope).words
    altered = json.loads(envelope)
    altered["envelope"] = altered["envelope"].replace("Semences", "Vivres")
    focal_point.get(LOAD)
    assert "signature" in focal_point.submit("Charger", text=json.dumps(altered)).words
    assert focal_point.get("/referrals/").words.count(summary) == before


def first_envelope(two: Two) -> str:
    """The id of the envelope that brought a referral: its administrators see ids, and nothing it is about."""
    administrator = two.origin.login_as("administrator")
    page = administrator.get(administrator.get("/settings/exchange/").link("Le système de HCR"))
    return str(re.findall(r"/([0-9a-f-]{36})/again/", page.body.decode())[0])


def what_was_away_gets_it_later(two: Two) -> None:
    summary = "Pompe volée dans la nuit"
    two.agency.web.stop()
    sent = two.refer("+22300007205", summary)
    two.says(sent, "en file")
    two.agency.restart_web()
    two.arrives(summary, timeout=180)
    two.says(sent, "accusé de réception")


def nothing_sealed_travels(two: Two) -> None:
    two.origin.sms_in("+22300007206", SEA)
    two.origin.standin.wait_sent("+22300007206", timeout=60)
    assert two.agency.traces_of(SEA) == []
    assert two.agency.traces_of("+22300007206") == []


def the_kit_holds(two: Two) -> None:
    """The stand-alone command that other teams run, against the second installation, from outside it."""
    port = free_port()
    pk, inbox, secret = registered(two.agency, "La trousse", {"PAM": True}, url=f"http://127.0.0.1:{port}/")
    administrator = two.agency.login_as("administrator")
    administrator.get(f"/settings/exchange/{pk}/")
    ours = "whsec_" + "QUJD" * 8
    administrator.submit("Garder ce secret", secret=ours)
    page = administrator.get(f"/settings/exchange/{pk}/")
    administrator.submit("Ajouter l’organisation", organisation=choice(page, "organisation", AGENCY), code=AGENCY)
    said: list[str] = []
    trial = kit.Kit(kit.over_http(inbox), ours, "PAM", AGENCY, "INSAT_MAJ.qualite", "ML0703", wait=60)
    with kit.listening(f"127.0.0.1:{port}", secret) as trial.heard:
        assert kit.run(trial, said.append) == 0, said
    assert all("✓" in line for line in said[:-1]), said


# -- how -------------------------------------------------------------------------------------------------------------


def registered(stack: Stack, name: str, organisations: dict[str, bool], url: str = "") -> tuple[str, str, str]:
    """Another installation, on the administrator's pages; out: its id here, our inbox for it, and our secret."""
    administrator = stack.login_as("administrator")
    administrator.get("/settings/exchange/")
    page = administrator.submit("Inscrire", name=name, url=url)
    secret, inbox = (shown(page, name) for name in ("peer-secret", "peer-inbox"))
    pk = inbox.rstrip("/").rpartition("/")[2]
    for organisation, is_there in organisations.items():
        page = administrator.get(f"/settings/exchange/{pk}/")
        asked = {"organisation": choice(page, "organisation", organisation), "code": organisation}
        administrator.submit("Ajouter l’organisation", **asked, **({"is_there": "on"} if is_there else {}))
    return pk, inbox, secret


def introduce(stack: Stack, pk: str, inbox: str, secret: str) -> None:
    """What the other's administrator said of itself."""
    administrator = stack.login_as("administrator")
    page = administrator.get(f"/settings/exchange/{pk}/")
    administrator.submit("Garder ce secret", secret=secret)
    administrator.get(page.url)
    administrator.submit("Enregistrer l’adresse", url=inbox)


def seen(page: Page | None) -> Page:
    assert page is not None
    return page


def shown(page: Page, name: str) -> str:
    found = re.search(rf'id="{name}"[^>]*>([^<]+)<', page.body.decode())
    assert found is not None, page.words
    return html.unescape(found.group(1))


def choice(page: Page, field: str, label: str) -> str:
    select = re.search(rf'<select name="{field}".*?</select>', page.body.decode(), re.DOTALL)
    assert select is not None, page.words
    options: list[tuple[str, str]] = re.findall(r'<option value="([^"]+)"[^>]*>\s*([^<]+?)\s*</option>', select.group())
    return [value for value, text in options if html.unescape(text) == label][-1]


def in_list(visitor: Visitor, summary: str) -> Page | None:
    page = visitor.get("/referrals/")
    return visitor.get(page.link(summary)) if summary in page.words else None
