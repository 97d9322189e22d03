"""Recordings of a voice: told by their first bytes, never by what is said of them, and kept as sealed text."""

from __future__ import annotations

import base64
from binascii import Error as NotBase64

from django.http import HttpResponse

_BEGINNINGS = (
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (4, b"ftyp", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
)
TYPES = {kind for _at, _sign, kind in _BEGINNINGS}


def audio_type(content: bytes) -> str | None:
    """What these bytes are; None for what is no recording that a browser plays."""
    return next((kind for at, sign, kind in _BEGINNINGS if content[at : at + len(sign)] == sign), None)


def packed(content: bytes) -> str:
    """A recording as one text, to be sealed. Raises ValueError for what is none."""
    kind = audio_type(content)
    if kind is None:
        raise ValueError
    return f"{kind};base64,{base64.b64encode(content).decode()}"


def unpacked(text: str) -> tuple[str, bytes]:
    """Its type and bytes, of a text that `packed` made. Raises ValueError."""
    kind, _comma, content = text.partition(";base64,")
    if kind not in TYPES:
        raise ValueError
    try:
        return kind, base64.b64decode(content, validate=True)
    except NotBase64 as error:
        raise ValueError from error


def played(text: str) -> HttpResponse:
    """A recording for the browser that asked, which may do nothing with it but play it. Raises ValueError."""
    kind, content = unpacked(text)
    response = HttpResponse(content, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    return response
