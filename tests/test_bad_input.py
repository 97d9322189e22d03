"""Bad input at the real doors: each gets a clear answer in French, never a 500; nothing said is lost or doubled."""

from __future__ import annotations

import json
import re
import uuid
import zlib
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bench import doors
from bench.doors import FILES
from bench.nasty import BEGINNINGS
from core import publishing
from core.models import Outbound
from core.receipt_number import new_number
from directory.credentials import ApiScope, issue
from feedback import envelopes, intake
from feedback.actions import Sorting, answer, close, tell_person, triage
from feedback.enums import CaseState, EnvelopeState
from feedback.models import Case, CaseMessage, Category, Envelope
from psea.models import SealedCase
from referrals.actions import accept, create_and_send
from referrals.actions.sending import Wish
from referrals.models import Referral
from tests.access import table
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import sorted_case
from tests.stack.pages import Page
from tests.vault_keys import recovery_key

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

WATER = "Le forage du quartier est en panne."
NKO = "ߖߌ߫ ߕߍ߫ ߦߊ߲߬"
BODIES = {
    "empty": "",
    "blank": " \n ",
    "10 kB": "Le forage. " * 930,
    "NUL": "Le forage\x00 est en panne",
    "emoji": "🚰 en panne 😡👩🏾‍🦽",
    "N'Ko": NKO,
    "Arabic": "البئر معطلة منذ ثلاثة أيام",
    "10 parts": "".join(
        f"({part}/10) " + "Nous attendons le camion-citerne depuis lundi. " * 3 for part in range(1, 11)
    ),
    "control signs": "\x01\x02 forage \u202e\ufeff en panne",
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}%s%n",
}
SENDERS = ("12345", "ORANGE", "", "+", "whatsapp:+22370000011", "anonymous", "+0000", "7" * 300, "\x00", "+223 70 00")


@pytest.fixture
def house(cast: Cast, recovery: None) -> Cast:
    return cast


@pytest.fixture
def recovery(db: None) -> None:
    """A recovery key, so that whatever must be sealed can be."""
    recovery_key()


@pytest.fixture
def telephone(house: Cast) -> Telephone:
    return Telephone("+22370000011", [])


def said() -> list[str]:
    """All that cases hold, outside the vault."""
    first = [case.unsealed("words") for case in Case.objects.all()]
    return first + [message.unsealed("body") for message in CaseMessage.objects.filter(direction="in")]


