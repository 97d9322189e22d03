"""Files that colleagues join: told by their bytes, and a PDF only if it is pages and nothing else."""

from __future__ import annotations

import zlib

import pytest

from core.attached import Unreadable
from core.documents import PDF, handed, kind_of, packed_document
from tests.core.test_attached import PLACE, a_photo
from tests.voices import OGG, SOUND


def a_pdf(catalog: bytes = b"/Type /Catalog", more: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<< " + catalog + b" >>\nendobj\n" + more + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def a_stream(head: bytes, content: bytes) -> bytes:
    return (
        b"2 0 obj\n<< "
        + head
        + b" /Filter /FlateDecode >>\nstream\n"
        + zlib.compress(content)
        + b"\nendstream\nendobj\n"
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_photo(), "image/jpeg"),
        (OGG, "audio/ogg"),
        (a_pdf(), PDF),
        (a_pdf(more=a_stream(b"/Length 3", b"BT (/JavaScript) Tj ET")), PDF),
        (a_pdf(more=a_stream(b"/Type /ObjStm", b"<< /Type /Font /JSON 1 >>")), PDF),
    ],
)
def test_a_photo_a_voice_and_a_pdf_are_kept(content: bytes, kind: str) -> None:
    text = packed_document(content)
    assert kind_of(text) == kind
    answer = handed(text)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert PLACE not in answer.content
    assert ("attachment" in answer["Content-Disposition"]) == (kind == PDF)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ" + SOUND,
        b"<html>%PDF-1.4 %%EOF",
        a_pdf()[:-6],
        a_pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        a_pdf(b"/OpenAction << /S /J#61vaScript >>"),
        a_pdf(b"/Names << /EmbeddedFiles 3 0 R >>"),
        a_pdf(b"/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
        a_pdf(b"/Encrypt 4 0 R"),
        a_pdf(more=a_stream(b"/Type /ObjStm", b"<< /S /JavaScript /JS (x) >>")),
        a_pdf(more=b"2 0 obj\n<< /Type /ObjStm >>\nstream\nnot packed\nendstream\nendobj\n"),
    ],
)
def test_what_is_none_of_them_or_does_something_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        packed_document(content)
