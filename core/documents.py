"""Files that colleagues join to a matter: a picture, a voice or a PDF, told by their bytes, kept as sealed text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.http import HttpResponse

from core import audio, pictures
from core.attached import Unreadable, as_text, from_text, in_a_sandbox

PDF = "application/pdf"
KINDS = frozenset({pictures.KIND, PDF, *audio.TYPES})
# What makes a PDF more than pages: programs, files inside it, forms that send themselves; and what cannot be looked
# into. A browser or reader is the second net, not the first.
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|Encrypt)(?![A-Za-z0-9])"
)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_TAIL, _MOST_INFLATED = 2_048, 10_000_000


def packed_document(content: bytes) -> str:
    """A picture drawn anew, a voice without its notes, or a PDF as it is, as one text. Raises Unreadable."""
    if content.startswith(b"%PDF-"):
        return _packed_pdf(content)
    if audio.audio_type(content) is not None:
        return audio.packed(content)
    return pictures.packed_picture(content)


def handed(text: str) -> HttpResponse:
    """Such a file for the browser that asked, in a sandbox; a PDF to be saved, since no browser shows one inside it.

    Raises Unreadable.
    """
    kind, content = from_text(text, KINDS)
    response = in_a_sandbox(kind, content)
    if kind == PDF:
        response["Content-Disposition"] = 'attachment; filename="document.pdf"'
    return response


def size_of(text: str) -> int:
    """How many bytes such a text holds."""
    return len(from_text(text, KINDS)[1])


def kind_of(text: str) -> str:
    """The type of such a text. Raises Unreadable."""
    return from_text(text, KINDS)[0]


def _packed_pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-_TAIL:]:
        raise Unreadable
    if any(_ACTIVE.search(_ESCAPED.sub(_sign, part)) for part in _objects(content)):
        raise Unreadable
    return as_text(PDF, content)


def _sign(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _objects(content: bytes) -> Iterator[bytes]:
    """What a PDF says of itself: all that stands outside its streams, and the objects that are packed in some."""
    yield _STREAM.sub(b"", content)
    for stream in _STREAM.finditer(content):
        head = content[: stream.start()].rpartition(b"obj")[2]
        if b"ObjStm" in _ESCAPED.sub(_sign, head):
            yield _inflated(stream[1])


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MOST_INFLATED)
    except zlib.error as error:
        raise Unreadable from error
