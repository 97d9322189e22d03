"""Files that people send: what is kept of them is the sound and the picture, and nothing that says who or where."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.attached import Unreadable
from core.audio import packed, played, unpacked
from core.pictures import LONGEST_SIDE, packed_picture, shown
from tests.voices import OGG

PLACE = b"GPS 16.2716 -0.0447"
MAKER, ORIENTATION = 0x010F, 0x0112


def a_photo(size: tuple[int, int] = (40, 20), kind: str = "JPEG") -> bytes:
    """A photo that says who made it, and that it must be turned."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = PLACE.decode(), 6
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, kind, exif=exif)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_upright_and_without_what_the_camera_wrote(kind: str) -> None:
    photo = a_photo(kind=kind)
    assert PLACE in photo
    response = shown(packed_picture(photo))
    with Image.open(io.BytesIO(response.content)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (20, 40), {})
    assert PLACE not in response.content


def test_a_large_picture_becomes_light() -> None:
    with Image.open(io.BytesIO(shown(packed_picture(a_photo((4000, 3000)))).content)) as kept:
        assert max(kept.size) == LONGEST_SIDE


def a_bomb() -> bytes:
    content = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + bytes(40), b"<svg onload='x'/>", b"\xff\xd8\xff" + bytes(90), a_photo()[:300], a_bomb()],
)
def test_what_is_no_picture_or_far_too_large_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        packed_picture(content)


def test_the_browser_may_only_play_or_show_what_it_is_given() -> None:
    for response in (played(packed(OGG)), shown(packed_picture(a_photo()))):
        policy = response["Content-Security-Policy"].split("; ")
        assert {"sandbox", "default-src 'none'"} <= set(policy)
        assert (response["X-Content-Type-Options"], response["Content-Disposition"]) == ("nosniff", "inline")
    with pytest.raises(Unreadable):
        unpacked("text/html;base64,PGI+")
