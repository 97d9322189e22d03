"""Recordings of a voice: told by their first bytes, never by what is said of them, and kept as sealed text."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from core.attached import Unreadable, as_text, from_text, in_a_sandbox

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
# Boxes of an MP4 file that hold other boxes on the way to what telephones note: title, maker, place.
_MP4_HOLDERS = {b"moov", b"trak"}
_MP4_NOTES = {b"udta", b"meta", b"uuid"}
_HEAD = 8
_ID3_HEAD, _ID3_TAIL = 10, 128


def audio_type(content: bytes) -> str | None:
    """What these bytes are; None for what is no recording that a browser plays."""
    return next((kind for at, sign, kind in _BEGINNINGS if content[at : at + len(sign)] == sign), None)


def packed(content: bytes) -> str:
    """A recording as one text, to be sealed. Raises Unreadable for what is none."""
    kind = audio_type(content)
    if kind is None:
        raise Unreadable
    return as_text(kind, content)


def unpacked(text: str) -> tuple[str, bytes]:
    """Its type and bytes, of a text that `packed` made. Raises Unreadable."""
    return from_text(text, TYPES)


def played(text: str) -> HttpResponse:
    """A recording for the browser that asked, which may do nothing with it but play it. Raises Unreadable."""
    return in_a_sandbox(*unpacked(text))


def without_notes(content: bytes) -> bytes:
    """The same sound, without what a telephone wrote beside it: who made it, when, and where it stood.

    Done for the two kinds that carry such notes, MP3 and MP4; the sound itself is not touched.
    """
    if content.startswith(b"ID3"):
        content = content[_ID3_HEAD + _syncsafe(content[6:_ID3_HEAD]) :]
    if content[-_ID3_TAIL:].startswith(b"TAG"):
        content = content[:-_ID3_TAIL]
    if content[4:8] != b"ftyp":
        return content
    blanked = bytearray(content)
    for start, end in _mp4_notes(content, 0, len(content)):
        # kept as empty room, so that what follows stays where the file says it is
        blanked[start + 4 : start + _HEAD] = b"free"
        blanked[start + _HEAD : end] = bytes(end - start - _HEAD)
    return bytes(blanked)


def _syncsafe(size: bytes) -> int:
    """The size that an ID3 tag gives of itself: seven bits a byte."""
    total = 0
    for byte in size:
        total = total << 7 | byte & 0x7F
    return total


def _mp4_notes(content: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the boxes of notes begin and end, as deep as they are put."""
    while start + _HEAD <= end:
        size, kind = int.from_bytes(content[start : start + 4], "big"), content[start + 4 : start + _HEAD]
        stop = start + size if _HEAD <= size <= end - start else end
        if kind in _MP4_NOTES:
            yield start, stop
        elif kind in _MP4_HOLDERS:
            yield from _mp4_notes(content, start + _HEAD, stop)
        start = stop
