"""A file as one text, to be sealed like any other, and how the browser of whoever may open it gets it back."""

from __future__ import annotations

import base64
from binascii import Error as NotBase64
from collections.abc import Collection

from django.http import HttpResponse

_MARK = ";base64,"


class Unreadable(ValueError):
    """These bytes are not what they should be: nothing of them is kept."""


def as_text(kind: str, content: bytes) -> str:
    """In: a type that our own code found out, and the bytes. Out: one text."""
    return f"{kind}{_MARK}{base64.b64encode(content).decode()}"


def from_text(text: str, kinds: Collection[str]) -> tuple[str, bytes]:
    """The type and bytes of a text that `as_text` made, if it is one of these types. Raises Unreadable."""
    kind, _mark, content = text.partition(_MARK)
    if kind not in kinds:
        raise Unreadable
    try:
        return kind, base64.b64decode(content, validate=True)
    except NotBase64 as error:
        raise Unreadable from error


def in_a_sandbox(kind: str, content: bytes) -> HttpResponse:
    """The file for the browser that asked, which may do nothing with it but show or play it."""
    response = HttpResponse(content, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; img-src 'self'; sandbox"
    return response
