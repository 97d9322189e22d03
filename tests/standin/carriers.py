"""`python -m tests.standin.carriers`: Kannel, RapidPro, an Android phone and some HTTP carrier, as one process.

Each checks what we send as the real one does, keeps it, and writes to us as the real one writes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
FORM = "application/x-www-form-urlencoded"
# What each carrier asks of us, and what it proves itself with.
PASSWORD, SECRET = "a carrier's password", "a carrier's secret"
BASIC = "Basic " + base64.b64encode(f"jaabi:{PASSWORD}".encode()).decode()
DLR = {"sent": "8", "delivered": "1", "failed": "2"}

Sent = dict[str, str]


@dataclass(frozen=True)
class Wire:
    """One request, ready to be made."""

    url: str
    body: bytes | None
    headers: dict[str, str]


# -- what we send, as each reads it ----------------------------------------------------------------------------------


def kannel_takes(headers: dict[str, str], query: Sent, body: bytes) -> tuple[int, str, Sent]:
    if (headers.get("x-kannel-username"), headers.get("x-kannel-password")) != ("jaabi", PASSWORD):
        return 403, "Authorization failed for sendsms", {}
    names = ("to", "from", "coding", "dlr-url", "dlr-mask", "smsc")
    taken = {name: headers.get(f"x-kannel-{name}", "") for name in names}
    return 202, "0: Accepted for delivery", taken | {"text": body.decode(), "reference": taken["dlr-url"]}


def rapidpro_takes(headers: dict[str, str], query: Sent, body: bytes) -> tuple[int, str, Sent]:
    if headers.get("authorization") != f"Token {PASSWORD}":
        return 401, "{}", {}
    if not body:
        return 200, rapidpro_lists(query), {}
    if "json" not in headers["content-type"]:
        taken = dict(parse_qsl(body.decode()))
        return 200, "", taken | {"reference": taken["id"]}
    said = json.loads(body)
    made = datetime.now(UTC).isoformat()
    Handler.broadcasts.insert(0, {"id": 4711, "urns": said["urns"], "text": {"fra": said["text"]}, "created_on": made})
    return 201, json.dumps({"id": 4711}), {"to": said["urns"][0].removeprefix("tel:"), "text": said["text"]}


def rapidpro_lists(query: Sent) -> str:
    """Newest first, one a page: as many as it has, so that whoever looks must turn over."""
    after = datetime.fromisoformat(query["after"])
    found = [one for one in Handler.broadcasts if datetime.fromisoformat(one["created_on"]) >= after]
    at = int(query.get("cursor", 0))
    following = f"http://elsewhere.example/?{urlencode(query | {'cursor': str(at + 1)})}"
    return json.dumps({"results": found[at : at + 1], "next": following if at + 1 < len(found) else None})


def android_takes(headers: dict[str, str], query: Sent, body: bytes) -> tuple[int, str, Sent]:
    if headers.get("authorization") != BASIC:
        return 401, "", {}
    said = json.loads(body)
    if said["id"] in Handler.android_ids:
        return 409, "{}", {}
    Handler.android_ids.add(said["id"])
    taken = {"to": said["phoneNumbers"][0], "text": said["textMessage"]["text"], "reference": said["id"]}
    return 202, json.dumps({"id": said["id"], "state": "Pending"}), taken


def generic_takes(headers: dict[str, str], query: Sent, body: bytes) -> tuple[int, str, Sent]:
    if headers.get("authorization") != PASSWORD:
        return 401, "", {}
    if not body:
        taken = query
    elif "json" in headers["content-type"]:
        taken = json.loads(body)
    else:
        taken = dict(parse_qsl(body.decode()))
    return 200, json.dumps({"id": f"carrier-{taken['id']}"}), taken | {"reference": taken["id"]}


TAKES = {"kannel": kannel_takes, "rapidpro": rapidpro_takes, "android": android_takes, "generic": generic_takes}


# -- what people send, as each writes it -----------------------------------------------------------------------------


def kannel_writes(wish: Sent) -> Wire:
    query = urlencode({"id": wish["id"], "secret": wish["secret"]})
    headers = {"Content-Type": "text/plain; charset=UTF-16BE", "X-Kannel-Time": wish["at"]}
    headers |= {"X-Kannel-From": wish["sender"], "X-Kannel-To": wish["to"]}
    headers |= {"X-Kannel-UDH": wish["udh"]} if "udh" in wish else {}
    return Wire(f"{wish['url']}?{query}", wish["text"].encode("utf-16-be"), headers)


def rapidpro_writes(wish: Sent) -> Wire:
    said = {"from": wish["sender"], "to": wish["to"], "text": wish["text"], "id": wish["id"], "date": wish["at"]}
    headers = {"Content-Type": FORM, "Authorization": f"Token {wish['secret']}"}
    return Wire(wish["url"], urlencode(said).encode(), headers)


def android_writes(wish: Sent) -> Wire:
    payload = {"messageId": "same for same words", "message": wish["text"], "sender": wish["sender"]}
    payload |= {"recipient": wish["to"], "receivedAt": wish["at"]}
    return android_signed(wish, {"event": "sms:received", "id": wish["id"], "payload": payload})


def android_signed(wish: Sent, event: dict[str, Any]) -> Wire:
    body, stamp = json.dumps(event | {"deviceId": "d", "webhookId": "w"}).encode(), "1700000000"
    signature = hmac.new(wish["secret"].encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Signature": signature, "X-Timestamp": stamp}
    return Wire(wish["url"], body, headers)


def generic_writes(wish: Sent) -> Wire:
    said = {"from": wish["sender"], "to": wish["to"], "text": wish["text"], "id": wish["id"], "date": wish["at"]}
    said |= {name: wish[name] for name in ("udh", "ref", "part", "parts") if name in wish}
    if wish.get("method") == "get":
        return Wire(f"{wish['url']}?{urlencode(said | {'secret': wish['secret']})}", None, {})
    return generic_signed(wish, said)


def generic_signed(wish: Sent, said: dict[str, str]) -> Wire:
    body = json.dumps(said).encode()
    signature = hmac.new(wish["secret"].encode(), body, hashlib.sha256).hexdigest()
    return Wire(wish["url"], body, {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"})


WRITES = {"kannel": kannel_writes, "rapidpro": rapidpro_writes, "android": android_writes, "generic": generic_writes}


# -- what became of what we sent, as each tells it --------------------------------------------------------------------


def kannel_tells(wish: Sent) -> Wire:
    return Wire(wish["reference"].replace("%d", DLR[wish["state"]]), None, {})


def rapidpro_tells(wish: Sent) -> Wire:
    said = {"id": wish["reference"], "status": wish["state"]}
    return Wire(wish["url"], urlencode(said).encode(), {"Content-Type": FORM, "Authorization": f"Token {SECRET}"})


def android_tells(wish: Sent) -> Wire:
    event = {"event": f"sms:{wish['state']}", "id": secrets.token_hex(8), "payload": {"messageId": wish["reference"]}}
    return android_signed(wish, event)


def generic_tells(wish: Sent) -> Wire:
    return generic_signed(wish, {"id": f"carrier-{wish['reference']}", "status": wish["state"].upper()})


TELLS = {"kannel": kannel_tells, "rapidpro": rapidpro_tells, "android": android_tells, "generic": generic_tells}


class Handler(BaseHTTPRequestHandler):
    """`/<carrier>/…` for the product, `/_control/…` for the tests."""

    sent: list[Sent] = []
    failures: list[int] = []
    losses: list[int] = []
    broadcasts: list[dict[str, Any]] = []
    android_ids: set[str] = set()

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        carrier = parts.path.split("/")[1]
        if carrier == "_control":
            return self._write(200, json.dumps(self._controlled(parts.path.rpartition("/")[2], json.loads(body))))
        if Handler.failures:
            return self._write(Handler.failures.pop(), "")
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer, taken = TAKES[carrier](headers, dict(parse_qsl(parts.query)), body)
        if taken:
            Handler.sent.append({"carrier": carrier} | taken)
            status = Handler.losses.pop() if Handler.losses else status
        return self._write(status, answer)

    def _controlled(self, act: str, wish: Any) -> Any:
        if act == "sent":
            return Handler.sent
        if act in {"fail", "lose"}:
            (Handler.failures if act == "fail" else Handler.losses).extend(wish)
            return None
        if act == "reset":
            for kept in (Handler.sent, Handler.failures, Handler.losses, Handler.broadcasts, Handler.android_ids):
                kept.clear()
            return None
        wires = {"receive": WRITES, "deliver": TELLS}[act]
        return posted(wires[wish["carrier"]](wish))

    def _write(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: a log of addresses would hold numbers."""


