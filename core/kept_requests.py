"""A gateway's request kept whole, so that it can be verified and read later exactly as at the door."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils import timezone

from core.index import keyed_hash

ABOUT = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR")
ABOUT_US = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme")
LEFT_OUT = {"HTTP_COOKIE"}


@dataclass(frozen=True)
class KeptRequest:
    """`name` is the line its address names, `door` what was to be done with it there. It holds what was said."""

    name: str
    door: str
    received_at: datetime
    environ: dict[str, Any]
    body: bytes

    @classmethod
    def of(cls, request: HttpRequest, *, name: str, door: str) -> KeptRequest:
        """In: a request whose form nobody has read yet."""
        return cls(name, door, timezone.now(), dict(request.META), request.body)

    @classmethod
    def from_text(cls, text: str) -> KeptRequest:
        said = json.loads(text)
        received_at = datetime.fromisoformat(said["received_at"])
        return cls(said["name"], said["door"], received_at, said["environ"], base64.b64decode(said["body"]))

    @property
    def text(self) -> str:
        """All of it, to be sealed."""
        body = base64.b64encode(self.body).decode()
        said = {"name": self.name, "door": self.door, "received_at": self.received_at.isoformat()}
        environ = {key: value for key, value in self.environ.items() if _is_kept(key) and isinstance(value, str)}
        return json.dumps(said | {"environ": environ, "body": body})

    @property
    def digest(self) -> str:
        """The same for a repeat, byte for byte, of what a gateway said; a keyed hash."""
        where = self.environ.get("PATH_INFO", ""), self.environ.get("QUERY_STRING", "")
        return keyed_hash("\x1f".join((*where, base64.b64encode(self.body).decode())), "kept-request")

    def again(self) -> HttpRequest:
        """The request as it came."""
        return WSGIRequest({**self.environ, "CONTENT_LENGTH": str(len(self.body)), "wsgi.input": BytesIO(self.body)})


def _is_kept(key: str) -> bool:
    return key in ABOUT or key in ABOUT_US or (key.startswith("HTTP_") and key not in LEFT_OUT)
