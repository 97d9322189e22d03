#!/usr/bin/env python3
"""Does a system take referral envelopes as docs/exchange.md says? Run this against it; it needs Python 3.11 alone.

It plays another installation: posts signed envelopes to your inbox, good ones and bad ones, and says of each what came
back. With --listen it also waits for what your system sends in return. Use an organisation made for trying: it leaves
a few referrals behind, all of them withdrawn.

    python conformance/check.py --inbox https://…/exchange/… --secret whsec_… --sender A --receiver B \
        --category INSAT_MAJ --listen 127.0.0.1:8099 --their-secret whsec_…
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Answer = tuple[int, bytes]
Send = Callable[[bytes, dict[str, str]], Answer]
SUMMARY = "Essai de conformité : point d’eau en panne"
ABUSE = "Un agent demande des faveurs sexuelles contre la carte d’assistance."


class Failed(Exception):
    """A check that did not hold; the text says what came instead."""


@dataclass
class Heard:
    """What the system sent back, by the id that the referral has with us."""

    envelopes: list[Json] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass
class Kit:
    """One run: how to post, with which secret, between whom; and what was heard meanwhile (None: not listening)."""

    send: Send
    secret: str
    sender: str
    receiver: str
    category: str
    place: str = ""
    heard: Heard | None = None
    wait: float = 30.0

    def envelope(self, kind: str = "referral", ref: str = "", sequence: int = 1, **changes: Any) -> Json:
        """A sound envelope of the sender's; `changes` replace or add fields."""
        matter = {"category": self.category, "place": self.place, "summary": SUMMARY, "request": "Réparer la pompe"}
        return {
            "version": "1",
            "id": str(uuid.uuid4()),
            "kind": kind,
            "by": "sender",
            "sequence": sequence,
            "happened_at": datetime.now(UTC).isoformat(),
            "sender": {"organisation": self.sender, "id": ref or str(uuid.uuid4()), "reference": "ESSAI"},
            "receiver": {"organisation": self.receiver, "id": "", "reference": ""},
            "content": matter if kind == "referral" else {},
            **changes,
        }

    def post(self, envelope: Json, **how: Any) -> tuple[int, Json]:
        return self.post_bytes(json.dumps(envelope, ensure_ascii=False).encode(), **how)

    def post_bytes(self, body: bytes, *, secret: str = "", age: int = 0, sent: bytes | None = None) -> tuple[int, Json]:
        """`age`: seconds since it was signed; `sent`: other bytes than those that were signed."""
        headers = signed(secret or self.secret, body, int(time.time()) - age)
        return read(self.send(body if sent is None else sent, headers))

    def withdraw(self, ref: str, sequence: int = 9) -> tuple[int, Json]:
        content = {"reason": "sent_in_error", "scope": "all"}
        return self.post(self.envelope("withdrawal", ref, sequence, content=content))

    def comes_back(self, kind: str, ref: str) -> Json:
        """The first envelope of this kind about that referral. Raises Failed when none comes in time."""
        if self.heard is None:
            raise LookupError("not listening")
        deadline = time.monotonic() + self.wait
        while True:
            for one in list(self.heard.envelopes):
                if one["kind"] == kind and one["sender"]["id"] == ref:
                    return one
            if time.monotonic() > deadline:
                raise Failed(f"no {kind} came back within {self.wait:.0f} s; faults: {self.heard.faults or 'none'}")
            time.sleep(0.1)


def signed(secret: str, body: bytes, moment: int) -> dict[str, str]:
    """Standard Webhooks."""
    name = f"msg_{uuid.uuid4().hex}"
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, name, str(moment), body),
    }


