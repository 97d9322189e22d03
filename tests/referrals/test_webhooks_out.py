"""Events to organisations' own systems, over real HTTP to a stand-in on this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction
from django.utils import timezone

from core import outside
from core.actors import SYSTEM
from core.outside import Forbidden, Unreachable, why_not_callable
from core.transitions import Refused
from feedback.actions import protect
from feedback.actions.short_questions import say_consent
from feedback.models import Case, CaseImplicated
from referrals import actions, patience
from referrals.actions.endpoints import add_endpoint, send_again, stop_endpoint
from referrals.models import Delivery, Endpoint, Referral
from referrals.tasks import deliver_event, forget_events, sweep_events
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House

__all__ = ["recovery_key"]
PAGE = "/settings/webhooks/"


class Listener(ThreadingHTTPServer):
    """An organisation's system: keeps what it was told, and answers as it was told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hears)
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def events(self, path: str = "/hook") -> list[tuple[str, str]]:
        """As they happened: nothing promises that they come in that order."""
        said = [json.loads(body) for where, _headers, body in self.heard if where == path]
        return [(one["type"], one["data"]["state"]) for one in sorted(said, key=lambda one: str(one["timestamp"]))]


class Hears(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url("/elsewhere"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def listening(house: House, listener: Listener, short: str = "nrc", path: str = "/hook") -> tuple[Endpoint, str]:
    return add_endpoint(house.cast.organisations[short], "SI", listener.url(path), by=house.cast.adama)


def again_later(row: Delivery) -> Delivery:
    """The next try of a delivery, when its time has come."""
    Delivery.objects.filter(pk=row.pk).update(not_before=timezone.now())
    sweep_events()
    return Delivery.objects.get(pk=row.pk)


def test_both_sides_are_told_by_a_signed_event_without_content(house: House, listener: Listener) -> None:
    _endpoint, secret = listening(house, listener)
    listening(house, listener, "line", "/line")
    listening(house, listener, "hcr", "/hcr")
    referral = house.sent(None, house.wish(request="Réparer la pompe"))
    actions.accept(referral.pk, by=house.cast.fanta)
    events = [("referral.sent", "sent"), ("referral.changed", "accepted")]
    assert (listener.events(), listener.events("/line"), listener.events("/hcr")) == (events, events, [])
    _path, headers, body = next(one for one in listener.heard if one[0] == "/hook")
    said = json.loads(body)
    assert (set(said), set(said["data"])) == ({"type", "timestamp", "data"}, {"id", "state", "url"})
    assert said["data"]["id"] == str(referral.pk)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    everything = str(listener.heard) + str(list(Delivery.objects.values()))
    assert not any(word in everything for word in ("Réparer", "panne", "INSAT", "ML0703", referral.reference))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks libraries."""
    secret, name, moment = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    signed = patience.signature(secret, name, moment, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_secret_stands_sealed(house: House, listener: Listener) -> None:
    endpoint, secret = listening(house, listener)
    assert secret not in str(list(Endpoint.objects.values()))
    assert Endpoint.objects.get(pk=endpoint.pk).unsealed("secret") == secret


def test_every_act_of_a_whole_way_is_told(house: House, listener: Listener) -> None:
    listening(house, listener)
    referral, awa, fanta = house.sent(), house.cast.awa, house.cast.fanta
    actions.ask(referral.pk, words="Quel quartier ?", by=fanta)
    actions.reply(referral.pk, words="Le quatrième.", by=awa)
    actions.accept(referral.pk, by=fanta)
    actions.start(referral.pk, by=fanta)
    actions.say(referral.pk, words="Merci.", by=awa)
    actions.answer(referral.pk, kind="response", words="C’est fait.", by=fanta)
    actions.feed_back(referral.pk, how="call", by=awa)
    actions.close(referral.pk, outcome="successful", by=awa)
    actions.reopen(referral.pk, by=awa)
    actions.refuse(referral.pk, code="HORS_ZONE", by=fanta)
    states = ["sent", "received", "info_requested", "received", "accepted", "in_progress", "in_progress", "answered"]
    assert [state for _event, state in listener.events()] == [*states, "fed_back", "closed", "reopened", "refused"]


def test_what_changes_without_a_new_state_is_told_too(house: House, listener: Listener) -> None:
    listening(house, listener)
    case = house.case()
    Case.objects.filter(pk=case.pk).update(safe_contact="sms")
    referral = house.sent(case)
    question = actions.ask_consent(referral.pk, pk=uuid.uuid4(), by=house.cast.awa).consent_question
    assert question is not None
    say_consent(question.pk, agrees=True, at=timezone.now())
    consent = Referral.objects.get(pk=referral.pk).consent
    assert consent is not None
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    actions.confirm_erasure(referral.pk, by=house.cast.fanta)
    assert [state for _event, state in listener.events()] == ["sent", "sent", "recalled", "recalled"]


def test_what_the_api_does_not_show_is_not_told(house: House, listener: Listener) -> None:
    listening(house, listener)
    referral = house.sent()
    assert len(listener.heard) == 1
    Case.objects.filter(pk=referral.case_id).update(lane="restricted", restricted_kind="protection")
    actions.recall(referral.pk, reason="other", by=SYSTEM)
    case = house.case()
    CaseImplicated.objects.create(case=case, user=house.cast.oumar)
    house.sent(case)
    assert len(listener.heard) == 1


def test_what_may_no_longer_be_seen_is_dropped_before_it_leaves(house: House, listener: Listener) -> None:
    listening(house, listener)
    listener.answers = [503]
    referral = house.sent()
    row = Delivery.objects.get()
    assert (row.state, row.answered) == ("queued", 503)
    Case.objects.filter(pk=referral.case_id).update(lane="restricted", restricted_kind="protection")
    assert again_later(row).state == "dropped"
    assert len(listener.heard) == 1


def test_what_was_protected_is_told_like_what_was_taken_back(
    house: House, listener: Listener, recovery_key: bytes
) -> None:
    listening(house, listener)
    ways: list[Callable[[Referral], Any]] = [
        lambda row: actions.recall(row.pk, reason="other", by=house.cast.awa),
        lambda row: protect(row.case_id, by=house.cast.awa),
    ]
    for take_back in ways:
        listener.heard.clear()
        take_back(house.sent())
        assert listener.events() == [("referral.sent", "sent"), ("referral.changed", "recalled")]
    ended = house.sent()
    actions.answer(ended.pk, kind="response", words="C’est fait.", by=house.cast.fanta)
    listener.heard.clear()
    protect(ended.case_id, by=house.cast.awa)
    assert listener.events() == [("referral.changed", "recalled")]


def test_an_act_that_is_undone_tells_nobody(house: House, listener: Listener) -> None:
    listening(house, listener)
    case = house.case()
    with transaction.atomic():
        house.sent(case)
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 0


def test_it_is_tried_with_patience_until_it_is_taken(house: House, listener: Listener) -> None:
    listening(house, listener)
    listener.answers = [500, 429, 302]
    house.sent()
    waits = []
    for attempt in (1, 2, 3):
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == ("queued", attempt)
        waits.append((row.not_before - timezone.now()).total_seconds())
        deliver_event(str(row.pk))
        assert len(listener.heard) == attempt
        again_later(row)
    assert waits == sorted(waits)
    assert waits[0] > 10
    assert Delivery.objects.get().state == "delivered"
    assert [path for path, _headers, _body in listener.heard] == ["/hook"] * 4
    assert len({headers["webhook-id"] for _path, headers, _body in listener.heard}) == 1


def test_it_gives_up_after_days_or_when_the_address_is_gone(house: House, listener: Listener) -> None:
    listening(house, listener)
    listener.answers = [500, 500]
    house.sent()
    Delivery.objects.update(attempts=patience.MAX_ATTEMPTS - 1)
    assert again_later(Delivery.objects.get()).state == "failed"
    Delivery.objects.all().delete()
    listener.answers = [410]
    house.sent()
    assert Delivery.objects.get().state == "failed"


def test_nobody_there_is_tried_again(house: House, listener: Listener) -> None:
    listening(house, listener)
    listener.shutdown()
    listener.server_close()
    house.sent()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.answered) == ("queued", 1, None)


def test_what_was_cut_off_is_sent_again_and_what_is_old_is_forgotten(house: House, listener: Listener) -> None:
    listening(house, listener)
    house.sent()
    row = Delivery.objects.get()
    Delivery.objects.filter(pk=row.pk).update(state="sending", not_before=timezone.now() - timedelta(minutes=1))
    sweep_events()
    assert len(listener.heard) == 1
    Delivery.objects.filter(pk=row.pk).update(not_before=timezone.now() - timedelta(minutes=3))
    sweep_events()
    assert len(listener.heard) == 2
    Delivery.objects.update(happened_at=timezone.now() - timedelta(days=31))
    forget_events()
    assert not Delivery.objects.exists()


def test_nothing_leaves_a_place_of_practice_or_goes_where_it_was_stopped(
    house: House, listener: Listener, settings: Any
) -> None:
    endpoint, _secret = listening(house, listener)
    settings.TRAINING = True
    house.sent()
    assert Delivery.objects.get().state == "dropped"
    settings.TRAINING = False
    stop_endpoint(endpoint, by=house.cast.adama)
    house.sent()
    assert (listener.heard, Delivery.objects.count()) == ([], 1)
    assert Endpoint.objects.get().secret is None
    with pytest.raises(Refused):
        send_again(Delivery.objects.get().pk, by=house.cast.adama)


# -- where it may go -------------------------------------------------------------------------------------------------

INSIDE = (
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104  never called
    "255.255.255.255", "192.0.2.1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:a00:1::", "2001:0:a00:1::",
)  # fmt: skip


@pytest.mark.parametrize("address", [*INSIDE, "127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_no_address_inside_is_called_whatever_its_name(address: str, settings: Any, monkeypatch: Any) -> None:
    settings.WEBHOOKS_MAY_LOOP = False
    host = f"[{address}]" if ":" in address else address
    assert why_not_callable(f"https://{host}/hook") is not None
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))
    inside = (family, socket.SOCK_STREAM, 6, "", (address, 443))
    reached: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *said, **_: reached.append(said))
    for found in ([inside], [public, inside]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(Forbidden):
            outside.post("https://agency.example/hook", b"", {})
    assert reached == []


def test_a_public_name_is_called_at_the_very_address_that_was_checked(settings: Any, monkeypatch: Any) -> None:
    settings.WEBHOOKS_MAY_LOOP = False
    asked: list[str] = []
    reached: list[Any] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: Any, **_: Any) -> None:
        reached.append(address)
        raise OSError("nobody")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        outside.post("https://agency.example/hook", b"", {})
    assert (asked, reached) == (["agency.example"], [("93.184.216.34", 443)])


@pytest.mark.parametrize(
    "url",
    ["", "agency.example", "ftp://agency.example/", "http://agency.example/", "https://u:p@agency.example/",
     "https://agency.example/#x", "https://agency.example:99999/", "https://[::1/", "file:///etc/passwd"],
)  # fmt: skip
def test_only_a_whole_address_over_tls_is_taken(url: str, settings: Any) -> None:
    settings.WEBHOOKS_MAY_LOOP = False
    assert why_not_callable(url) is not None
    assert why_not_callable("https://agency.example:8443/hook?x=1") is None


def test_whoever_answers_without_end_is_hung_up_on(monkeypatch: Any) -> None:
    """One byte now and then never runs into a socket's own patience."""
    monkeypatch.setattr(outside, "AT_MOST_SECONDS", 0.5)
    quiet = socket.create_server(("127.0.0.1", 0))
    try:
        with pytest.raises(Unreachable):
            outside.post(f"http://127.0.0.1:{quiet.getsockname()[1]}/", b"", {})
    finally:
        quiet.close()


def test_it_goes_only_to_whoever_the_certificate_says(listener: Listener, tmp_path: Path, monkeypatch: Any) -> None:
    key, certificate = self_signed(tmp_path)
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(certificate, key)
    listener.socket = serves.wrap_socket(listener.socket, server_side=True)
    port = listener.server_port
    with pytest.raises(Unreachable):
        outside.post(f"https://localhost:{port}/hook", b"{}", {})
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    assert outside.post(f"https://localhost:{port}/hook", b"{}", {}) == 200
    with pytest.raises(Unreachable):
        outside.post(f"https://127.0.0.1:{port}/hook", b"{}", {})
    assert len(listener.heard) == 1


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate of `localhost`, for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
    now = timezone.now()
    made = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    certificate = made.sign(key, hashes.SHA256())
    paths = folder / "key.pem", folder / "certificate.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    paths[0].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    paths[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return paths


# -- the page --------------------------------------------------------------------------------------------------------


def test_a_manager_adds_an_address_sees_its_deliveries_and_sends_one_again(
    house: House, listener: Listener, signed_in: Any
) -> None:
    mariam, hcr = signed_in(house.cast.mariam), house.cast.organisations["hcr"]
    said = {"organisation": hcr.pk, "name": "SI du HCR", "url": listener.url()}
    page = mariam.post(PAGE, said).content.decode()
    endpoint = Endpoint.objects.get()
    secret = endpoint.unsealed("secret").replace("+", "&#x2B;")
    assert endpoint.unsealed("secret") in page or secret in page
    assert "whsec_" not in mariam.get(PAGE).content.decode()
    refused = mariam.post(PAGE, said | {"url": "ftp://x"})
    assert "ftp://x" in refused.content.decode()
    assert mariam.post(PAGE, said | {"organisation": house.cast.organisations["nrc"].pk}).status_code == 200
    assert Endpoint.objects.count() == 1
    listener.answers = [410]
    referral = house.sent(house.case(), house.wish("hcr", None))
    row = Delivery.objects.get()
    shown = mariam.get(f"{PAGE}{endpoint.pk}/").content.decode()
    assert "HTTP 410" in shown
    assert referral.reference not in shown
    assert str(referral.pk) not in shown
    assert "HTTP 410" not in mariam.get(f"{PAGE}{endpoint.pk}/?state=delivered").content.decode()
    assert mariam.post(f"{PAGE}{endpoint.pk}/{row.pk}/again/").status_code == 302
    assert Delivery.objects.get().state == "delivered"
    first, second = (headers["webhook-id"] for _path, headers, _body in listener.heard)
    assert first == second
    mariam.post(f"{PAGE}{endpoint.pk}/stop/")
    assert mariam.get(f"{PAGE}{endpoint.pk}/").status_code == 404
