"""The stand-in's HTTP server: the API for the product, `/_control/` for the tests."""

from __future__ import annotations

import base64
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standin.api import Call, MessagesApi, Reply, refusal
from tests.standin.control import Control
from tests.standin.faults import Faults
from tests.standin.messages import API_VERSION, Messages

CONTROL = "/_control/"
STORE = "/_store/"


class StandIn(ThreadingHTTPServer):
    """Twilio for one account, on the loopback unless told. Port 0 takes a free one: see `server_port`."""

    daemon_threads = True

    def __init__(self, port: int, account_sid: str, auth_token: str, *, host: str = "127.0.0.1") -> None:
        super().__init__((host, port), Handler)
        self.prefix = f"/{API_VERSION}/Accounts/{account_sid}/"
        self.credentials = "Basic " + base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self.faults = Faults()
        self.api = MessagesApi(account_sid, Messages())
        self.control = Control(self.api, self.faults, auth_token)


class Handler(BaseHTTPRequestHandler):
    """Reads a request, lets the API or the control answer, writes JSON."""

    protocol_version = "HTTP/1.1"
    # Head and body of an answer leave together: apart, the second waits until the first is acknowledged.
    wbufsize = -1
    server: StandIn

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: a log of addresses would hold numbers."""

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if parts.path.startswith(CONTROL):
            return self._write(self._controlled(parts.path.removeprefix(CONTROL), body))
        if self.command == "GET" and self._file(parts.path):
            return None
        reply = self._answered(
            parts.path, dict(parse_qsl(parts.query)), dict(parse_qsl(body.decode(), keep_blank_values=True))
        )
        time.sleep(self.server.faults.delay)
        if reply[0] == 201 and self.server.faults.take_loss():
            self.close_connection = True
            return None
        return self._write(reply)

    def _file(self, path: str) -> bool:
        """A file is not served by the API: it sends to a store on another address, which asks for no password."""
        files, resource = self.server.api.files, path.removeprefix(self.server.prefix).removesuffix(".mp3")
        if path.startswith(STORE):
            if self.headers.get("Authorization"):
                self.server.api.leaks.append(path)
            content = files.get(path.removeprefix(STORE))
            self.send_response(200 if content is not None else 404)
        elif resource in files and self.headers.get("Authorization") == self.server.credentials:
            content = b""
            self.send_response(307)
            self.send_header("Location", f"http://localhost:{self.server.server_port}{STORE}{resource}")
        else:
            return False
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")
        return True

    def _controlled(self, name: str, body: bytes) -> Reply:
        act = self.server.control.acts.get(name)
        if act is None:
            return 404, {"message": f"no control named {name!r}"}
        return 200, act(json.loads(body or b"{}"))

    def _answered(self, path: str, query: dict[str, str], form: dict[str, str]) -> Reply:
        if self.headers.get("Authorization") != self.server.credentials:
            return refusal(401, 20003)
        if not path.startswith(self.server.prefix):
            return refusal(404, 20404)
        failure = self.server.faults.take_failure()
        if failure:
            return refusal(*failure, form.get("To", ""))
        assert self.command is not None
        reply = self.server.api.answer(Call(self.command, path.removeprefix(self.server.prefix), query, form))
        self._report_of_itself(reply)
        return reply

    def _report_of_itself(self, reply: Reply) -> None:
        status, shown = reply
        if status == 201 and shown and self.server.faults.auto:
            message = self.server.api.messages.get(shown["sid"])
            assert message is not None
            self.server.control.report_later(message)

    def _write(self, reply: Reply) -> None:
        status, content = reply
        payload = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
