"""The public pages: speak, keep a number, ask where it is, without an account and without a script."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.actors import PERSON, SYSTEM
from core.models import AuditEntry
from core.receipt_number import grouped, is_well_formed, new_number
from core.transitions import move
from directory.implicated import NOBODY
from directory.models import Place
from feedback import actions
from feedback.actions.receive import Spoken, open_case
from feedback.attempts import EVERYONE, OVERALL, PER_ADDRESS, PER_NUMBER, WINDOW
from feedback.enums import (
    AnswerKind,
    AnswerSource,
    CaseState,
    Channel,
    Delivery,
    MessageDirection,
    Outcome,
    SafeContact,
    Settled,
    ToldHow,
)
from feedback.models import Answer, Case, CaseMessage, Category
from feedback.models.person import ReceiptAttempt
from feedback.queue import QueueName, queue
from psea.actions.receive import receive_sealed
from psea.enums import Known, Part
from psea.facts import Facts
from psea.models import HandlerKey, Receipt, SealedCase, SealedMessage
from psea.readers import Reader
from tests.cast import Cast
from tests.feedback.making import sorted_case

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("recovery_key")]

PUBLIC = ["home", "speak", "receipt", "follow", "privacy", "urgent", "workers"]
ORDINARY = "Le point d'eau est en panne depuis dix jours"
SEA = "Un agent de l'ONG demande de coucher avec lui pour être sur la liste"
NUMBER = "123456789016"


@pytest.fixture
def browser() -> Client:
    return Client()


def text_of(answer: Answered) -> str:
    return unescape(answer.content.decode())


def once_of(answer: Answered) -> str:
    found = re.search(r'name="once" value="([0-9a-f-]{36})"', answer.content.decode())
    assert found
    return found.group(1)


def spoken(browser: Client, words: str = ORDINARY, page: str = "speak", **more: str) -> Answered:
    """Fills in the form, posts it, and follows to the receipt."""
    address = reverse(f"feedback:{page}")
    fields = {"once": once_of(browser.get(address)), "words": words, **more}
    return browser.post(address, fields, follow=True)


def number_on(answer: Answered) -> str:
    groups = re.findall(r"<span>(\d{4})</span>", answer.content.decode())
    return "".join(groups)


def followed(browser: Client, number: str, **more: str) -> Answered:
    return browser.post(reverse("feedback:follow"), {"number": number, **more})


def without_tokens(answer: Answered) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    page = re.sub(r'nonce="[^"]*"', "", page)
    return re.sub(r'name="once" value="[^"]*"', "", page)


def a_number() -> str:
    return next(number for check in "0123456789" if is_well_formed(number := NUMBER[:11] + check))


def a_case(number: str, *, state: str = "new", code: str = "") -> Case:
    said = Spoken(
        source_key=f"test:{number}",
        receipt_number=number,
        words=ORDINARY,
        channel=Channel.WEB,
        received_at=timezone.now(),
        code=code,
    )
    case = open_case(said, by=PERSON)
    if state == "new":
        return case
    kind = "FRAUDE" if state == "restricted" else "ASSIST"
    case = move(
        Case, case.pk, "triage", by=SYSTEM, category=Category.objects.get(pk=kind), summary="Un point d'eau en panne"
    )
    return answered(case) if state == "answered" else case


def answered(case: Case, *, readable: bool = True) -> Case:
    now = timezone.now()
    given = Answer(
        case=case,
        kind=AnswerKind.RESPONSE,
        source=AnswerSource.OPERATOR,
        given_at=now,
        told_how=ToldHow.WEB,
        told_at=now,
        delivery=Delivery.READABLE,
        delivery_at=now,
        readable_here=readable,
    )
    given.seal(words="Le forage sera réparé vendredi")
    given.save()
    return move(Case, case.pk, "answer", by=SYSTEM)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_small_french_and_asks_for_no_account(browser: Client, name: str) -> None:
    answer = browser.get(reverse(f"feedback:{name}"))
    assert answer.status_code == 200
    assert 'lang="fr"' in answer.content.decode()
    assert len(answer.content) < 40_000


def test_the_home_page_names_no_number_that_the_settings_do_not(browser: Client, settings: object) -> None:
    settings.TWILIO_FROM = ""  # type: ignore[attr-defined]
    assert "Autres moyens" not in text_of(browser.get("/"))
    settings.LISTENING_WAYS = [{"label": "Ligne verte", "number": "00 00 00 00", "hours": "8 h – 17 h"}]  # type: ignore[attr-defined]
    assert "00 00 00 00" in text_of(browser.get("/"))


def test_the_urgent_page_says_so_when_no_number_is_known(browser: Client, settings: object) -> None:
    assert "Aucun numéro d’urgence" in text_of(browser.get("/urgence/"))
    settings.URGENT_NUMBERS = [{"label": "Police", "number": "17"}]  # type: ignore[attr-defined]
    assert "Police : 17" in text_of(browser.get("/urgence/"))


def test_speaking_opens_one_case_and_shows_its_number_once(browser: Client) -> None:
    page = spoken(browser, place="ML0703", place_said="près du marché")
    number = number_on(page)
    case = Case.objects.get()
    assert is_well_formed(number)
    assert (case.unsealed("words"), case.channel, case.safe_contact) == (ORDINARY, Channel.WEB, SafeContact.NONE)
    assert (case.place, case.unsealed("place_said")) == (Place.objects.get(pcode="ML0703"), "près du marché")
    assert "data:image/svg+xml" in page.content.decode()
    assert number_on(browser.get(reverse("feedback:receipt"))) == ""


def test_the_number_is_in_no_address(browser: Client) -> None:
    page = spoken(browser)
    assert number_on(page) not in page.request["PATH_INFO"] + page.request["QUERY_STRING"]


def test_a_form_posted_twice_is_one_case_and_one_number(browser: Client) -> None:
    fields = {"once": once_of(browser.get("/parler/")), "words": ORDINARY}
    numbers = {number_on(browser.post("/parler/", fields, follow=True)) for _ in range(2)}
    assert (Case.objects.count(), len(numbers)) == (1, 1)


def test_the_form_gives_no_way_back_from_the_database_to_the_number(browser: Client) -> None:
    fields = {"once": once_of(browser.get("/parler/")), "words": ORDINARY}
    browser.post("/parler/", fields)
    assert str(Case.objects.get().pk) != fields["once"]


@pytest.mark.parametrize("words", ["", "   ", "\x00"])
def test_nothing_said_is_asked_for_in_french_and_keeps_what_was_typed(browser: Client, words: str) -> None:
    page = spoken(browser, words=words, place_said="Gossi")
    assert "Écrivez ce que vous voulez dire" in text_of(page)
    assert 'value="Gossi"' in text_of(page)
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "words", ["x" * 10_000, "a\x00b", "🙏🏿" * 50, "ߒ ߞߊ߬ ߝߏ߫", "السلام عليكم", "<script>alert(1)</script>"]
)
def test_any_words_are_taken(browser: Client, words: str) -> None:
    assert is_well_formed(number_on(spoken(browser, words=words)))
    assert Case.objects.get().unsealed("words") == words.replace("\x00", " ")


def test_words_too_long_are_kept_on_the_page(browser: Client) -> None:
    page = spoken(browser, words="mot " * 6000)
    assert "C'est trop long" in text_of(page)
    assert "mot mot mot" in text_of(page)


@pytest.mark.parametrize(
    ("way", "contact", "message"),
    [
        ("sms", "", "numéro de téléphone complet"),
        ("call", "abc", "numéro de téléphone complet"),
        ("relay", " ", "Écrivez comment joindre"),
    ],
)
def test_a_way_to_be_reached_needs_its_contact(browser: Client, way: str, contact: str, message: str) -> None:
    page = spoken(browser, safe_contact=way, contact=contact)
    assert message in text_of(page)
    assert ORDINARY in text_of(page)


@pytest.mark.parametrize("field", ["place", "concerned", "listener", "safe_contact"])
def test_a_choice_that_does_not_exist_is_refused_in_french(browser: Client, field: str) -> None:
    page = spoken(browser, **{field: "n'importe quoi"})
    assert page.status_code == 200
    assert "À corriger avant de continuer" in text_of(page)


def test_a_phone_given_to_be_reached_is_sealed_and_found_by_its_hash_only(browser: Client) -> None:
    spoken(browser, safe_contact="sms", contact="00 00 00 12")
    case = Case.objects.get()
    assert (case.unsealed("contact"), len(case.phone_hash)) == ("+22300000012", 64)


def test_words_that_suggest_sea_are_sealed_and_look_the_same(browser: Client) -> None:
    ordinary, sealed = spoken(browser), spoken(Client(), words=SEA)
    shown = [re.sub(r"data:image[^\"]*|<span>\d{4}</span>", "", without_tokens(page)) for page in (ordinary, sealed)]
    assert shown[0] == shown[1]
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (1, 1)


@pytest.mark.parametrize("listener", ["woman", "man", "anyone"])
def test_the_delicate_choice_goes_to_the_vault_whatever_the_words(browser: Client, listener: str) -> None:
    spoken(browser, words="Je voudrais parler à quelqu'un", listener=listener)
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)


def test_who_works_for_an_organisation_writes_straight_to_the_vault(browser: Client) -> None:
    page = spoken(browser, words="Le chauffeur est souvent vu avec des élèves", page="workers")
    assert is_well_formed(number_on(page))
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_the_page_for_aid_workers_has_the_size_of_the_one_for_anyone_with_errors_too(
    browser: Client, language: str
) -> None:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    speak, workers = (reverse(f"feedback:{name}") for name in ("speak", "workers"))
    sizes = {len(browser.get(address).content) for address in (speak, workers)}
    refused = {len(browser.post(address, {"words": ""}).content) for address in (speak, workers)}
    assert (len(sizes), len(refused)) == (1, 1)
    assert all(size % 8192 == 0 for size in sizes | refused)


def test_whoever_fears_retaliation_says_so_once_and_those_on_duty_see_it(browser: Client, recovery_key: bytes) -> None:
    recovery = Reader(0, HandlerKey.objects.using("vault").recovery().get().pk, recovery_key)
    page = spoken(browser, words="Je soupçonne un collègue", page="workers", retaliation="on")
    assert number_on(page)
    case = SealedCase.objects.using("vault").get()
    facts = Facts.from_json(case.unseal_with(recovery.data_key(case.pk, Part.FACTS), "facts"))
    assert facts.retaliation == Known.YES


def test_get_pages_write_nothing(browser: Client) -> None:
    before = AuditEntry.objects.count()
    for name in PUBLIC:
        browser.get(reverse(f"feedback:{name}"))
    assert (AuditEntry.objects.count(), Case.objects.count()) == (before, 0)


def test_a_mistyped_number_is_told_kindly(browser: Client) -> None:
    page = followed(browser, grouped(a_number())[:-1] + str((int(a_number()[-1]) + 1) % 10))
    assert "petite erreur dans ce numéro" in text_of(page)


def test_unknown_and_forgotten_numbers_are_the_same_bytes(browser: Client) -> None:
    number = a_number()
    unknown = followed(browser, number)
    Case.objects.filter(pk=a_case(number).pk).update(receipt_hash=None)
    forgotten = followed(browser, number)
    assert without_tokens(unknown) == without_tokens(forgotten)
    assert "Ce numéro ne donne rien ici" in text_of(unknown)


def seal(number: str, *, stage: str) -> None:
    receive_sealed(
        source_id=f"test:{number}",
        receipt_number=number,
        words=SEA,
        channel="web",
        received_at=timezone.now(),
        implicated=NOBODY,
        by=PERSON,
    )
    Receipt.objects.using("vault").update(stage=stage, since=timezone.localdate())


@pytest.mark.parametrize("code", ["", "123456"])
@pytest.mark.parametrize(
    ("state", "stage"), [("new", "received"), ("triaged", "in_progress"), ("restricted", "in_progress")]
)
def test_ordinary_restricted_and_sealed_are_the_same_bytes(browser: Client, state: str, stage: str, code: str) -> None:
    number = a_number()
    case = a_case(number, state=state)
    shown = without_tokens(followed(browser, number, code=code))
    Case.objects.filter(pk=case.pk).delete()
    seal(number, stage=stage)
    assert without_tokens(followed(browser, number, code=code)) == shown


def test_both_sides_are_asked_whatever_the_number(browser: Client) -> None:
    number = a_number()
    counts = {}
    for kind in ("unknown", "ordinary", "sealed"):
        if kind == "ordinary":
            a_case(number)
        if kind == "sealed":
            Case.objects.all().delete()
            seal(number, stage="received")
        with (
            CaptureQueriesContext(connections["default"]) as plain,
            CaptureQueriesContext(connections["vault_owner"]) as vault,
        ):
            followed(browser, number)
        reads = [sum(q["sql"].startswith("SELECT") for q in log.captured_queries) for log in (plain, vault)]
        counts[kind] = reads
    assert counts["ordinary"] == counts["sealed"]
    assert all(reads[1] == 1 for reads in counts.values())


def test_the_answer_is_read_with_the_number(browser: Client) -> None:
    a_case(a_number(), state="answered")
    page = text_of(followed(browser, a_number()))
    assert "Le forage sera réparé vendredi" in page
    assert "Est-ce réglé ?" in page


def test_a_confidential_answer_asks_for_the_code_as_well(browser: Client) -> None:
    case = a_case(a_number(), state="restricted", code="246810")
    answered(case)
    assert "Le forage" not in text_of(followed(browser, a_number()))
    assert "Le forage" not in text_of(followed(browser, a_number(), code="246811"))
    assert "Le forage" in text_of(followed(browser, a_number(), code="24 68 10"))


def test_number_and_code_open_the_thread_once_the_team_has_written(browser: Client, cast: Cast) -> None:
    page = spoken(browser, wants_thread="on")
    code = re.search(r'class="code">(\d{6})<', page.content.decode())
    assert code
    question = CaseMessage(
        case=Case.objects.get(), direction=MessageDirection.OUT, said_at=timezone.now(), awaits_reply=True
    )
    question.seal(body="Dans quel quartier ?")
    question.save()
    assert "Dans quel quartier" not in text_of(followed(browser, number_on(page)))
    assert "Dans quel quartier" in text_of(followed(browser, number_on(page), code=code.group(1)))
    case, kept = Case.objects.get(), sorted_case(cast.awa)
    actions.merge(case.pk, into_id=kept.pk, by=cast.awa)
    assert "Dans quel quartier" in text_of(followed(browser, number_on(page), code=code.group(1))), "joined to another"


def test_wrong_codes_are_slowed_and_time_forgives(browser: Client) -> None:
    a_case(a_number(), code="246810")
    for _ in range(PER_NUMBER):
        followed(browser, a_number(), code="111111")
    assert "Trop d'essais" in text_of(followed(browser, a_number(), code="246810"))
    with time_machine.travel(timezone.now() + WINDOW + timedelta(seconds=1)):
        assert "Trop d'essais" not in text_of(followed(browser, a_number(), code="246810"))


def test_whoever_guesses_from_one_address_slows_themselves_before_anybody_else(browser: Client) -> None:
    a_case(a_number(), code="246810")
    for _ in range(PER_ADDRESS + 5):
        followed(browser, new_number())
    assert "Trop d'essais" in text_of(followed(browser, a_number(), code="246810"))
    assert ReceiptAttempt.objects.get(pk=EVERYONE).count == PER_ADDRESS < OVERALL
    browser.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert "Trop d'essais" not in text_of(followed(browser, a_number(), code="246810"))


def test_two_proxies_do_not_make_everybody_one_address(browser: Client, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    a_case(a_number(), code="246810")
    browser.defaults["HTTP_X_FORWARDED_FOR"] = "198.51.100.7, 10.0.0.1"
    for _ in range(PER_ADDRESS + 5):
        followed(browser, new_number())
    assert "Trop d'essais" in text_of(followed(browser, a_number(), code="246810"))
    browser.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.1, 10.0.0.1"
    assert "Trop d'essais" not in text_of(followed(browser, a_number(), code="246810"))


@pytest.mark.parametrize("lane", ["ordinary", "sealed"])
def test_adding_looks_the_same_in_every_lane(browser: Client, lane: str) -> None:
    if lane == "sealed":
        seal(a_number(), stage="received")
    else:
        a_case(a_number())
    page = followed(browser, a_number(), more="C'était mardi", once=once_of(browser.get("/parler/")))
    assert "C'est ajouté à votre message" in text_of(page)
    added = {"ordinary": CaseMessage.objects.count(), "sealed": SealedMessage.objects.using("vault").count()}
    assert added == {"ordinary": 0, "sealed": 0} | {lane: 1}


def test_an_addition_posted_twice_is_one(browser: Client) -> None:
    a_case(a_number())
    once = once_of(browser.get("/parler/"))
    for _ in range(2):
        followed(browser, a_number(), more="C'était mardi", once=once)
    assert CaseMessage.objects.count() == 1


def test_an_addition_that_suggests_sea_is_sealed_under_the_same_number(browser: Client) -> None:
    a_case(a_number())
    page = followed(browser, a_number(), more=SEA, once=once_of(browser.get("/parler/")))
    assert "C'est ajouté à votre message" in text_of(page)
    assert (CaseMessage.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)


@pytest.mark.parametrize(
    ("said", "state", "outcome"),
    [
        (Settled.YES, CaseState.CLOSED, Outcome.SETTLED),
        (Settled.PARTLY, CaseState.CLOSED, Outcome.PARTLY),
        (Settled.NO, CaseState.REOPENED, ""),
    ],
)
def test_the_person_says_whether_it_is_settled(browser: Client, said: str, state: str, outcome: str) -> None:
    case = a_case(a_number(), state="answered")
    page = followed(browser, a_number(), settled=said)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.outcome, case.settled) == (state, outcome, said)
    assert "Merci de nous l'avoir dit" in text_of(page)


def test_settled_before_any_answer_is_refused_with_a_sentence(browser: Client) -> None:
    a_case(a_number())
    assert "pas encore de réponse" in text_of(followed(browser, a_number(), settled="yes"))


def test_settled_said_of_a_sealed_case_looks_the_same(browser: Client) -> None:
    seal(a_number(), stage="answered")
    assert "Merci de nous l'avoir dit" in text_of(followed(browser, a_number(), settled="yes"))
    assert SealedMessage.objects.using("vault").count() == 1


ANYTHING = st.text(max_size=300)
FUZZ = hypothesis.settings(
    max_examples=40,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)


@FUZZ
@given(
    st.fixed_dictionaries(
        dict.fromkeys(("once", "words", "place", "place_said", "concerned", "listener", "contact"), ANYTHING)
        | {"safe_contact": st.sampled_from(["", "none", "sms", "call", "relay", "x"])}
    )
)
def test_nothing_typed_into_the_form_breaks_it(browser: Client, fields: dict[str, str]) -> None:
    assert browser.post("/parler/", fields).status_code in (200, 302)


@FUZZ
@given(
    number=st.one_of(ANYTHING, st.just(a_number())),
    code=ANYTHING,
    more=st.one_of(st.none(), ANYTHING),
    settled=st.one_of(st.none(), ANYTHING, st.sampled_from(["yes", "no"])),
)
def test_nothing_typed_to_follow_a_message_breaks_it(
    browser: Client, number: str, code: str, more: str | None, settled: str | None
) -> None:
    a_case(a_number())
    fields = {"number": number, "code": code, "more": more, "settled": settled, "once": code}
    given_fields = {name: value for name, value in fields.items() if value is not None}
    assert browser.post("/suivi/", given_fields).status_code == 200


def test_words_after_the_end_come_back_to_those_who_sort(cast: Cast, browser: Client) -> None:
    case = a_case(a_number(), state="answered")
    followed(browser, a_number(), settled="yes")
    followed(browser, a_number(), more="Cela recommence", once=once_of(browser.get("/parler/")))
    assert list(queue(cast.awa, QueueName.TRIAGE)) == [case]


@pytest.mark.parametrize("way", ["none", ""])
def test_who_asks_not_to_be_reached_leaves_no_contact(browser: Client, way: str) -> None:
    spoken(browser, safe_contact=way, contact="76 12 34 56, chez Awa")
    case = Case.objects.get()
    assert (case.safe_contact, case.contact, case.phone_hash) == ("none", None, "")
