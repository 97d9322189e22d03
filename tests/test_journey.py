"""Both stories of the design, told in its order, through real processes, real pages and the carrier's stand-in.

On `make test`: SQLite and Celery's filesystem broker. On `make test-services`: PostgreSQL, with the vault's three
roles, Redis and a Celery worker. No step reaches into the product.
"""

from __future__ import annotations

import re

from tests.stack.cast import Account
from tests.stack.desk import at_desk
from tests.stack.pages import Page
from tests.stack.stack import Stack
from tests.stack.visitor import Visitor

NUMBER = re.compile(r"\d{4} \d{4} \d{4}")
ORDINARY, SEA, ANOTHER = "+22300007101", "+22300007102", "+22300007104"
WORDS = "Le forage du quartier est en panne depuis deux semaines"
DISCLOSURE = "Le distributeur veut coucher avec moi pour me donner le riz"
SUMMARY = "Forage en panne depuis deux semaines, journée"
ANSWER = "Une équipe répare la pompe avant vendredi."
AGENCY = "HCR"


def test_someone_speaks_an_agency_answers_and_the_workplan_moves(stack: Stack) -> None:
    before = _referred(stack)

    # Someone sends an SMS; the carrier repeats it, a forger invents one.
    stack.sms_in(ORDINARY, WORDS, sid="SM" + "a" * 32)
    stack.sms_in(ORDINARY, WORDS, sid="SM" + "a" * 32)
    (forged,) = stack.standin.receive(stack.url("/sms/twilio/"), "+22300007103", WORDS, signature="forged")
    assert forged.status == 403
    number = _number_sent_to(stack, ORDINARY)
    assert "reçu" in _where_is(stack, number)

    # The operator sorts it, and refers it at level 1.
    operator = stack.login_as("operator")
    case = at_desk(operator, WORDS)
    assert case is not None
    page = operator.submit(
        "puis répondre",
        safety="no",
        category="INSAT_MAJ.qualite",
        summary=SUMMARY,
        concerned=_choice(case, "concerned", AGENCY),
        place=_choice(case, "place", "Gao"),
    )
    operator.get(page.link("Référer"))
    sent = operator.submit(f"Envoyer à {AGENCY} Gao", request="Merci de regarder la pompe")
    assert f"Transmis à {AGENCY} Gao. Réponse attendue avant le" in sent.words
    assert "en cours" in _where_is(stack, number)

    # The other agency sees the matter, not the person; accepts; answers.
    focal_point = stack.login_as("focal_point", AGENCY)
    referral = _open_in_list(focal_point, "/referrals/", SUMMARY)
    assert WORDS not in referral.words
    assert ORDINARY not in referral.words
    accepted = focal_point.submit("Accepter")
    assert "Accepté." in accepted.words
    stale = focal_point.post(referral.url + "accept/", _form_of(referral, "Accepter"))
    assert stale.status == 409
    assert "Quelqu'un d'autre vient d'agir" in stale.words
    focal_point.get(referral.url)
    focal_point.submit("Répondre", kind="adjustment", words=ANSWER)

    # The answer goes back without its words: nobody said that others may read them.
    told = stack.standin.wait_sent(ORDINARY, 2)[-1]["body"]
    assert ANSWER not in told
    assert number in told
    assert "répondu" in _where_is(stack, number)

    # The plan moved: one more case referred, one more answered.
    assert _referred(stack) == (before[0] + 1, before[1] + 1)

    # The person says that it did not settle the matter: it is taken up again, by the agency too.
    _answer_settled(stack, number, "Non")
    again = _open_in_list(focal_point, "/referrals/", SUMMARY)
    assert "rouvert" in again.words


def test_an_allegation_is_sealed_answered_alike_and_followed_to_its_entity(stack: Stack) -> None:
    stack.sms_in(ANOTHER, "Quand aura lieu la prochaine distribution ?")
    ordinary = stack.standin.wait_sent(ANOTHER)[0]["body"]
    stack.sms_in(SEA, DISCLOSURE)
    number = _number_sent_to(stack, SEA)
    sealed = stack.standin.wait_sent(SEA)[0]["body"]
    assert NUMBER.sub("", sealed) == NUMBER.sub("", ordinary)
    assert "reçu" in _where_is(stack, number)

    # Nothing of it on this side: not at the desk, not in any file, queue or log.
    operator = stack.login_as("operator")
    assert DISCLOSURE not in operator.get("/cases/").words
    assert stack.traces_of(DISCLOSURE) == []
    assert operator.get("/vault/").status == 404

    # Before: what the coordinator reads in the vault, and what everybody reads on the plan.
    coordinator = _unlocked(stack, stack.cast.person("psea_coordinator"))
    exact, published = _survivors(coordinator), _on_the_plan(stack, "3.2.2.b")

    # The officer on duty opens the vault, reads, notes the routing facts, offers assistance.
    officer = _unlocked(stack, stack.cast.person("psea_intake_officer", AGENCY))
    case = _open_in_vault(officer, DISCLOSURE)
    entity = _choice(case, "organisation_id", "PAM")
    page = officer.submit("Enregistrer les faits", organisation_id=entity, survivors="1", services=["mhpss"])
    for act in ("Proposé", "Accepté", "Orienté"):
        page = _press(officer, page, act)

    # And transmits; the entity's focal point acknowledges, and the officer sees it.
    officer.get(case.url)
    officer.submit("Transmettre…", organisation_id=entity)
    officer.submit("Oui, transmettre à PAM")
    focal_point = _unlocked(stack, stack.cast.person("psea_focal_point", "PAM"))
    page = _open_in_vault(focal_point, DISCLOSURE)
    page = _press(focal_point, page, "Accuser réception")
    assert "accusé" in page.words
    stranger = _unlocked(stack, next(a for a in stack.cast.people("psea_focal_point") if a.organisation != "PAM"))
    assert stranger.get(case.url).status == 404
    assert "en cours" in _where_is(stack, number)
    assert stack.traces_of(DISCLOSURE) == []

    # In the vault one more accepted, and was referred; outside, nothing moves before the quarter is closed.
    assert _survivors(coordinator) == (exact[0] + 1, exact[1] + 1)
    assert _on_the_plan(stack, "3.2.2.b") == published


