"""The doors of the exchange: the signed address, posting with patience, files and squares; the kit run against it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conformance import check as kit
from core.transitions import Refused
from feedback.models import Case
from referrals import actions
from referrals.actions.peers import add_peer, change_peer, keep_secret, send_envelope_again
from referrals.exchange.base45 import decoded, encoded
from referrals.exchange.files import LARGEST_VERSION, file_of, open_file, square_of
from referrals.exchange.refusals import Unacceptable
from referrals.models import EnvelopeOut, Peer, Referral
from referrals.patience import MAX_ATTEMPTS
from referrals.tasks import post_envelope, sweep_envelopes
from tests.referrals.conftest import House, house
from tests.referrals.pairing import Pair, paired
from tests.referrals.test_exchange import SCHEMA, to_nrc

__all__ = ["house"]
LOAD = "/referrals/echange/"
SignIn = Callable[[Any], Client]


@pytest.fixture
def pair(house: House) -> Pair:
    return paired(house.cast)


def door(peer: Peer) -> kit.Send:
    """The address at which a peer's envelopes are taken, called directly."""

    def send(body: bytes, headers: dict[str, str]) -> kit.Answer:
        answer = Client().post(
            f"/api/v1/exchange/{peer.pk}/", body, content_type=headers.pop("content-type"), headers=headers
        )
        return answer.status_code, answer.content

    return send


def trying(pair: Pair, send: kit.Send) -> kit.Kit:
    secret = pair.there.unsealed("secret_out")
    return kit.Kit(send=send, secret=secret, sender="line", receiver="nrc", category="INSAT_MAJ", place="ML0703")


# -- the kit ---------------------------------------------------------------------------------------------------------


def test_the_kit_finds_nothing_wrong_here(pair: Pair) -> None:
    said: list[str] = []
    assert kit.run(trying(pair, door(pair.here)), said.append) == 0, said
    assert sum("✓" in line for line in said) == len(kit.CHECKS) - 3, "three listen for what comes back"
    assert not Referral.objects.live().exists(), "it leaves nothing under way"


def test_the_kit_finds_what_is_wrong(pair: Pair) -> None:
    said: list[str] = []
    credulous = lambda _body, _headers: (202, b'{"status": "taken"}')  # noqa: E731  one line
    assert kit.run(trying(pair, credulous), said.append) > 18
    assert kit.run(trying(pair, lambda _body, _headers: (500, b"")), said.append) == len(kit.CHECKS) - 1


def test_the_kit_hears_what_comes_back_and_whether_it_is_sound() -> None:
    secret, body = "whsec_" + "A" * 43 + "=", json.dumps({"version": "1"}).encode()
    headers = kit.signed(secret, body, int(time.time()))
    assert "incomplete" in kit.fault_of(headers, body, secret)
    assert "signature" in kit.fault_of(headers, body + b" ", secret)


# -- the address -----------------------------------------------------------------------------------------------------


def test_who_is_not_known_finds_nothing_there(pair: Pair) -> None:
    stranger, stopped = Peer(id=uuid.uuid4()), Peer.objects.create(name="Arrêtée", stopped_at=timezone.now())
    fresh, _secret = add_peer("Sans secret encore", "", by=pair.cast.adama)
    for peer, status in ((stranger, 404), (stopped, 404), (fresh, 401)):
        found, said = trying(pair, door(peer)).post(trying(pair, door(peer)).envelope())
        assert (found, said["status"]) == (status, status)


def test_an_answer_says_why_in_the_callers_language(pair: Pair) -> None:
    body = json.dumps({"version": "99"}).encode()
    headers = kit.signed(pair.there.unsealed("secret_out"), body, int(time.time()))
    answer = Client().post(
        f"/api/v1/exchange/{pair.here.pk}/", body, content_type=headers.pop("content-type"), headers=headers
    )
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["type"].endswith("#unknown-version")


# -- posting ---------------------------------------------------------------------------------------------------------


class Inbox(ThreadingHTTPServer):
    """Another installation: keeps what it was sent, and answers as it was told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Takes)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/inbox"


class Takes(BaseHTTPRequestHandler):
    server: Inbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status, said = self.server.answers.pop(0) if self.server.answers else (202, {"status": "taken"})
        answer = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    server = Inbox()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def posted(pair: Pair, inbox: Inbox) -> Pair:
    """NRC's installation has an address."""
    change_peer(pair.there, pair.there.name, inbox.url, by=pair.cast.adama)
    return pair


