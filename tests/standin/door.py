"""A web server that keeps what is posted to it, to be read by a gateway or replayed to the product."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.test import Client, RequestFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered


class Door:
    """`received` holds every request, oldest first."""

    def __init__(self) -> None:
        self.received: list[HttpRequest] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                door.received.append(as_django_request(self))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"seen")

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def let_in(self, client: Client) -> list[Answered]:
        """Hands what was received to the product, byte for byte, and forgets it."""
        answers = [replayed(request, client) for request in self.received]
        self.received.clear()
        return answers


def as_django_request(handler: BaseHTTPRequestHandler) -> HttpRequest:
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    sent = {name: value for name, value in handler.headers.items() if name.lower() != "content-type"}
    method = handler.command or "POST"
    content_type = handler.headers.get("Content-Type", "application/octet-stream")
    return RequestFactory().generic(method, handler.path, body, content_type, headers=sent)


def replayed(request: HttpRequest, client: Client) -> Answered:
    headers = {name: value for name, value in request.headers.items() if name not in ("Content-Type", "Content-Length")}
    headers.pop("Cookie", None)
    return client.generic(
        request.method or "POST",
        request.get_full_path(),
        request.body,
        request.META.get("CONTENT_TYPE", ""),
        headers=headers,
    )


@contextmanager
def open_door() -> Iterator[Door]:
    door = Door()
    thread = threading.Thread(target=door.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield door
    finally:
        door.server.shutdown()
        thread.join()
        door.server.server_close()