def text_of(response: Answered) -> str:
    """The words of a page, on one line."""
    words = re.sub(r"<(script|style)[\s\S]*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(words.replace("&#x27;", "'").split())


# -- messages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BODIES)
def test_any_sms_is_kept_once_with_all_it_says(telephone: Telephone, kind: str) -> None:
    body = BODIES[kind]
    first = telephone.says(body, sid="SM" + "1" * 32)
    again = telephone.says(body, sid="SM" + "1" * 32)

    assert [first.status_code, again.status_code] == [200, 200]
    assert Envelope.objects.get().state == EnvelopeState.HANDLED
    assert said() == [body.replace("\x00", " ").strip()]


@pytest.mark.parametrize("sender", SENDERS)
def test_a_sender_of_any_form_is_heard(telephone: Telephone, sender: str) -> None:
    fields = {"MessageSid": "SM" + "2" * 32, "From": sender, "To": "+22300000099", "Body": WATER, "NumMedia": "0"}
    assert telephone.post("/sms/twilio/", fields).status_code == 200
    assert Envelope.objects.get().state == EnvelopeState.HANDLED
    assert said() == [WATER]


def test_a_message_without_any_of_its_fields_is_an_empty_one(telephone: Telephone) -> None:
    assert telephone.post("/sms/twilio/", {}).status_code == 200
    assert Envelope.objects.get().state == EnvelopeState.HANDLED
    assert said() == [""]


def test_a_request_sent_again_byte_for_byte_is_one_message(telephone: Telephone) -> None:
    for _again in range(3):
        telephone.says(WATER, sid="SM" + "3" * 32)
    assert said() == [WATER]
    assert Outbound.objects.filter(kind=Outbound.Kind.RECEIPT).count() == 1


@pytest.mark.parametrize("token", ["", "not the token"])
def test_what_was_signed_with_another_token_leaves_nothing(telephone: Telephone, token: str) -> None:
    answered = (
        telephone.post("/sms/twilio/", {"Body": WATER, "From": telephone.number}, token="x" + token)
        if token
        else telephone.client.post("/sms/twilio/", {"Body": WATER, "From": telephone.number})
    )
    assert answered.status_code == 403
    assert (Envelope.objects.count(), Case.objects.count()) == (0, 0)


def test_a_message_that_cannot_be_opened_is_kept_and_flagged_and_the_next_ones_go_on(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as nobody_works:
        nobody_works.setattr(publishing, "_send", lambda task, ids: None)
        telephone.says("Ce message sera abîmé", sid="SM" + "4" * 32)
        broken = Envelope.objects.get()
        blob = bytearray(broken.body or b"")
        blob[-1] ^= 1
        Envelope.objects.filter(pk=broken.pk).update(body=bytes(blob))
    for _try in range(envelopes.ATTEMPTS):
        intake.handle(broken.pk)
    Telephone("+22370000012", []).says(WATER)

    broken.refresh_from_db()
    assert (broken.state, broken.reason) == (EnvelopeState.FLAGGED, "SealBroken")
    assert bytes(broken.body or b"") == bytes(blob)
    assert said() == [WATER]


# -- the public forms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind, body in BODIES.items() if body.strip()])
def test_any_words_on_the_web_are_kept_once(house: Cast, kind: str) -> None:
    fields = {"words": BODIES[kind], "once": str(uuid.uuid4())}
    for _twice in range(2):
        assert Client().post("/parler/", fields).status_code == 302
    assert said() == [BODIES[kind].replace("\x00", " ").strip()]


@pytest.mark.parametrize("kind", ["empty", "blank"])
def test_a_form_without_words_says_what_to_do(house: Cast, kind: str) -> None:
    page = Client().post("/parler/", {"words": BODIES[kind], "place_said": "près du marché"})
    assert "Écrivez ce que vous voulez dire" in text_of(page)
    assert "près du marché" in page.content.decode()
    assert said() == []


@pytest.mark.parametrize("once", ["not-a-token", "0", "\x00", "a" * 500])
def test_a_token_that_is_none_loses_nothing_that_was_typed(house: Cast, once: str) -> None:
    page = Client().post("/parler/", {"words": WATER, "once": once})
    assert page.status_code == 302 or WATER in page.content.decode()
    assert len(said()) == (1 if page.status_code == 302 else 0)


@pytest.mark.parametrize("number", ["123456789012", "1234 5678 9013", "1234", "abc", "٣٣٣٣٣٣٣٣٣٣٣٣", "1" * 60])
def test_a_mistyped_number_is_told_kindly(house: Cast, number: str) -> None:
    page = Client().post("/suivi/", {"number": number})
    assert page.status_code == 200
    assert "une petite erreur dans ce numéro" in text_of(page)
    assert number in page.content.decode()


def test_a_number_that_nobody_has_gets_a_sentence(house: Cast) -> None:
    page = Client().post("/suivi/", {"number": new_number()})
    assert page.status_code == 200
    assert "numéro" in text_of(page)
    assert "500" not in text_of(page)


# -- late sessions ---------------------------------------------------------------------------------------------------


def test_a_public_form_that_comes_late_keeps_what_was_typed_and_is_sent_by_one_press(house: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    fields = {"words": f'{WATER} <"&>', "place_said": "près du marché", "csrfmiddlewaretoken": "x" * 64}
    late = client.post("/parler/", fields)

    assert late.status_code == 403
    assert "rien n'est perdu" in text_of(late)
    assert said() == []
    again = _press_again(client, late)
    assert again.status_code == 302
    assert said() == [fields["words"]]


def test_what_somebody_typed_before_their_session_ended_is_not_lost(house: Cast, signed_in: Any) -> None:
    fields = {"words": WATER, "channel": "paper", "mode": "self", "safe_contact": "none", "consent": "yes", **UNSAID}
    late = Client().post("/cases/new/", fields)

    assert late.status_code == 403
    assert "Reconnectez-vous" in text_of(late)
    assert said() == []
    again = _press_again(signed_in(house.awa), late)
    assert again.status_code == 200
    assert said() == [WATER]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_what_another_site_made_a_browser_send_is_not_offered_to_be_sent_again(
    house: Cast, headers: dict[str, str]
) -> None:
    page = Client(enforce_csrf_checks=True).post("/parler/", {"words": WATER}, headers=headers)
    assert page.status_code == 403
    assert "Envoyer maintenant" not in text_of(page)
    assert WATER not in page.content.decode()
    signed_out = Client().post("/cases/new/", {"words": WATER}, headers={"Sec-Fetch-Site": "cross-site"})
    assert signed_out.status_code == 302


def test_a_secret_is_never_shown_again(house: Cast) -> None:
    for name in ("password", "password1", "passphrase", "word_3", "code"):
        page = Client(enforce_csrf_checks=True).post("/compte/login/", {name: "zq-secret-zq", "login": "a@b.example"})
        assert page.status_code == 403
        assert "zq-secret-zq" not in page.content.decode()


# -- staff -----------------------------------------------------------------------------------------------------------


def case_in(state: str, house: Cast) -> Case:
    """A case in a state that an operator can leave it in."""
    made = _said(state)
    if state != "new":
        triage(made.pk, Sorting(Category.objects.get(pk="INFO"), "Question simple"), by=house.awa)
    if state in ("answered", "closed"):
        answer(made.pk, words="Lundi matin.", by=house.awa)
        tell_person(made.pk, how="call", by=house.awa)
    if state == "closed":
        close(made.pk, outcome="settled", by=house.awa)
    return Case.objects.get(pk=made.pk)


def _said(name: str) -> Case:
    Telephone(f"+2237{zlib.crc32(name.encode()) % 9_000_000 + 1_000_000}", []).says(f"{WATER} ({name})")
    return next(case for case in Case.objects.all() if f"({name})" in case.unsealed("words"))


MAY_MOVE = {
    ("new", "triage"): "triaged",
    ("new", "set-aside"): "closed",
    ("triaged", "answer"): "answered",
    ("triaged", "end"): "closed",
    # as a test, which both states allow
    ("triaged", "set-aside"): "closed",
    ("answered", "close"): "closed",
    ("closed", "reopen"): "reopened",
    **{(state, "protect"): "protected" for state in ("new", "triaged", "answered", "closed")},
    **{(state, "merge"): "merged" for state in ("new", "triaged", "answered")},
}
UNSAID = dict.fromkeys(("sex", "age_group", "disability", "population_status", "language"), "not_said")
FORMS = {
    "triage": {"safety": "no", "category": "INFO", "summary": "Question simple", **UNSAID},
    "answer": {"kind": "response", "words": "Lundi matin."},
    "tell": {"how": "call"},
    "close": {"outcome": "settled"},
    "reopen": {"reason_code": "new_facts"},
    "write": {"direction": "note", "words": "À rappeler"},
    "withdraw": {"confirmed": "on"},
    "merge": {},
    "reclassify": {"category": "SUGG"},
    "set-aside": {"because": "test"},
    "end": {"because": "no_answer_wanted"},
    "protect": {},
}


@pytest.mark.once
@pytest.mark.parametrize("act", FORMS)
@pytest.mark.parametrize("state", ["new", "triaged", "answered", "closed"])
def test_an_act_asked_for_by_its_address_moves_a_case_only_where_the_table_of_states_says(
    house: Cast, signed_in: Any, state: str, act: str
) -> None:
    case = case_in(state, house)
    fields = FORMS[act] | ({"into": _said("other").reference} if act == "merge" else {})
    page = signed_in(house.awa).post(reverse(f"referrals:case_{act}", args=[case.pk]), fields)

    after = str(Case.objects.get(pk=case.pk).state)
    assert after == MAY_MOVE.get((state, act), state)
    if after == state and page.status_code != 302:
        assert page.status_code in (409, 422)
        assert re.search(r"possible|état|Choisissez|erreur|trié|déjà|Seul", text_of(page))


def test_of_two_who_act_at_once_the_second_is_told_and_keeps_what_they_typed(house: Cast, signed_in: Any) -> None:
    case = _said("twice")
    client: Client = signed_in(house.awa)
    address = reverse("referrals:case_triage", args=[case.pk])
    first = client.post(address, FORMS["triage"] | {"seen": "new"})
    second = client.post(address, FORMS["triage"] | {"seen": "new", "summary": "Un autre résumé"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Quelqu'un d'autre vient d'agir" in text_of(second)
    assert "Un autre résumé" in second.content.decode()
    assert Case.objects.get(pk=case.pk).summary == "Question simple"


REFERRAL_FORMS = {
    "receive": {},
    "accept": {},
    "ask": {"words": "Où exactement ?"},
    "answer": {"kind": "response", "words": "C'est réparé."},
    "start": {},
    "reply": {"words": "À Gao."},
    "feed_back": {"how": "call"},
    "recall": {"reason": "other"},
    "close": {"outcome": "settled"},
    "reopen": {"reason": "not_settled"},
    "nothing-of-the-kind": {},
}


@pytest.fixture
def referral(house: Cast) -> Referral:
    case = _said("referred")
    triage(case.pk, Sorting(Category.objects.get(pk="INSAT_MAJ"), "Point d'eau en panne"), by=house.awa)
    wish = Wish(house.organisations["nrc"].pk, house.offices["nrc_gao"].pk)
    return create_and_send(case.pk, wish, by=house.awa)


@pytest.mark.parametrize("name", REFERRAL_FORMS)
@pytest.mark.parametrize("who", ["awa", "fanta"])
def test_an_act_on_a_referral_that_is_not_possible_says_why(
    house: Cast, signed_in: Any, referral: Referral, who: str, name: str
) -> None:
    client: Client = signed_in(getattr(house, who))
    page = client.post(f"/referrals/{referral.pk}/{name}/", REFERRAL_FORMS[name])
    after = Referral.objects.get(pk=referral.pk)
    if page.status_code == 302:
        allowed = {"awa": {"recall"}, "fanta": {"receive", "accept", "ask", "answer"}}
        assert name in allowed[who]
        return
    assert page.status_code in (404, 409, 422)
    assert after.state == referral.state


def test_of_two_who_answer_a_referral_at_once_the_second_is_told(
    house: Cast, signed_in: Any, referral: Referral
) -> None:
    accept(referral.pk, by=house.fanta)
    page = signed_in(house.fanta).post(f"/referrals/{referral.pk}/accept/", {"seen": "sent"})
    assert page.status_code == 409
    assert "Quelqu'un d'autre vient d'agir" in text_of(page)


# -- API -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "body", "status"),
    [
        ("wrong", "{}", 401),
        ("", "{}", 401),
        ("right", "{", 400),
        ("right", "[]", 400),
        ("right", "null", 400),
        ("right", '{"words": ""}', 400),
        ("right", '{"words": 7, "sex": []}', 400),
        ("right", '{"words": "x", "place": {"a": 1}}', 400),
    ],
)
def test_the_api_answers_a_problem_in_french(house: Cast, token: str, body: str, status: int) -> None:
    _row, raw = issue(house.organisations["hcr"], "SI", [ApiScope.CASES_WRITE.value], by=house.adama)
    headers = {"Authorization": f"Bearer {raw if token == 'right' else token}"}
    answered = Client().post("/api/v1/cases/", body, content_type="application/json", headers=headers)

    assert answered.status_code == status
    assert answered["Content-Type"] == "application/problem+json"
    assert json.loads(answered.content)["detail"]
    assert said() == []


# -- anything, to every public form -----------------------------------------------------------------------------------

ANYTHING = st.text(max_size=120)
FILE = st.sampled_from(BEGINNINGS).flatmap(lambda head: st.binary(max_size=60).map(lambda rest: head + rest))
SPOKEN = (
    "words", "voice", "picture", "place", "place_said", "concerned", "safe_contact", "contact", "wants_thread", "once",
)  # fmt: skip
PUBLIC_FORMS = {
    "/parler/": (*SPOKEN, "listener"),
    "/travailleurs/": (*SPOKEN, "retaliation"),
    "/suivi/": ("number", "code", "more", "voice", "picture", "settled", "wish", "wish_words", "once"),
    "/fiche/inconnue/": ("name", "says", "refusal_code", "answer_kind", "words", "once"),
    "/demo/phone/": ("number", "text", "once"),
    "/i18n/setlang/": ("language", "next"),
    "/compte/login/": ("login", "password", "remember", "credential"),
    "/compte/password/reset/": ("email",),
    "/sms/twilio/": ("MessageSid", "From", "To", "Body", "NumMedia", "MessagingServiceSid"),
    "/sms/twilio/status/": ("MessageSid", "MessageStatus", "ErrorCode"),
}
LIKELY = st.sampled_from(["", "0", "-1", "none", "sms", "call", "on", "yes", "ML07", "fr", "delivered", "+22370000099"])


@pytest.fixture
def quiet_client(house: Cast) -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", PUBLIC_FORMS)
@hypothesis.settings(
    max_examples=25,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_can_be_typed_breaks_a_public_door(quiet_client: Client, path: str, data: st.DataObject) -> None:
    fields = {name: data.draw(_anything_for(name), label=name) for name in PUBLIC_FORMS[path]}
    before = Case.objects.count() + SealedCase.objects.using("vault").count()
    if path.startswith("/sms/"):
        answered = Telephone("", [], client=quiet_client).post(path, fields)
    else:
        answered = quiet_client.post(path, fields)

    assert answered.status_code in (200, 302, 400, 404, 429), (answered.status_code, fields)
    assert Case.objects.count() + SealedCase.objects.using("vault").count() <= before + 1
    assert set(Case.objects.values_list("state", flat=True)) <= set(CaseState.values)
    assert not Envelope.objects.exclude(state=EnvelopeState.HANDLED).exists()


def _anything_for(name: str) -> st.SearchStrategy[Any]:
    if name not in FILES:
        return ANYTHING | LIKELY
    return FILE.map(lambda content: SimpleUploadedFile(f"{name}.bin", content)) | ANYTHING


def test_every_public_form_is_fuzzed(house: Cast) -> None:
    """A public address that is sent forms, or a field of them, that is not in the list above fails this."""
    ours = {name for name, methods in table.OUR_PUBLIC.items() if "POST" in methods}
    known = {"referrals:sheet": {"token": "inconnue"}}
    known |= {name: {"name": "twilio"} for name in ours if name.startswith("feedback:sms")}
    paths = {reverse(name, kwargs=known.get(name)) for name in ours}
    assert paths <= set(PUBLIC_FORMS)

    case = case_of_number(house)
    shown = {path: Client().get(path).content for path in PUBLIC_FORMS}
    shown["/suivi/"] += Client().post("/suivi/", {"number": case.unsealed("receipt_number")}).content
    seen = {path: _fields_on(page) for path, page in shown.items()}
    assert {"voice", "retaliation"} <= seen["/travailleurs/"]
    assert {"settled", "wish_words", "picture"} <= seen["/suivi/"]
    assert {path: missed for path, names in seen.items() if (missed := names - set(PUBLIC_FORMS[path]))} == {}
    spoken, followed = set(doors.SPOKEN) | set(FILES), set().union(*doors.FOLLOWED, ("number", "code", "once"), FILES)
    assert (seen["/parler/"] | seen["/travailleurs/"]) <= spoken
    assert seen["/suivi/"] <= followed


def _fields_on(page: bytes) -> set[str]:
    """What the forms of this page would send, but those that only change its language."""
    forms = Page("", 200, page, {}, 0.0).forms
    names = [{*form.choices, *dict(form.values), *(one.name for one in form.buttons)} for form in forms]
    return set().union(*(found for found in names if "language" not in found)) - {"", "csrfmiddlewaretoken"}


def case_of_number(house: Cast) -> Case:
    """One that was answered, so that its page shows every form."""
    case = sorted_case(house.awa)
    answer(case.pk, words="Lundi", by=house.awa)
    return case


def _press_again(client: Client, late: Answered) -> Answered:
    """Sends the form of the page that kept what was typed, as it stands there, token included."""
    page = Page(f"{settings.PUBLIC_URL}/", late.status_code, late.content, {}, 0.0)
    form = next(form for form in page.forms if form.button("Envoyer maintenant"))
    return client.post(form.action, dict(form.filled({}, form.buttons[0])))
