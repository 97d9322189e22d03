"""The Twilio gateway against the stand-in, over real HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from core.gateways import (
    Forged,
    GatewayError,
    InboundSms,
    Media,
    StatusUpdate,
    UnknownGateway,
    default_gateway,
    gateway,
    receiving,
)
from core.gateways.twilio import TwilioGateway, build
from core.twilio.account import from_settings
from core.twilio.client import moved
from tests.standin import webhooks
from tests.standin.client import AUTH_TOKEN, NUMBER, SERVICE, StandInClient, running_standin
from tests.standin.door import Door, open_door

PUBLIC = "https://jaabi.example"
AMINATA = "+22300000012"


@pytest.fixture(scope="module")
def process() -> Iterator[StandInClient]:
    with running_standin() as client:
        yield client


@pytest.fixture
def standin(process: StandInClient, settings: Settings) -> StandInClient:
    process.reset()
    for name, value in process.environment().items():
        setattr(settings, name, value)
    settings.TWILIO_MESSAGING_SERVICE_SID = ""
    settings.PUBLIC_URL = PUBLIC
    return process


def configured() -> TwilioGateway:
    """The line that the settings name."""
    line = from_settings("twilio")
    assert line is not None
    return build(line)


def read(request: HttpRequest) -> InboundSms:
    message = configured().parse_inbound(request)
    assert message is not None
    return message


@pytest.fixture
def door() -> Iterator[Door]:
    with open_door() as door:
        yield door


def receive(standin: StandInClient, door: Door, body: str = "Bonjour", **options: object) -> HttpRequest:
    options = {"public_url": PUBLIC, "sender": AMINATA} | options
    standin.receive(f"{door.url}/sms/twilio/", body=body, **options)  # type: ignore[arg-type]
    return door.received[-1]


def test_a_signed_message_is_read_as_it_was_written(standin: StandInClient, door: Door) -> None:
    request = receive(standin, door, "Le forage est cassé ߒߞߏ 🙂\n", sid="SM1")
    configured().verify(request)
    sms = read(request)
    assert (sms.provider_id, sms.sender, sms.to, sms.body) == ("SM1", AMINATA, NUMBER, "Le forage est cassé ߒߞߏ 🙂\n")


def test_a_messaging_service_payload_is_accepted(standin: StandInClient, door: Door) -> None:
    request = receive(standin, door, service=SERVICE)
    configured().verify(request)
    assert request.POST["MessagingServiceSid"] == SERVICE


@pytest.mark.parametrize("signature", ["unsigned", "forged"])
def test_a_request_that_twilio_did_not_sign_is_forged(standin: StandInClient, door: Door, signature: str) -> None:
    with pytest.raises(Forged):
        configured().verify(receive(standin, door, signature=signature))


def test_a_request_signed_for_another_address_is_forged(standin: StandInClient, door: Door) -> None:
    with pytest.raises(Forged):
        configured().verify(receive(standin, door, public_url="https://elsewhere.example"))


def test_a_request_whose_text_was_changed_on_the_way_is_forged(standin: StandInClient) -> None:
    fields = webhooks.inbound("AC1", sender=AMINATA, to=NUMBER, body="oui")
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC}/sms/twilio/", fields)
    changed = RequestFactory().post("/sms/twilio/", fields | {"Body": "non"}, headers={"X-Twilio-Signature": signature})
    with pytest.raises(Forged):
        configured().verify(changed)


def test_nothing_is_genuine_without_an_auth_token(standin: StandInClient, settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    fields = webhooks.inbound("AC1", sender=AMINATA, to=NUMBER, body="oui")
    signature = RequestValidator("").compute_signature(f"{PUBLIC}/sms/twilio/", fields)
    request = RequestFactory().post("/sms/twilio/", fields, headers={"X-Twilio-Signature": signature})
    with pytest.raises(Forged):
        configured().verify(request)


def test_a_replayed_request_carries_the_same_id(standin: StandInClient, door: Door) -> None:
    first = receive(standin, door)
    assert [answer.status for answer in standin.replay()] == [200]
    configured().verify(door.received[-1])
    assert read(door.received[-1]) == read(first)


def test_a_repeated_message_is_the_same_request(standin: StandInClient, door: Door) -> None:
    receive(standin, door, repeat=3)
    assert len(door.received) == 3
    assert len({request.POST["MessageSid"] for request in door.received}) == 1


def test_a_sender_that_is_no_number_is_kept_as_it_came(standin: StandInClient, door: Door) -> None:
    assert read(receive(standin, door, sender="37321")).sender == "37321"


def test_messages_can_arrive_backwards(standin: StandInClient, door: Door) -> None:
    parts = [{"sender": AMINATA, "to": NUMBER, "body": str(number)} for number in range(3)]
    standin.receive_many(f"{door.url}/sms/twilio/", parts, reorder=True)
    assert [request.POST["Body"] for request in door.received] == ["2", "1", "0"]


def test_the_answer_to_a_message_is_an_empty_twiml(standin: StandInClient) -> None:
    answer = configured().accepted()
    assert answer.content == b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
    assert answer["Content-Type"] == "text/xml; charset=utf-8"


def test_sending_hands_the_message_over_and_asks_for_its_status(standin: StandInClient) -> None:
    sid = configured().send(AMINATA, "Message reçu", reference="r-1")
    (sent,) = standin.sent(AMINATA)
    assert (sent["sid"], sent["from"], sent["body"]) == (sid, NUMBER, "Message reçu")
    assert sent["status_callback"] == f"{PUBLIC}/sms/twilio/status/?ref=r-1"


def test_sending_goes_through_the_messaging_service_where_there_is_one(
    standin: StandInClient, settings: Settings
) -> None:
    settings.TWILIO_MESSAGING_SERVICE_SID = SERVICE
    configured().send(AMINATA, "Bonjour", reference="r-1")
    (sent,) = standin.sent(AMINATA)
    assert (sent["messaging_service_sid"], sent["from"]) == (SERVICE, None)


@pytest.mark.parametrize(
    ("status", "code", "permanent", "maybe_taken"),
    [
        (400, 21211, True, False),
        (400, 21610, True, False),
        (400, 21614, True, False),
        (400, 21606, False, False),
        (401, 20003, False, False),
        (429, 20429, False, False),
        (500, 20500, False, True),
        (503, 20503, False, True),
    ],
)
def test_a_refusal_says_whether_trying_again_can_help(
    standin: StandInClient, status: int, code: int, permanent: bool, maybe_taken: bool
) -> None:
    standin.fail(1, status=status, code=code)
    with pytest.raises(GatewayError) as caught:
        configured().send(AMINATA, "Bonjour", reference="r-1")
    error = caught.value
    assert (error.permanent, error.maybe_taken, error.reason) == (permanent, maybe_taken, f"twilio {code}")


def test_a_number_that_unsubscribed_is_refused_for_good(standin: StandInClient) -> None:
    standin.unsubscribe(AMINATA)
    with pytest.raises(GatewayError) as caught:
        configured().send(AMINATA, "Bonjour", reference="r-1")
    assert caught.value.permanent


def test_an_error_never_quotes_the_number(standin: StandInClient) -> None:
    with pytest.raises(GatewayError) as caught:
        configured().send("+0000012", "Bonjour", reference="r-1")
    assert caught.value.reason == "twilio 21211"
    assert caught.value.__suppress_context__


def test_a_slow_carrier_may_have_taken_the_message(standin: StandInClient) -> None:
    impatient = TwilioGateway(**vars(configured()) | {"timeout": 0.2})
    standin.be_slow(0.6)
    with pytest.raises(GatewayError) as caught:
        impatient.send(AMINATA, "Bonjour", reference="r-1")
    assert (caught.value.permanent, caught.value.maybe_taken) == (False, True)
    assert len(standin.sent(AMINATA)) == 1


def test_a_message_whose_answer_was_lost_is_found_again(standin: StandInClient) -> None:
    since = datetime.now(UTC)
    standin.lose_answers(1)
    with pytest.raises(GatewayError) as caught:
        configured().send(AMINATA, "Bonjour", reference="r-1")
    assert caught.value.maybe_taken
    (sent,) = standin.sent(AMINATA)
    assert configured().find(AMINATA, "Bonjour", since) == sent["sid"]


def test_another_text_another_number_or_an_older_message_is_not_found(standin: StandInClient) -> None:
    configured().send(AMINATA, "Bonjour", reference="r-1")
    now = datetime.now(UTC)
    assert configured().find(AMINATA, "Bonsoir", now - timedelta(minutes=1)) is None
    assert configured().find("+22300000013", "Bonjour", now - timedelta(minutes=1)) is None
    assert configured().find(AMINATA, "Bonjour", now + timedelta(minutes=1)) is None


def test_an_unreachable_carrier_is_tried_again(standin: StandInClient, settings: Settings) -> None:
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(GatewayError) as caught:
        configured().send(AMINATA, "Bonjour", reference="r-1")
    assert not caught.value.permanent


def test_neither_number_nor_text_is_logged_on_the_way_out(
    standin: StandInClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        configured().send(AMINATA, "Bonjour", reference="r-1")
        configured().find(AMINATA, "Bonjour", datetime.now(UTC))
    assert "urllib3" in " ".join(record.name for record in caplog.records)
    assert AMINATA.removeprefix("+") not in caplog.text
    assert "Bonjour" not in caplog.text


def test_the_statuses_of_a_message_come_back_signed_with_its_reference(
    standin: StandInClient, door: Door, settings: Settings
) -> None:
    settings.PUBLIC_URL = door.url
    sid = configured().send(AMINATA, "Bonjour", reference="r-1")
    standin.deliver(sid, statuses=("queued", "sent", "delivered"))
    standin.deliver(sid, statuses=("undelivered",))
    for request in door.received:
        configured().verify(request)
    assert [configured().parse_status(request) for request in door.received] == [
        None,
        StatusUpdate(sid, "sent", "", "r-1"),
        StatusUpdate(sid, "delivered", "", "r-1"),
        StatusUpdate(sid, "failed", "twilio 30005", "r-1"),
    ]


def test_statuses_can_come_backwards_twice_and_forged(standin: StandInClient, door: Door, settings: Settings) -> None:
    settings.PUBLIC_URL = door.url
    configured().send(AMINATA, "Bonjour", reference="r-1")
    standin.deliver(reorder=True, repeat=2)
    assert [request.POST["MessageStatus"] for request in door.received] == ["delivered", "delivered", "sent", "sent"]
    standin.deliver(statuses=("delivered",), signature="forged")
    with pytest.raises(Forged):
        configured().verify(door.received[-1])


def test_a_redacted_or_deleted_message_leaves_no_text_at_the_carrier(standin: StandInClient) -> None:
    gateway_ = configured()
    kept, gone = (gateway_.send(AMINATA, "Bonjour", reference=name) for name in ("r-1", "r-2"))
    client = gateway_._client()
    client.messages(kept).update(body="")
    assert client.messages(gone).delete()
    assert [(sent["sid"], sent["body"]) for sent in standin.sent()] == [(kept, "")]


def test_listing_goes_through_every_page(standin: StandInClient) -> None:
    sids = [configured().send(AMINATA, str(number), reference="r") for number in range(5)]
    listed = configured()._client().messages.list(page_size=2, to=AMINATA)
    assert [message.sid for message in listed] == sids[::-1]


def test_the_settings_name_the_gateway(db: None, standin: StandInClient, settings: Settings) -> None:
    assert default_gateway().name == "twilio"
    settings.SMS_GATEWAY = "console"
    assert default_gateway().name == "console"
    with pytest.raises(UnknownGateway):
        gateway("pigeon")


def test_the_console_gateway_takes_messages_and_receives_none() -> None:
    console = gateway("console")
    first, second = (console.send(AMINATA, "Bonjour", reference="r-1") for _time in range(2))
    assert first.startswith("console-")
    assert first != second
    with pytest.raises(Forged):
        console.verify(RequestFactory().post("/sms/console/"))


def test_the_address_named_in_the_settings_keeps_path_and_query() -> None:
    assert moved("https://api.twilio.com/a/b?c=1", "http://127.0.0.1:9/x/") == "http://127.0.0.1:9/x/a/b?c=1"
    assert urlsplit(moved("https://api.twilio.com/a", "")).hostname == "api.twilio.com"
    assert parse_qsl(urlsplit(moved("https://h/a?b=1", "http://h2")).query) == [("b", "1")]


# -- what the carrier keeps ----------------------------------------------------------------------------------------


def test_what_people_sent_is_erased_there_and_what_remains_is_counted(standin: StandInClient, door: Door) -> None:
    gateway_, since = configured(), datetime.now(UTC) - timedelta(days=1)
    sids = [read(receive(standin, door, body=text)).provider_id for text in ("un", "deux")]
    gateway_.send(AMINATA, "trois", reference="r-1")
    assert gateway_.count_kept(since) == 3
    gateway_.erase(sids[0])
    gateway_.erase(sids[0])
    assert (standin.held()["texts"], gateway_.count_kept(since)) == (["deux"], 2)
    note = read(receive(standin, door, body="", media=1)).provider_id
    standin.hold("Recordings/RE1", b"a call")
    standin.hold(f"Messages/{note}/Media/ME1", b"a voice note")
    assert gateway_.count_kept(since) == 4
    gateway_.erase(f"Messages/{note}/Media/ME1")
    gateway_.erase("Recordings/RE1")
    assert gateway_.count_kept(since) == 2


def test_recordings_and_files_are_fetched_and_deleted(standin: StandInClient) -> None:
    for resource in ("Recordings/RE1", "Messages/MM1/Media/ME1"):
        standin.hold(resource, b"OggS and more")
        assert configured().fetch(Media(resource, "audio/ogg")) == b"OggS and more"
        configured().erase(resource)
        configured().erase(resource)
    assert (standin.held()["files"], standin.held()["leaks"]) == ([], []), "the store is not told our password"


def test_what_cannot_be_fetched_says_whether_trying_again_can_help(standin: StandInClient) -> None:
    with pytest.raises(GatewayError) as not_yet:
        configured().fetch(Media("Recordings/RE2", "audio/mpeg"))
    standin.hold("Recordings/RE3", bytes(8_000_001))
    with pytest.raises(GatewayError) as too_large:
        configured().fetch(Media("Recordings/RE3", "audio/mpeg"))
    with pytest.raises(GatewayError) as elsewhere:
        configured().fetch(Media("../../Accounts/AC2", "audio/mpeg"))
    assert [one.value.permanent for one in (not_yet, too_large, elsewhere)] == [False, True, True]


def test_an_erasure_that_fails_is_no_erasure(standin: StandInClient, door: Door) -> None:
    sid = read(receive(standin, door, body="un")).provider_id
    standin.fail(1)
    with pytest.raises(GatewayError):
        configured().erase(sid)
    assert standin.held()["texts"] == ["un"]


# -- opt-out, WhatsApp ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "order"), [("STOP", "stop"), ("START", "start"), ("HELP", "help"), ("x", "")])
def test_an_order_that_the_carrier_obeyed_is_known(standin: StandInClient, door: Door, said: str, order: str) -> None:
    assert read(receive(standin, door, more={"OptOutType": said})).order == order


def test_the_same_address_takes_whatsapp_and_calls(
    standin: StandInClient, door: Door, settings: Settings, db: None
) -> None:
    settings.PUBLIC_URL = door.url
    plain = receive(standin, door, public_url="")
    whatsapp = receive(standin, door, sender=f"whatsapp:{AMINATA}", to=f"whatsapp:{NUMBER}", public_url="")
    standin.call(f"{door.url}/sms/twilio/", {"CallSid": "CA1", "From": AMINATA, "To": NUMBER})
    names = [receiving("twilio", request)[0] for request in (plain, whatsapp, door.received[-1])]
    assert names == ["twilio", "twilio-whatsapp", "twilio-voice"]
    for request in (whatsapp, door.received[-1]):
        receiving("twilio", request)[1].verify(request)
        forged = RequestFactory().post("/sms/twilio/", request.POST.dict(), headers={"X-Twilio-Signature": "x"})
        with pytest.raises(Forged):
            receiving("twilio", forged)[1].verify(forged)


def test_whatsapp_brings_numbers_places_and_voice_notes(standin: StandInClient, door: Door, db: None) -> None:
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    more = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "audio/ogg"}
    more |= {"Latitude": "16.27", "Longitude": "-0.04"}
    request = receive(standin, door, sender=f"whatsapp:{AMINATA}", to=f"whatsapp:{NUMBER}", body="", more=more)
    message = receiving("twilio", request)[1].parse_inbound(request)
    assert message is not None
    assert (message.sender, message.to, message.channel) == (AMINATA, NUMBER, "whatsapp")
    assert message.body == "[16.27, -0.04]"
    assert message.media == (Media("Messages/MM1/Media/ME1", "audio/ogg"),)


def test_whatsapp_is_answered_by_whatsapp_from_its_own_sender(
    standin: StandInClient, door: Door, settings: Settings
) -> None:
    settings.TWILIO_WHATSAPP_FROM = "+14155238886"
    receive(standin, door, sender=f"whatsapp:{AMINATA}", to="whatsapp:+14155238886")
    whatsapp = gateway("twilio-whatsapp")
    since = datetime.now(UTC)
    sid = whatsapp.send(AMINATA, "Bonjour", reference="r-1")
    (sent,) = standin.sent(f"whatsapp:{AMINATA}")
    assert (sent["sid"], sent["from"]) == (sid, "whatsapp:+14155238886")
    assert sent["status_callback"] == f"{PUBLIC}/sms/twilio-whatsapp/status/?ref=r-1"
    assert whatsapp.find(AMINATA, "Bonjour", since) == sid