def test_an_envelope_is_posted_signed_once_the_act_stands(house: House, posted: Pair, inbox: Inbox) -> None:
    to_nrc(house)
    ((headers, body),) = inbox.heard
    assert kit.fault_of(headers, body, posted.there.unsealed("secret_out")) == ""
    assert SCHEMA.is_valid(json.loads(body))
    row = EnvelopeOut.objects.get()
    assert (row.state, row.answered, row.reason) == ("delivered", 202, "")


def test_what_is_away_is_tried_again_under_the_same_id(house: House, posted: Pair, inbox: Inbox) -> None:
    inbox.answers = [(503, {}), (401, {}), (409, {})]
    to_nrc(house)
    for _attempt in range(3):
        row = EnvelopeOut.objects.get()
        assert row.state == "queued"
        post_envelope(str(row.pk))
        EnvelopeOut.objects.update(not_before=timezone.now())
        sweep_envelopes()
    assert EnvelopeOut.objects.get().state == "delivered"
    assert len(inbox.heard) == 4
    assert len({json.loads(body)["id"] for _headers, body in inbox.heard}) == 1


def test_what_its_receivers_system_refuses_is_the_senders_again(house: House, posted: Pair, inbox: Inbox) -> None:
    inbox.answers = [(422, {"type": "https://there.example/problems#unknown-category"})]
    referral = Referral.objects.get(pk=to_nrc(house).pk)
    assert (referral.state, referral.recall_reason) == ("recalled", "undelivered")
    assert Case.objects.get(pk=referral.case_id).state == "triaged"
    row = EnvelopeOut.objects.get()
    assert (row.state, row.reason, len(inbox.heard)) == ("failed", "unknown-category", 1)
    assert not Referral.objects.counted().filter(pk=referral.pk).exists()


def test_who_waited_for_days_in_vain_is_told(house: House, posted: Pair, inbox: Inbox, mailoutbox: list[Any]) -> None:
    inbox.answers = [(503, {}), (503, {})]
    referral = to_nrc(house)
    EnvelopeOut.objects.update(attempts=MAX_ATTEMPTS - 1, not_before=timezone.now())
    mailoutbox.clear()
    sweep_envelopes()
    assert EnvelopeOut.objects.get().state == "failed"
    assert Referral.objects.get(pk=referral.pk).state == "sent", "its clock runs: somebody rings them"
    assert [one.to for one in mailoutbox] == [["awa@jaabi.example"]]
    send_envelope_again(EnvelopeOut.objects.get().pk, by=house.cast.adama)
    assert EnvelopeOut.objects.get().state == "delivered"


def test_withdrawn_before_it_ever_left_it_never_leaves(house: House, posted: Pair, inbox: Inbox) -> None:
    inbox.answers = [(503, {}), (202, {"status": "nothing-held"})]
    referral = to_nrc(house)
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    EnvelopeOut.objects.update(not_before=timezone.now())
    sweep_envelopes()
    assert [json.loads(body)["kind"] for _headers, body in inbox.heard] == ["referral", "withdrawal"]
    assert Referral.objects.get(pk=referral.pk).erasure_confirmed_at is not None, "they say that they hold nothing"


def test_an_address_inside_is_refused(pair: Pair, settings: Any) -> None:
    settings.WEBHOOKS_MAY_LOOP = False
    for url in ("http://127.0.0.1/", "https://10.0.0.1/", "https://localhost@10.0.0.1/"):
        with pytest.raises(Refused):
            add_peer("Dedans", url, by=pair.cast.adama)
    for secret in ("", "whsec_", "whsec_c2hvcnQ=", "not a secret"):
        with pytest.raises(Refused):
            keep_secret(pair.there, secret, by=pair.cast.adama)


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_a_file_goes_and_its_reply_comes_back(house: House, pair: Pair, signed_in: SignIn) -> None:
    referral, awa, fanta = to_nrc(house), signed_in(house.cast.awa), signed_in(house.cast.fanta)
    file = awa.get(f"/referrals/{referral.pk}/echange/{pair.last('referral').pk}/")
    assert (file["Content-Type"], "attachment" in file["Content-Disposition"]) == ("application/json", True)
    loaded = fanta.post(LOAD, {"file": SimpleUploadedFile("recu.json", file.content)})
    theirs = pair.at_nrc(referral)
    assert loaded["Location"] == f"/referrals/{theirs.pk}/"
    fanta.post(f"/referrals/{theirs.pk}/accept/", {"responsible": house.cast.fanta.pk, "seen": "sent"})
    reply = fanta.get(f"/referrals/{theirs.pk}/echange/{pair.last('decision').pk}/").content.decode()
    assert awa.post(LOAD, {"text": reply})["Location"] == f"/referrals/{referral.pk}/"
    assert Referral.objects.get(pk=referral.pk).state == "accepted"
    again = fanta.post(LOAD, {"file": SimpleUploadedFile("recu.json", file.content)}, follow=True)
    assert "déjà été prise" in again.content.decode()
    assert Referral.objects.count() == 2


