"""The tests' hand on the stand-in: start the process, tell it what to do, ask what it saw."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.standin.webhooks import OPENER, Answer, Signature

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "a token of the stand-in, no secret"
NUMBER = "+22300000001"
SERVICE = "MG" + "0" * 32
ROOT = Path(__file__).resolve().parents[2]


class StandInClient:
    """One stand-in, at `base_url` (what `TWILIO_API_BASE_URL` is to be)."""

    def __init__(self, base_url: str, account_sid: str = ACCOUNT_SID, auth_token: str = AUTH_TOKEN) -> None:
        self.base_url = base_url
        self.account_sid = account_sid
        self.auth_token = auth_token

    def environment(self) -> dict[str, str]:
        """The settings that make the product talk to this stand-in."""
        return {
            "SMS_GATEWAY": "twilio",
            "TWILIO_API_BASE_URL": self.base_url,
            "TWILIO_ACCOUNT_SID": self.account_sid,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "TWILIO_FROM": NUMBER,
        }

    def sent(self, to: str | None = None) -> list[dict[str, Any]]:
        """Messages the product sent, oldest first: Twilio's own fields and `status_callback`."""
        messages: list[dict[str, Any]] = self._ask("sent", {"to": to} if to else {})["messages"]
        return messages

    def wait_sent(self, to: str, count: int = 1, timeout: float = 20.0) -> list[dict[str, Any]]:
        """The messages sent to `to`, once there are `count` of them. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while len(messages := self.sent(to)) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(messages)} of {count} messages were sent in {timeout} s")
            time.sleep(0.1)
        return messages

    def receive(
        self,
        url: str,
        sender: str,
        body: str,
        *,
        to: str = NUMBER,
        sid: str = "",
        service: str = "",
        media: int = 0,
        more: dict[str, str] | None = None,
        repeat: int = 1,
        signature: Signature = "valid",
        public_url: str = "",
    ) -> list[Answer]:
        """Somebody sends an SMS: post it to the webhook at `url`, `repeat` times. Returns the product's answers."""
        message: dict[str, Any] = {"sender": sender, "to": to, "body": body, "sid": sid, "service": service}
        message |= {"media": media, "more": more or {}}
        return self.receive_many(url, [message], repeat=repeat, signature=signature, public_url=public_url)

    def receive_many(
        self,
        url: str,
        messages: list[dict[str, Any]],
        *,
        reorder: bool = False,
        at_once: bool = False,
        repeat: int = 1,
        signature: Signature = "valid",
        public_url: str = "",
    ) -> list[Answer]:
        """Several messages (dicts of sender, to, body, sid, service, media), backwards or all at the same time."""
        wish = {"url": url, "messages": messages, "reorder": reorder, "at_once": at_once, "repeat": repeat}
        return self._answers("receive", wish | {"signature": signature, "public_url": public_url})

    def call(self, url: str, fields: dict[str, str], *, signature: Signature = "valid") -> Answer:
        """One step of a voice call: post these fields, signed; out: the product's TwiML."""
        (answer,) = self._answers("call", {"url": url, "fields": fields, "signature": signature})
        return answer

    def hold(self, resource: str, content: bytes) -> None:
        """The account holds this recording or file."""
        self._ask("hold", {"resource": resource, "content": base64.b64encode(content).decode()})

    def held(self) -> dict[str, list[str]]:
        """What is still at the carrier: `texts` of people, `files`; `leaks`: where our password went beyond it."""
        found: dict[str, list[str]] = self._ask("held", {})
        return found

    def replay(self) -> list[Answer]:
        """Post the last received requests again, byte for byte."""
        return self._answers("replay", {})

    def deliver(
        self,
        sid: str | None = None,
        *,
        statuses: tuple[str, ...] = ("sent", "delivered"),
        repeat: int = 1,
        reorder: bool = False,
        signature: Signature = "valid",
        error_code: int | None = None,
    ) -> list[Answer]:
        """Report one message, or all, to their status callback."""
        wish: dict[str, Any] = {"statuses": statuses, "repeat": repeat, "reorder": reorder, "signature": signature}
        wish |= {"sid": sid} if sid else {}
        return self._answers("deliver", wish | ({"error_code": error_code} if error_code else {}))

    def be_slow(self, seconds: float) -> None:
        """Answer every API request that late."""
        self._ask("faults", {"delay": seconds})

    def fail(self, times: int, *, status: int = 503, code: int = 20503) -> None:
        """Refuse the next requests."""
        self._ask("faults", {"fail_times": times, "status": status, "code": code})

    def lose_answers(self, times: int) -> None:
        """Take the next messages and break the connection instead of answering."""
        self._ask("faults", {"lose_times": times})

    def deliver_by_itself(self) -> None:
        """From now on report each message sent and delivered as soon as it is taken."""
        self._ask("faults", {"auto": True})

    def unsubscribe(self, to: str) -> None:
        """`to` has stopped messages at the carrier."""
        self._ask("stop", {"to": to})

    def close_window(self, to: str, *, later: bool = False) -> None:
        """`to` wrote by WhatsApp more than 24 hours ago: text is refused at sending, or `later` by its status."""
        self._ask("close_window", {"to": to, "later": later})

    def reset(self) -> None:
        """Forget everything and be well."""
        self._ask("reset", {})

    def _answers(self, act: str, wish: dict[str, Any]) -> list[Answer]:
        return [Answer(**answer) for answer in self._ask(act, wish)["answers"]]

    def _ask(self, act: str, wish: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.base_url}/_control/{act}", data=json.dumps(wish).encode())
        with OPENER.open(request, timeout=60) as reply:
            answer: dict[str, Any] = json.load(reply)
        return answer


@contextmanager
def running_standin(port: int = 0, *, host: str = "127.0.0.1") -> Iterator[StandInClient]:
    """Start the process, give a client, end the process."""
    command = [sys.executable, "-m", "tests.standin", "--port", str(port), "--host", host]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield StandInClient(f"http://{host}:{int(process.stdout.readline())}")
        finally:
            process.terminate()