def signature(secret: str, name: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def read(answer: Answer) -> tuple[int, Json]:
    status, body = answer
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    return status, said if isinstance(said, dict) else {}


def expect(answer: tuple[int, Json], status: int, code: str = "", said: tuple[str, ...] = ()) -> None:
    """Raises Failed unless this is the status, the problem's code, and the `status` field one of these."""
    found, body = answer
    kind = str(body.get("type", "")).rpartition("#")[2]
    if found != status or (code and kind != code) or (said and body.get("status") not in said):
        wanted = " ".join(filter(None, [str(status), code, " or ".join(said)]))
        raise Failed(f"expected {wanted}, got {found} {kind or body.get('status', '')}".rstrip())


CHECKS: list[tuple[str, Callable[[Kit], None]]] = []


def check(sentence: str) -> Callable[[Callable[[Kit], None]], Callable[[Kit], None]]:
    def listed(one: Callable[[Kit], None]) -> Callable[[Kit], None]:
        CHECKS.append((sentence, one))
        return one

    return listed


@contextmanager
def a_referral(kit: Kit, **changes: Any) -> Iterator[Json]:
    """One that was taken; withdrawn afterwards."""
    envelope = kit.envelope(**changes)
    expect(kit.post(envelope), 202, said=("taken",))
    try:
        yield envelope
    finally:
        kit.withdraw(envelope["sender"]["id"], 99)


@check("a valid referral is taken")
def valid(kit: Kit) -> None:
    with a_referral(kit):
        pass


@check("its receipt comes back, signed, naming both ids")
def receipt(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        found = kit.comes_back("receipt", envelope["sender"]["id"])
        if not found["receiver"]["id"] or found["by"] != "receiver":
            raise Failed("the receipt does not name the receiver's own id")


@check("the same envelope again changes nothing, and is not refused")
def replayed(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        expect(kit.post(envelope), 202, said=("known",))


@check("the same referral in another envelope is not doubled")
def doubled(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        expect(kit.post(kit.envelope(ref=envelope["sender"]["id"])), 202, said=("known",))


@check("bytes altered on the way are refused")
def altered(kit: Kit) -> None:
    body = json.dumps(kit.envelope()).encode()
    expect(kit.post_bytes(body, sent=body.replace(b'"1"', b'"1" ', 1)), 401, "bad-signature")


@check("another secret's signature is refused")
def forged(kit: Kit) -> None:
    other = "whsec_" + base64.b64encode(b"another secret, of 32 bytes long").decode()
    expect(kit.post(kit.envelope(), secret=other), 401, "bad-signature")


@check("what is not signed is refused")
def unsigned(kit: Kit) -> None:
    expect(read(kit.send(json.dumps(kit.envelope()).encode(), {"content-type": "application/json"})), 401)


@check("what was signed ten minutes ago is refused")
def stale(kit: Kit) -> None:
    expect(kit.post(kit.envelope(), age=600), 401, "bad-signature")


@check("what is signed ten minutes ahead is refused")
def ahead(kit: Kit) -> None:
    expect(kit.post(kit.envelope(), age=-600), 401, "bad-signature")


@check("a second signature beside the right one does no harm (a secret being renewed)")
def two_signatures(kit: Kit) -> None:
    envelope = kit.envelope()
    body = json.dumps(envelope).encode()
    headers = signed(kit.secret, body, int(time.time()))
    headers["webhook-signature"] = f"v1,{'A' * 43}= {headers['webhook-signature']}"
    expect(read(kit.send(body, headers)), 202)
    kit.withdraw(envelope["sender"]["id"])


@check("an unknown version is refused by its code, whatever else it holds")
def version(kit: Kit) -> None:
    expect(kit.post({"version": "99", "anything": []}), 422, "unknown-version")


@check("an unknown kind is refused by its code")
def kind(kit: Kit) -> None:
    expect(kit.post(kit.envelope("greeting")), 422, "unknown-kind")


@check("unknown fields are passed over, at each level")
def unknown_fields(kit: Kit) -> None:
    envelope = kit.envelope(colour="green")
    envelope["content"]["colour"] = envelope["sender"]["colour"] = ["blue"]
    expect(kit.post(envelope), 202, said=("taken",))
    kit.withdraw(envelope["sender"]["id"])


@check("what is not JSON, or lacks a field, is refused as unreadable")
def malformed(kit: Kit) -> None:
    for body in (b"{", b"[]", json.dumps({"version": "1"}).encode(), b'{"version": "1", "id": 5}'):
        expect(kit.post_bytes(body), 400, "bad-envelope")


@check("a side cannot speak for the other")
def other_side(kit: Kit) -> None:
    expect(kit.post(kit.envelope("decision", content={"decision": "accepted"})), 400, "bad-envelope")


@check("an organisation that was not opened to us cannot be written to")
def not_addressable(kit: Kit) -> None:
    envelope = kit.envelope(receiver={"organisation": "nobody-of-this-name"})
    expect(kit.post(envelope), 422, "not-addressable")


@check("an organisation that is not known to be ours cannot write")
def unknown_sender(kit: Kit) -> None:
    envelope = kit.envelope(sender={"organisation": "nobody-of-this-name", "id": str(uuid.uuid4())})
    expect(kit.post(envelope), 422, "unknown-organisation")


@check("an unknown category is refused by its code")
def category(kit: Kit) -> None:
    expect(kit.post(_with(kit, category="NO_SUCH_CATEGORY")), 422, "unknown-category")


@check("a telephone number at level 1 is refused, and nothing of it kept")
def number(kit: Kit) -> None:
    expect(kit.post(_with(kit, summary="Appeler le 70 11 12 13")), 422, "not-neutral")


@check("what suggests sexual exploitation or abuse is refused by its code")
def abuse(kit: Kit) -> None:
    expect(kit.post(_with(kit, request=ABUSE)), 422, "sealed-matter")


@check("a message about a referral that has not come yet is asked for again later")
def too_early(kit: Kit) -> None:
    envelope = kit.envelope("message", sequence=2, content={"role": "message", "words": "Du nouveau ?"})
    expect(kit.post(envelope), 409, "unknown-referral")


@check("…and is taken, under the same id, once the referral has come")
def out_of_order(kit: Kit) -> None:
    ref = str(uuid.uuid4())
    early = kit.envelope("message", ref, 2, content={"role": "message", "words": "Du nouveau ?"})
    expect(kit.post(early), 409, "unknown-referral")
    with a_referral(kit, ref=ref):
        expect(kit.post(early), 202, said=("taken",))


@check("what touches the person is not taken before somebody accepted")
def person_too_early(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        content = {"sealed": base64.b64encode(b"x" * 64).decode()}
        found = kit.post(kit.envelope("person", envelope["sender"]["id"], 2, content=content))
        expect(found, 422, "not-possible")


@check("a withdrawal is always taken")
def withdrawal(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        expect(kit.withdraw(envelope["sender"]["id"]), 202, said=("taken",))
        expect(kit.withdraw(envelope["sender"]["id"], 10), 202)


@check("its erasure is confirmed by an envelope")
def erasure(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        expect(kit.withdraw(envelope["sender"]["id"]), 202)
        kit.comes_back("erasure", envelope["sender"]["id"])


@check("what is said of a withdrawn referral is passed over, not refused")
def after_withdrawal(kit: Kit) -> None:
    with a_referral(kit) as envelope:
        ref = envelope["sender"]["id"]
        expect(kit.withdraw(ref, 3), 202)
        late = kit.envelope("message", ref, 2, content={"role": "message", "words": "Du nouveau ?"})
        expect(kit.post(late), 202, said=("overtaken",))


@check("a withdrawal that comes before its referral keeps it out")
def withdrawn_before(kit: Kit) -> None:
    ref = str(uuid.uuid4())
    expect(kit.withdraw(ref), 202, said=("nothing-held",))
    expect(kit.post(kit.envelope(ref=ref)), 202, said=("nothing-held",))


@check("everything that came back was signed and readable")
def sound_envelopes(kit: Kit) -> None:
    if kit.heard is None:
        raise LookupError("not listening")
    if kit.heard.faults:
        raise Failed("; ".join(kit.heard.faults))


def run(kit: Kit, say: Callable[[str], None]) -> int:
    """Runs every check in order, says a line for each, and returns how many did not hold."""
    failures = 0
    for place, (sentence, one) in enumerate(CHECKS, start=1):
        try:
            one(kit)
        except LookupError:
            say(f"{place:3} – {sentence}: not tried, use --listen and --their-secret")
        except Failed as error:
            failures += 1
            say(f"{place:3} ✗ {sentence}: {error}")
        else:
            say(f"{place:3} ✓ {sentence}")
    say(f"{len(CHECKS) - failures} of {len(CHECKS)}" if failures else "All hold.")
    return failures


def fault_of(headers: dict[str, str], body: bytes, secret: str) -> str:
    """Why what came back is not sound; "" when it is."""
    name, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if headers.get("webhook-signature") != signature(secret, name, moment, body):
        return "an envelope came back with a wrong signature"
    if not moment.isdigit() or abs(time.time() - int(moment)) > 300:
        return "an envelope came back with a timestamp that is not of now"
    said = read((0, body))[1]
    wanted = {"version", "id", "kind", "by", "sequence", "happened_at", "sender", "receiver", "content"}
    return "" if said.get("version") == "1" and wanted <= set(said) else "an envelope came back incomplete"


@contextmanager
def listening(address: str, secret: str) -> Iterator[Heard]:
    """An inbox of ours at `host:port`, for as long as it is held."""
    heard = Heard()

    class Inbox(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = fault_of({key.lower(): value for key, value in self.headers.items()}, body, secret)
            if fault:
                heard.faults.append(fault)
            else:
                heard.envelopes.append(json.loads(body))
            answer = json.dumps({"id": read((0, body))[1].get("id", ""), "status": "taken"}).encode()
            self.send_response(401 if fault else 202)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    host, _colon, port = address.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), Inbox)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()


def over_http(url: str) -> Send:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def send(body: bytes, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with opener.open(request, timeout=30) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    return send


def _with(kit: Kit, **content: str) -> Json:
    envelope = kit.envelope()
    envelope["content"] |= content
    return envelope


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inbox", required=True, help="where your system takes our envelopes")
    parser.add_argument("--secret", required=True, help="what we sign with, known to your system")
    parser.add_argument("--sender", required=True, help="code of the organisation that sends; it lives with us")
    parser.add_argument("--receiver", required=True, help="code of one of yours that we may write to")
    parser.add_argument("--category", required=True, help="code of an ordinary category that it may receive")
    parser.add_argument("--place", default="", help="a P-code for which it has somebody")
    parser.add_argument("--listen", default="", help="host:port where your system sends its envelopes to us")
    parser.add_argument("--their-secret", default="", help="what your system signs with")
    parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait for what comes back")
    said = parser.parse_args(arguments)
    names = ("secret", "sender", "receiver", "category", "place", "wait")
    kit = Kit(send=over_http(said.inbox), **{name: getattr(said, name) for name in names})
    if not said.listen:
        return 1 if run(kit, print) else 0
    with listening(said.listen, said.their_secret) as kit.heard:
        return 1 if run(kit, print) else 0


if __name__ == "__main__":
    sys.exit(main())