def test_a_web_reporter_keeps_a_number_and_follows_it_without_an_account(stack: Stack) -> None:
    visitor = stack.visitor()
    visitor.get("/parler/")
    receipt = visitor.submit("Envoyer", words="Merci pour les bâches, il en manque encore à Wabaria")
    number = _only_number(receipt)
    assert "reçu" in _where_is(stack, number)
    assert NUMBER.search(visitor.get("/parler/recu/").words) is None
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    visitor.get("/suivi/")
    assert "chiffre" in visitor.submit("Voir", number=wrong).words


def _referred(stack: Stack) -> tuple[int, int]:
    """Numerator and denominator of 3.2.1.e now: cases referred, and of these answered."""
    words = stack.login_as("working_group").get("/workplan/").words
    line = words[words.index("3.2.1.e") :]
    found = re.search(r"(\d+) · \d+\s*% \((\d+)/(\d+)\)", line.replace("\u202f", " ").replace("\xa0", " "))
    if found is None:
        return 0, 0
    assert found.group(1) == found.group(3)
    return int(found.group(3)), int(found.group(2))


def _survivors(coordinator: Visitor) -> tuple[int, int]:
    """Numerator and denominator of 3.2.2.b in the vault: survivors referred, of those who accepted."""
    words = coordinator.get("/vault/figures/").words
    shown = words[words.index("3.2.2.b") : words.index("Personnes survivantes orientées")]
    found = re.search(r"\((\d+)/(\d+)\)", shown)
    return (int(found.group(1)), int(found.group(2))) if found is not None else (0, 0)


def _on_the_plan(stack: Stack, number: str) -> str:
    """What the plan says of one indicator, to its next one."""
    words = stack.login_as("working_group").get("/workplan/").words
    return re.split(r"\b\d\.\d\.\d\.[a-z]\b", words[words.index(number) + len(number) :])[0]


def _number_sent_to(stack: Stack, phone: str) -> str:
    (receipt,) = stack.standin.wait_sent(phone)
    found = NUMBER.search(receipt["body"])
    assert found is not None
    return found.group()


def _only_number(page: Page) -> str:
    found = re.search(r"(\d{4})\s+(\d{4})\s+(\d{4})", page.words)
    assert found is not None, page.words
    return " ".join(found.groups())


def _where_is(stack: Stack, number: str) -> str:
    visitor = stack.visitor()
    visitor.get("/suivi/")
    return _current_word(visitor.submit("Voir", number=number))


def _current_word(page: Page) -> str:
    found = re.search(r'aria-current="step"[^>]*>(.*?)</li>', page.body.decode(), re.DOTALL)
    return re.sub("<[^>]+>", " ", found.group(1)).strip().lower() if found else page.words


def _open_in_list(visitor: Visitor, path: str, summary: str) -> Page:
    return visitor.get(visitor.get(path).link(summary))


def _choice(page: Page, field: str, label: str) -> str:
    select = re.search(rf'<select name="{field}".*?</select>', page.body.decode(), re.DOTALL)
    assert select is not None
    options: list[tuple[str, str]] = re.findall(r'<option value="([^"]+)"[^>]*>\s*([^<]+?)\s*</option>', select.group())
    return [value for value, text in options if text == label][-1]


def _form_of(page: Page, button: str) -> list[tuple[str, str]]:
    form = next(form for form in page.forms if form.button(button))
    return form.filled({}, form.button(button))


def _answer_settled(stack: Stack, number: str, said: str) -> None:
    visitor = stack.visitor()
    visitor.get("/suivi/")
    visitor.submit("Voir", number=number)
    assert "Merci de nous l'avoir dit." in visitor.submit(said).words


def _unlocked(stack: Stack, account: Account) -> Visitor:
    visitor = stack.login(account)
    visitor.get("/vault/")
    words = {f"word_{place}": word for place, word in enumerate(account.vault_passphrase.split(), start=1)}
    visitor.submit("Ouvrir", **words)
    return visitor


def _open_in_vault(visitor: Visitor, words: str) -> Page:
    page = visitor.get("/vault/cases/")
    for href in dict.fromkeys(re.findall(r'href="(/vault/cases/[0-9a-f-]{36}/)"', page.body.decode())):
        page = visitor.get(href)
        if any(form.button("Ouvrir") for form in page.forms):
            page = visitor.submit("Ouvrir")
        if words in page.words:
            return page
    raise LookupError("no such sealed case is open to this person")


def _press(visitor: Visitor, page: Page, label: str) -> Page:
    visitor.get(page.url)
    return visitor.submit(label)
