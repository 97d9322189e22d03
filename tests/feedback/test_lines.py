"""Several lines at once: each verified by its own, answered by the one the person wrote to, and kept by administrators.

A stand-in process plays the carriers, over real HTTP, both ways.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import outbox
from core.gateways import kinds
from core.http_gateway import digest
from core.line_health import health_of
from core.models import AuditEntry, Line, LineTrace, Outbound
from core.outbox import queue_sms
from feedback.actions.stop import stop
from feedback.enums import EnvelopeState
from feedback.models import Case, Envelope, PhonePreference
from tests.cast import Cast
from tests.feedback.carrying import AMINATA, WORDS, carriers, door, made, process, say
from tests.feedback.conftest import Telephone
from tests.standin.carriers import PASSWORD, SECRET, Carriers
from tests.standin.door import Door

pytestmark = pytest.mark.once

if TYPE_CHECKING:
    pass

KINDS = ("kannel", "rapidpro", "android", "generic")
__all__ = ["carriers", "door", "process"]


# -- receiving, and answering by the same line ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_stored_answered_by_the_same_line_and_followed(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door, kind: str
) -> None:
    made(kind, carriers)
    assert say(kind, carriers, door).status_code == 200
    assert Case.objects.get().unsealed("words") == WORDS
    (sent,) = carriers.sent()
    assert (sent["carrier"], sent["to"], outgoing) == (kind, AMINATA, [])
    assert "numéro" in sent["text"]

    row = Outbound.objects.get()
    reference = sent["reference"] if kind == "kannel" else str(row.pk)
    carriers.deliver(kind, f"{door.url}/sms/{kind}-gao/status/", reference, "delivered")
    assert [answer.status_code for answer in door.let_in(Client())] == [200]
    row.refresh_from_db()
    assert (row.gateway, row.state) == (f"{kind}-gao", Outbound.State.DELIVERED)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_forged_is_refused_and_makes_nothing(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door, kind: str
) -> None:
    made(kind, carriers)
    assert say(kind, carriers, door, secret="guessed").status_code == 403
    assert (Case.objects.count(), carriers.sent(), outgoing) == (0, [], [])
    assert "refusées" in health_of([f"{kind}-gao"])[f"{kind}-gao"].sentences[0]


def test_a_carrier_that_delivers_by_get_is_heard_by_get_alone(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door
) -> None:
    by_get = {"in_method": "get", "proof": "field", "proof_name": "secret"}
    row = made("generic", carriers, said=by_get)
    assert say("generic", carriers, door, secret="guessed", method="get").status_code == 403
    assert [say("generic", carriers, door, method="get", id="m-1").status_code for _ in range(2)] == [200, 200]
    assert Case.objects.get().unsealed("words") == WORDS
    answer = say("generic", carriers, door)
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    # what is signed by its body is nothing without one, whatever the settings say
    row.said |= {"proof": "hmac", "proof_name": "X-Signature"}
    row.save()
    empty = {"X-Signature": digest(SECRET.encode(), b"")}
    assert Client().get("/sms/generic-gao/", {"from": AMINATA, "text": "faux"}, headers=empty).status_code == 405
    news = Client().get("/sms/generic-gao/status/", {"id": "m-1", "status": "delivered"}, headers=empty)
    assert (news.status_code, Case.objects.count()) == (403, 1)


def test_a_signed_body_and_get_are_not_chosen_together(administrator: Client, carriers: Carriers) -> None:
    proposed = {f"said_{field.name}": field.default for field in kinds()["generic"].fields}
    said = proposed | {"label": "Gao", "name": "gao", "number": "36021", "said_secret": SECRET}
    said |= {"said_out_url": f"{carriers.base_url}/generic/", "said_in_method": "get", "said_proof": "hmac"}
    answer = administrator.post("/settings/lines/new/generic/", said)
    assert (answer.status_code, Line.objects.count()) == (422, 0)
    assert "il n’y a pas de corps à signer" in answer.content.decode()
    assert administrator.post("/settings/lines/new/generic/", said | {"said_proof": "field"}).status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_message_is_one(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door, kind: str
) -> None:
    made(kind, carriers)
    for _time in range(3):
        assert say(kind, carriers, door, id="m-1").status_code == 200
    assert (Case.objects.count(), len(carriers.sent())) == (1, 1)


def test_news_that_is_forged_or_of_another_line_changes_nothing(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door
) -> None:
    made("rapidpro", carriers)
    made("android", carriers)
    say("rapidpro", carriers, door)
    row = Outbound.objects.get()
    carriers.deliver("android", f"{door.url}/sms/android-gao/status/", str(row.pk), "failed")
    carriers.deliver("rapidpro", f"{door.url}/sms/rapidpro-gao/status/", "not one of ours", "failed")
    assert [answer.status_code for answer in door.let_in(Client())] == [200, 200]
    row.refresh_from_db()
    assert row.state == Outbound.State.SENT


def test_what_the_carrier_sends_in_another_shape_is_refused_and_noted(
    recovery_key: bytes, carriers: Carriers, door: Door
) -> None:
    made("generic", carriers, said={"proof": "hmac", "proof_name": "X-Signature", "in_sender": "emetteur"})
    assert say("generic", carriers, door).status_code == 400
    assert (Envelope.objects.count(), LineTrace.objects.get().refused_at is not None) == (0, True)


def test_a_person_is_answered_by_the_line_they_wrote_to_last(
    telephone: Telephone, carriers: Carriers, door: Door
) -> None:
    made("kannel", carriers)
    telephone.says(WORDS)
    assert (len(telephone.heard()), carriers.sent()) == (1, [])
    say("kannel", carriers, door, "AIDE")
    assert (len(telephone.heard()), len(carriers.sent())) == (1, 1)
    telephone.says("AIDE")
    assert (len(telephone.heard()), len(carriers.sent())) == (2, 1)


def test_a_line_that_was_stopped_receives_nothing_and_the_default_answers(
    telephone: Telephone, carriers: Carriers, door: Door
) -> None:
    row = made("kannel", carriers)
    say("kannel", carriers, door)
    Line.objects.filter(pk=row.pk).update(is_active=False)
    assert say("kannel", carriers, door).status_code == 404
    queue_sms(AMINATA, "Bonjour", kind=Outbound.Kind.ANSWER, line="kannel-gao")
    assert (telephone.heard(), len(carriers.sent())) == (["Bonjour"], 1)


def test_a_message_that_could_not_leave_goes_by_the_default_once_its_line_is_stopped(
    telephone: Telephone, carriers: Carriers
) -> None:
    row = made("kannel", carriers)
    carriers.fail(503)
    queue_sms(AMINATA, "Bonjour", kind=Outbound.Kind.ANSWER, line="kannel-gao")
    assert Outbound.objects.get().reason == "kannel 503"
    Line.objects.filter(pk=row.pk).update(is_active=False)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        for pk in outbox.due_ids():
            outbox.deliver(pk)
    assert (telephone.heard(), carriers.sent()) == (["Bonjour"], [])


def cut_off(kind: str, carriers: Carriers, **said: str) -> Outbound:
    """A message that the carrier took, while its answer was lost."""
    made(kind, carriers, said=said)
    carriers.lose(504)
    queue_sms(AMINATA, "Bonjour", kind=Outbound.Kind.ANSWER, line=f"{kind}-gao")
    return Outbound.objects.get()


def tried_again(minutes: float = 10) -> list[Any]:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        due = outbox.due_ids()
        outbox.deliver(*due)
    return due


@pytest.mark.parametrize("state", ["sent", "delivered"])
@pytest.mark.parametrize("kind", ["kannel", "rapidpro", "android"])
def test_news_under_our_reference_settles_a_message_whose_answer_was_lost(
    kind: str, state: str, telephone: Telephone, carriers: Carriers, door: Door
) -> None:
    row = cut_off(kind, carriers)
    assert row.state == Outbound.State.QUEUED
    reference = carriers.sent()[0]["reference"] if kind == "kannel" else str(row.pk)
    carriers.deliver(kind, f"{door.url}/sms/{kind}-gao/status/", reference, state)
    door.let_in(Client())
    row.refresh_from_db()
    assert (row.state, bool(row.sent_at), row.provider_id) == (state, True, str(row.pk))
    assert (tried_again(), len(carriers.sent())) == ([], 1)


def test_a_carrier_that_cannot_be_asked_is_given_the_time_to_say_so_and_then_the_message_again(
    telephone: Telephone, carriers: Carriers, door: Door
) -> None:
    row = cut_off("kannel", carriers)
    assert (tried_again(minutes=1), len(carriers.sent())) == ([], 1)
    carriers.deliver("kannel", f"{door.url}/sms/kannel-gao/status/", carriers.sent()[0]["reference"], "failed")
    door.let_in(Client())
    assert (tried_again(), len(carriers.sent())) == ([row.pk], 2), "twice is better than never"
    first, second = carriers.sent()
    assert first["reference"] == second["reference"]
    row.refresh_from_db()
    assert row.state == Outbound.State.SENT


def test_rapidpro_is_asked_for_what_it_may_have_taken(telephone: Telephone, carriers: Carriers) -> None:
    row = cut_off("rapidpro", carriers, style="api")
    queue_sms("+22300000077", "Bonjour", kind=Outbound.Kind.ANSWER, line="rapidpro-gao")
    assert tried_again(minutes=1) == [row.pk]
    row.refresh_from_db()
    assert (row.state, row.provider_id) == (Outbound.State.SENT, "4711")
    assert [one["to"] for one in carriers.sent()] == [AMINATA, "+22300000077"]


def test_what_rapidpro_never_had_is_sent(telephone: Telephone, carriers: Carriers) -> None:
    made("rapidpro", carriers, said={"style": "api"})
    carriers.fail(503)
    for to in (AMINATA, "+22300000077"):
        queue_sms(to, "Bonjour", kind=Outbound.Kind.ANSWER, line="rapidpro-gao")
    tried_again(minutes=1)
    assert sorted(one["to"] for one in carriers.sent()) == [AMINATA, "+22300000077"]


def test_the_default_line_writes_to_whoever_wrote_to_none(telephone: Telephone, carriers: Carriers, cast: Cast) -> None:
    made("android", carriers, is_default=True)
    queue_sms("+22300000077", "Bonjour", kind=Outbound.Kind.ANSWER)
    assert ([one["to"] for one in carriers.sent()], telephone.outgoing) == (["+22300000077"], [])


def test_a_line_whose_kind_was_deleted_is_not_found_and_loses_nothing(
    telephone: Telephone, carriers: Carriers, door: Door
) -> None:
    row = made("kannel", carriers, name="pigeon-gao")
    Line.objects.filter(pk=row.pk).update(kind="pigeon")
    assert Client().post("/sms/pigeon-gao/").status_code == 404
    queue_sms(AMINATA, "Bonjour", kind=Outbound.Kind.ANSWER, line="pigeon-gao")
    assert telephone.heard() == ["Bonjour"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_posted_breaks_a_door(recovery_key: bytes, carriers: Carriers, kind: str) -> None:
    made(kind, carriers)
    client = Client(raise_request_exception=False)
    bodies = [b"", b"{", b"[]", b"\x00" * 9, b"from=%00&text=%ff", b'{"from": {"a": 1}}']
    for path in (
        f"/sms/{kind}-gao/",
        f"/sms/{kind}-gao/?secret=%00&id=%00&proof=\u00e9",
        f"/sms/{kind}-gao/status/?ref=x",
    ):
        for body in bodies:
            for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain; charset=x"):
                proofs = {"X-Jaabi-Secret": SECRET, "Authorization": SECRET}
                answer = client.generic("POST", path, body, content_type, headers=proofs)
                assert answer.status_code in (200, 400, 403), (path, body, answer.status_code)
    assert not Envelope.objects.exclude(state=EnvelopeState.HANDLED).exists()


# -- the settings pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(cast: Cast, signed_in: Any) -> Client:
    client: Client = signed_in(cast.adama)
    return client


def typed(carriers: Carriers, **more: str) -> dict[str, str]:
    said = {"label": "Kannel, Gao", "name": "kannel-gao", "number": "36021", "said_username": "jaabi"}
    said |= {"said_url": f"{carriers.base_url}/kannel/", "said_password": PASSWORD, "said_secret": SECRET}
    return said | {"said_addresses": "", "said_smsc": ""} | more


def test_a_line_is_added_tried_put_in_service_and_stopped(
    administrator: Client, carriers: Carriers, door: Door, recovery_key: bytes
) -> None:
    answer = administrator.post("/settings/lines/new/kannel/", typed(carriers))
    assert (answer.status_code, answer["Location"]) == (302, "/settings/lines/kannel-gao/")
    assert say("kannel", carriers, door).status_code == 404, "not in service yet"

    administrator.post("/settings/lines/kannel-gao/test/", {"phone": "00 00 00 99"})
    (sent,) = carriers.sent()
    assert (sent["to"], sent["text"]) == ("+22300000099", "Essai technique de cette ligne. Merci de ne pas repondre.")
    administrator.post("/settings/lines/kannel-gao/start/")
    administrator.post("/settings/lines/kannel-gao/default/")
    assert say("kannel", carriers, door).status_code == 200
    assert "écrit par défaut" in administrator.get("/settings/lines/").content.decode()
    administrator.post("/settings/lines/kannel-gao/stop/")
    row = Line.objects.get()
    assert (row.is_active, row.is_default) == (False, False)

    acts = list(AuditEntry.objects.filter(act__startswith="core.line.").order_by("recorded_at").values("act", "facts"))
    verbs = [entry["act"].rpartition(".")[2] for entry in acts]
    assert verbs == ["add", "test", "start", "make_default", "stop"]
    assert PASSWORD not in str(acts)
    assert "00000099" not in str(acts)
    assert "Ligne essayée" in administrator.get("/settings/audit/").content.decode()


def test_secrets_are_sealed_written_and_never_shown(administrator: Client, carriers: Carriers) -> None:
    administrator.post("/settings/lines/new/kannel/", typed(carriers))
    row = Line.objects.get()
    assert row.secrets() == {"password": PASSWORD, "secret": SECRET}
    assert PASSWORD.encode() not in bytes(row.sealed_secrets or b"")
    page = administrator.get("/settings/lines/kannel-gao/").content.decode()
    assert PASSWORD not in page
    assert SECRET not in page

    changed = typed(carriers, said_password="", said_secret="a new one", said_username="kannel")
    administrator.post("/settings/lines/kannel-gao/", changed)
    row.refresh_from_db()
    assert (row.secrets(), row.said["username"]) == ({"password": PASSWORD, "secret": "a new one"}, "kannel")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "twilio"}, "Une autre ligne porte déjà ce nom."),
        ({"name": "new"}, "Une autre ligne porte déjà ce nom."),
        ({"name": "Gao!"}, "Des minuscules, chiffres et tirets."),
        ({"said_url": "file:///etc/passwd"}, "http://"),
        ({"said_url": "http://169.254.169.254/"}, "http://"),
        ({"said_addresses": "10.0.0.0/8 partout"}, "Ce ne sont pas des adresses IP"),
        ({"said_secret": ""}, "obligatoire"),
    ],
)
def test_what_a_line_may_not_be_is_said(
    administrator: Client, carriers: Carriers, wrong: dict[str, str], sentence: str
) -> None:
    answer = administrator.post("/settings/lines/new/kannel/", typed(carriers, **wrong))
    assert (answer.status_code, Line.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_a_twilio_line_needs_a_number_or_a_service(administrator: Client) -> None:
    said = {"label": "Twilio", "name": "twilio-deux", "said_account_sid": "AC1", "said_auth_token": "t"}
    assert administrator.post("/settings/lines/new/twilio/", said).status_code == 422
    assert administrator.post("/settings/lines/new/twilio-whatsapp/", said).status_code == 422
    service = said | {"said_messaging_service_sid": "MG1"}
    assert administrator.post("/settings/lines/new/twilio/", service).status_code == 302


def test_a_test_that_fails_says_why_and_one_to_who_said_stop_does_not_leave(
    administrator: Client, carriers: Carriers, outgoing: list[Any]
) -> None:
    made("kannel", carriers)
    carriers.fail(403)
    page = administrator.post("/settings/lines/kannel-gao/test/", {"phone": "00 00 00 99"}, follow=True)
    assert "elle refuse notre mot de passe, kannel 403" in page.content.decode()
    stop("+22300000099")
    page = administrator.post("/settings/lines/kannel-gao/test/", {"phone": "00 00 00 99"}, follow=True)
    assert "STOP" in page.content.decode()
    assert carriers.sent() == []


def test_the_page_says_how_each_line_is_doing(
    administrator: Client, carriers: Carriers, door: Door, recovery_key: bytes
) -> None:
    made("kannel", carriers)
    made("rapidpro", carriers)
    assert "rien encore" in administrator.get("/settings/lines/kannel-gao/").content.decode()
    say("kannel", carriers, door)
    page = administrator.get("/settings/lines/kannel-gao/").content.decode()
    assert "en marche" in page
    assert "1 message parti en 24" in page
    carriers.fail(400, 400, 400)
    for number in range(3):
        queue_sms(f"+2230000003{number}", "Bonjour", kind=Outbound.Kind.ANSWER, line="rapidpro-gao")
    page = administrator.get("/settings/lines/rapidpro-gao/").content.decode()
    assert "à regarder" in page
    assert "3 envois en échec en 24 h (rapidpro 400)" in page.replace("\u00a0", " ")


def test_the_line_of_a_person_is_kept_under_a_hash_only(recovery_key: bytes, carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    say("kannel", carriers, door)
    preference = PhonePreference.objects.get()
    assert (preference.line, AMINATA[1:] in repr(vars(preference))) == ("kannel-gao", False)
