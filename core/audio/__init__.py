"""Recordings of a voice: told by their first bytes, never by what is said of them, and kept as sealed text.

What is kept of a file is the sound, and what a player needs to find and play it. Whatever else was written in it (who
spoke, where, when, on which telephone, a cover, chapters, a film) is left out, and so is all that we do not know. A
file that cannot be taken apart is not kept.
"""

from __future__ import annotations

from django.http import HttpResponse

from core.attached import Unreadable, as_text, from_text, in_a_sandbox
from core.audio import framed, mp4, ogg, wav, webm

_BEGINNINGS = (
    (0, b"OggS", "audio/ogg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xfa", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xe3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (4, b"ftyp", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"ID3", "audio/mpeg"),
)
TYPES = {kind for _at, _sign, kind in _BEGINNINGS}
_CLEANED = {
    "audio/ogg": ogg.cleaned,
    "audio/mpeg": framed.cleaned_mp3,
    "audio/aac": framed.cleaned_aac,
    "audio/amr": framed.cleaned_amr,
    "audio/mp4": mp4.cleaned,
    "audio/wav": wav.cleaned,
    "audio/webm": webm.cleaned,
}


def audio_type(content: bytes) -> str | None:
    """What these bytes are, past a tag that stands before the sound; None for what is no recording."""
    head = framed.without_tag(content)[:16]
    known = (kind for at, sign, kind in _BEGINNINGS if head[at : at + len(sign)] == sign)
    return next(known, "audio/mpeg" if content.startswith(b"ID3") else None)


def packed(content: bytes) -> str:
    """The sound of a recording as one text, to be sealed. Raises Unreadable for what is none."""
    kind = audio_type(content)
    if kind is None:
        raise Unreadable
    try:
        return as_text(kind, _CLEANED[kind](content))
    except (IndexError, RecursionError) as error:
        raise Unreadable from error


def unpacked(text: str) -> tuple[str, bytes]:
    """Its type and bytes, of a text that `packed` made. Raises Unreadable."""
    return from_text(text, TYPES)


def played(text: str) -> HttpResponse:
    """A recording for the browser that asked, which may do nothing with it but play it. Raises Unreadable."""
    return in_a_sandbox(*unpacked(text))