def posted(wire: Wire) -> int:
    """The status of the answer."""
    method = "GET" if wire.body is None else "POST"
    request = urllib.request.Request(wire.url, data=wire.body, headers=wire.headers, method=method)
    try:
        with OPENER.open(request, timeout=15) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@dataclass
class Carriers:
    """The tests' hand on the process."""

    base_url: str
    wish: Sent = field(default_factory=dict)

    def sent(self) -> list[Sent]:
        found: list[Sent] = self._ask("sent", {})
        return found

    def fail(self, *statuses: int) -> None:
        self._ask("fail", statuses)

    def lose(self, *statuses: int) -> None:
        """The next messages are taken, and answered so."""
        self._ask("lose", statuses)

    def reset(self) -> None:
        self._ask("reset", {})

    def receive(self, carrier: str, url: str, text: str, **more: str) -> int:
        """Somebody writes; out: the status of the answer."""
        usual = {"sender": "+22300000012", "to": "36021", "id": secrets.token_hex(8), "secret": SECRET}
        usual |= {"at": "2022-03-12 10:30:00"}
        return int(self._ask("receive", usual | {"carrier": carrier, "url": url, "text": text} | more))

    def deliver(self, carrier: str, url: str, reference: str, state: str) -> int:
        wish = {"carrier": carrier, "url": url, "reference": reference, "state": state, "secret": SECRET}
        return int(self._ask("deliver", wish))

    def _ask(self, act: str, wish: Any) -> Any:
        request = urllib.request.Request(f"{self.base_url}/_control/{act}", data=json.dumps(wish).encode())
        with OPENER.open(request, timeout=60) as reply:
            return json.load(reply)


@contextmanager
def running_carriers() -> Iterator[Carriers]:
    """Start the process, give a hand on it, end the process."""
    command = [sys.executable, "-m", "tests.standin.carriers"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Carriers(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
