"""Kannel, RapidPro, an Android phone and any HTTP carrier, each against a stand-in over real HTTP."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.gateways import Config, Forged, Gateway, GatewayError, InboundSms, StatusUpdate, Unreadable, kinds
from core.http_gateway import moment
from tests.standin.carriers import PASSWORD, SECRET, Carriers, running_carriers
from tests.standin.door import Door, open_door

AMINATA = "+22300000012"
NUMBER = "36021"
TEXT = "Le puits est à sec"
KINDS = ("kannel", "rapidpro", "android", "generic")
TOLD = {
    "kannel": {"username": "jaabi", "password": PASSWORD},
    "rapidpro": {"token": PASSWORD, "channel": "c-1", "style": "external"},
    "android": {"username": "jaabi", "password": PASSWORD},
    "generic": {"proof": "hmac", "proof_name": "X-Signature", "out_secret": PASSWORD, "out_method": "form"},
}


@pytest.fixture(scope="module")
def process() -> Iterator[Carriers]:
    with running_carriers() as carriers:
        yield carriers


@pytest.fixture
def carriers(process: Carriers, settings: Settings) -> Carriers:
    process.reset()
    settings.PUBLIC_URL = "http://127.0.0.1"
    return process


@pytest.fixture
def door(settings: Settings) -> Iterator[Door]:
    with open_door() as door:
        settings.PUBLIC_URL = door.url
        yield door


def line(kind: str, carriers: Carriers, **more: str) -> Gateway:
    """A line of this kind, told what it must be told; the rest is what the settings page proposes."""
    proposed = {field.name: field.default for field in kinds()[kind].fields if field.default}
    address = "out_url" if kind == "generic" else "url"
    said = proposed | {"secret": SECRET, address: f"{carriers.base_url}/{kind}/"} | TOLD[kind] | more
    return kinds()[kind].build(Config("gao", NUMBER, said))


def receive(kind: str, carriers: Carriers, door: Door, **more: str) -> HttpRequest:
    carriers.receive(kind, f"{door.url}/sms/gao/", TEXT, **more)
    return door.received[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_carrier_hands_over_is_verified_and_read(kind: str, carriers: Carriers, door: Door) -> None:
    request = receive(kind, carriers, door, id="m-1", sender="00223 00 00 00 12")
    gateway = line(kind, carriers)
    gateway.verify(request)
    assert gateway.parse_inbound(request) == InboundSms(
        "m-1", AMINATA, NUMBER, TEXT, datetime(2022, 3, 12, 10, 30, tzinfo=UTC)
    )
    assert gateway.answer(request, None).content == b"", "Kannel would send it to the person"


@pytest.mark.parametrize("kind", KINDS)
def test_what_bears_another_secret_is_forged(kind: str, carriers: Carriers, door: Door) -> None:
    request = receive(kind, carriers, door, secret="somebody else's")
    with pytest.raises(Forged):
        line(kind, carriers).verify(request)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_secret_of_ours_everything_is_forged(kind: str, carriers: Carriers, door: Door) -> None:
    request = receive(kind, carriers, door, secret="")
    with pytest.raises(Forged):
        line(kind, carriers, secret="").verify(request)


@pytest.mark.parametrize("kind", KINDS)
def test_only_listed_addresses_are_let_in(kind: str, carriers: Carriers, door: Door) -> None:
    request = receive(kind, carriers, door)
    line(kind, carriers, addresses="10.0.0.0/8, 127.0.0.1").verify(request)
    with pytest.raises(Forged):
        line(kind, carriers, addresses="10.0.0.0/8 nonsense").verify(request)


@pytest.mark.parametrize("kind", KINDS)
def test_sending_hands_over_number_text_and_our_reference(kind: str, carriers: Carriers) -> None:
    reference = str(uuid.uuid4())
    given_id = line(kind, carriers).send(AMINATA, TEXT, reference=reference)
    (sent,) = carriers.sent()
    assert (sent["to"], sent["text"], sent.get("from", NUMBER)) == (AMINATA, TEXT, NUMBER)
    assert reference in sent["reference"]
    assert given_id == (f"carrier-{reference}" if kind == "generic" else reference)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["sent", "delivered", "failed"])
def test_news_of_a_message_comes_back(kind: str, state: str, carriers: Carriers, door: Door) -> None:
    reference, gateway = str(uuid.uuid4()), line(kind, carriers)
    given_id = gateway.send(AMINATA, TEXT, reference=reference)
    known = carriers.sent()[-1]["reference"] if kind == "kannel" else reference
    carriers.deliver(kind, f"{door.url}/sms/gao/status/", known, state)
    gateway.verify(door.received[-1])
    update = gateway.parse_status(door.received[-1])
    assert isinstance(update, StatusUpdate)
    assert (update.provider_id, update.state, bool(update.reason)) == (given_id, state, state == "failed")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "permanent", "maybe_taken"),
    [(400, True, False), (403, False, False), (429, False, False), (503, False, True)],
)
def test_a_refusal_says_whether_trying_again_can_help(
    kind: str, status: int, permanent: bool, maybe_taken: bool, carriers: Carriers
) -> None:
    carriers.fail(status)
    with pytest.raises(GatewayError) as caught:
        line(kind, carriers).send(AMINATA, TEXT, reference="r")
    assert (caught.value.permanent, caught.value.maybe_taken) == (permanent, maybe_taken)
    assert str(status) in caught.value.reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_password_waits_to_be_mended(kind: str, carriers: Carriers) -> None:
    wrong = {"kannel": "password", "rapidpro": "token", "android": "password", "generic": "out_secret"}[kind]
    with pytest.raises(GatewayError) as caught:
        line(kind, carriers, **{wrong: "wrong"}).send(AMINATA, TEXT, reference="r")
    assert (caught.value.permanent, carriers.sent()) == (False, [])


@pytest.mark.parametrize("kind", KINDS)
def test_where_nobody_listens_nothing_was_taken(kind: str, carriers: Carriers) -> None:
    address = "out_url" if kind == "generic" else "url"
    with pytest.raises(GatewayError) as caught:
        line(kind, carriers, **{address: "http://127.0.0.1:9/"}).send(AMINATA, TEXT, reference="r")
    assert (caught.value.permanent, caught.value.maybe_taken) == (False, False)


@pytest.mark.parametrize("kind", KINDS)
def test_neither_number_nor_text_nor_secret_is_logged(
    kind: str, carriers: Carriers, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        gateway = line(kind, carriers)
        gateway.send(AMINATA, TEXT, reference="r")
        gateway.parse_inbound(receive(kind, carriers, door))
        carriers.fail(503)
        with pytest.raises(GatewayError) as caught:
            gateway.send(AMINATA, TEXT, reference="r2")
    written = caplog.text + str(caught.value)
    assert not [one for one in (AMINATA[1:], TEXT, PASSWORD, SECRET) if one in written]


@pytest.mark.parametrize("method", ["form", "json", "get"])
def test_any_carrier_can_be_spoken_to_in_three_ways(method: str, carriers: Carriers) -> None:
    gateway = line("generic", carriers, out_method=method, out_more="dlr=1\nlang = fr\nnonsense")
    gateway.send(AMINATA, TEXT, reference="r-1")
    (sent,) = carriers.sent()
    wanted = {"to": AMINATA, "text": TEXT, "from": NUMBER, "id": "r-1", "dlr": "1", "lang": "fr"}
    assert {name: sent[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("proof", "request_"),
    [
        ("header", RequestFactory().post("/sms/gao/", {"from": AMINATA}, headers={"X-Ours": SECRET})),
        ("field", RequestFactory().post("/sms/gao/", {"from": AMINATA, "X-Ours": SECRET})),
    ],
)
def test_any_carrier_can_prove_itself_by_a_header_or_a_field(
    proof: str, request_: HttpRequest, carriers: Carriers
) -> None:
    gateway = line("generic", carriers, proof=proof, proof_name="X-Ours")
    gateway.verify(request_)
    with pytest.raises(Forged):
        gateway.verify(RequestFactory().post("/sms/gao/", {"from": AMINATA}))


def test_rapidpro_can_be_written_to_through_its_api(carriers: Carriers) -> None:
    assert line("rapidpro", carriers, style="api").send(AMINATA, TEXT, reference="r-1") == "4711"
    assert carriers.sent() == [{"carrier": "rapidpro", "to": AMINATA, "text": TEXT}]


def test_a_phone_that_has_the_message_already_took_it(carriers: Carriers) -> None:
    gateway = line("android", carriers)
    assert [gateway.send(AMINATA, TEXT, reference="r-1") for _time in range(2)] == ["r-1", "r-1"]
    assert len(carriers.sent()) == 1


@pytest.mark.parametrize(("text", "coding"), [("Message bien arrive", "0"), ("Kibaru sɔrɔla", "2")])
def test_kannel_is_told_the_alphabet(text: str, coding: str, carriers: Carriers) -> None:
    line("kannel", carriers).send(AMINATA, text, reference="r-1")
    assert carriers.sent()[-1]["coding"] == coding


def test_the_address_kannel_reports_to_serves_for_one_message(carriers: Carriers, door: Door) -> None:
    gateway = line("kannel", carriers)
    gateway.send(AMINATA, TEXT, reference=str(uuid.uuid4()))
    carriers.deliver("kannel", "", carriers.sent()[-1]["reference"], "delivered")
    proof = door.received[-1].GET["proof"]
    with pytest.raises(Forged):
        gateway.verify(RequestFactory().get("/sms/gao/status/", {"ref": "another", "state": "1", "proof": proof}))


@pytest.mark.parametrize("kind", KINDS)
def test_without_an_id_the_same_words_at_the_same_moment_are_one_message(
    kind: str, carriers: Carriers, door: Door
) -> None:
    gateway = line(kind, carriers)
    first, same, later = (
        gateway.parse_inbound(receive(kind, carriers, door, id="", at=at))
        for at in ("2022-03-12 10:30:00", "2022-03-12 10:30:00", "2022-03-12 11:00:00")
    )
    assert first is not None
    assert same is not None
    assert later is not None
    assert first.provider_id == same.provider_id != later.provider_id


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"from": []}', b"[" * 5000, b"\xff\xfe"])
def test_what_cannot_be_read_is_said_to_be_unreadable(kind: str, body: bytes, carriers: Carriers) -> None:
    request = RequestFactory().generic("POST", "/sms/gao/", body, "application/json")
    with pytest.raises(Unreadable):
        line(kind, carriers).parse_inbound(request)


@given(st.text(max_size=40) | st.integers().map(str) | st.floats().map(str))
def test_any_date_is_a_moment_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is UTC
