"""WAV: chunks, of which players need the format, the count of samples and the sound.

Programs write the others as they like: `LIST` (INFO), `bext`, `iXML`, `id3 `, `cue `, `_PMX`, and more each year.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.attached import Unreadable

_HEAD = 8
_LONGEST_FORMAT = 64
_NEEDED = (b"fmt ", b"fact", b"data")
# PCM, ADPCM, float, A-law, µ-law, IMA, GSM, and PCM that says so at length. Not an MP3 in disguise: it has tags inside.
_SOUNDS = {0x0001, 0x0002, 0x0003, 0x0006, 0x0007, 0x0011, 0x0031, 0xFFFE}


def cleaned(content: bytes) -> bytes:
    """The same sound in the three chunks that it takes. Raises Unreadable."""
    found: dict[bytes, bytes] = {}
    for kind, said in _chunks(content):
        if kind in _NEEDED:
            found.setdefault(kind, said)
    form = found.get(b"fmt ", b"")
    if not found.get(b"data") or len(form) > _LONGEST_FORMAT or int.from_bytes(form[:2], "little") not in _SOUNDS:
        raise Unreadable
    body = b"WAVE" + b"".join(_chunk(kind, found[kind]) for kind in _NEEDED if kind in found)
    return _chunk(b"RIFF", body)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What was written as it was recorded may say no size, or more than came: it goes to the end."""
    if not content.startswith(b"RIFF"):
        raise Unreadable
    at = 12
    while at + _HEAD <= len(content):
        size = int.from_bytes(content[at + 4 : at + _HEAD], "little")
        kind = content[at : at + 4]
        if kind == b"data" and size == 0:
            size = len(content)
        yield kind, content[at + _HEAD : at + _HEAD + size]
        at += _HEAD + size + size % 2


def _chunk(kind: bytes, said: bytes) -> bytes:
    return kind + len(said).to_bytes(4, "little") + said + b"\0" * (len(said) % 2)