def test_a_file_that_was_touched_or_is_old_is_refused_and_stays_on_the_page(
    house: House, pair: Pair, signed_in: SignIn
) -> None:
    to_nrc(house)
    content = file_of(pair.last("referral"))
    assert content is not None
    client = signed_in(house.cast.fanta)
    for wrong in (content.decode().replace("ML0703", "ML0901"), "{}", "bonjour", "JX1:bonjour", "JX1:%%%"):
        page = client.post(LOAD, {"text": wrong})
        assert page.status_code == 422
        assert "Enveloppe refusée" in page.content.decode()
    later = timezone.now() + timedelta(days=31)
    with pytest.raises(Unacceptable):
        open_file(content.decode(), later)
    assert open_file(content.decode(), later - timedelta(days=2))[0] == pair.here
    assert Referral.objects.count() == 1


def test_the_square_on_the_sheet_is_the_envelope(house: House, pair: Pair, signed_in: SignIn, monkeypatch: Any) -> None:
    packed: list[str] = []
    make = segno.make_qr

    def keep(text: str, **how: Any) -> segno.QRCode:
        packed.append(text)
        return make(text, **how)

    monkeypatch.setattr(segno, "make_qr", keep)
    referral = to_nrc(house, request="Réparer la pompe du forage avant la fin de la semaine, si possible.")
    page = signed_in(house.cast.awa).get(f"/referrals/{referral.pk}/fiche/").content.decode()
    text = next(one for one in packed if one.startswith("JX1:"))
    image = make(text, error="l", boost_error=False).svg_data_uri(scale=2, border=4)
    assert image.replace("'", "&#x27;") in page or image in page
    client = signed_in(house.cast.fanta)
    assert client.post(LOAD, {"text": text}).status_code == 302
    assert pair.at_nrc(referral).summary == "Point d’eau en panne"


def test_the_longest_envelope_still_makes_one_square(house: House, pair: Pair) -> None:
    referral = to_nrc(house, request=unlikely(2000))
    Referral.objects.filter(pk=referral.pk).update(summary=unlikely(200))
    row = EnvelopeOut.objects.get(pk=pair.last("referral").pk)
    square = square_of(row)
    assert square is not None
    assert int(square.version) <= LARGEST_VERSION


def unlikely(length: int) -> str:
    """Letters that do not compress well."""
    letters, found = "abcdefghijklmnopqrstuvwxyzéèàç ", []
    value = 7
    for _place in range(length):
        value = (value * 1103515245 + 12345) % 2**31
        found.append(letters[value // 65536 % len(letters)])
    return "".join(found)


def test_base45_is_that_of_the_rfc() -> None:
    for plain, text in (
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
    ):
        assert (encoded(plain), decoded(text)) == (text, plain)
    for wrong in ("GGW", "a", "::", "A"):
        with pytest.raises(ValueError, match="Base45"):
            decoded(wrong)


# -- what other teams read -------------------------------------------------------------------------------------------


def test_the_examples_of_the_protocol_are_sound() -> None:
    text = (Path(__file__).parents[2] / "docs/exchange.md").read_text()
    examples = [json.loads(part.partition("```")[0]) for part in text.split("```json\n")[1:]]
    envelopes = [one for one in examples if "kind" in one and "version" in one]
    assert {one["kind"] for one in envelopes} >= {"referral", "receipt", "decision", "answer", "withdrawal", "erasure"}
    for one in envelopes:
        assert list(SCHEMA.iter_errors(one)) == []
