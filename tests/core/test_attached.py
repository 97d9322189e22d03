"""Files that people send: what is kept of them is the sound and the picture, and nothing that says who or where."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.attached import Unreadable
from core.audio import packed, played, unpacked, without_notes
from core.pictures import LONGEST_SIDE, packed_picture, shown

PLACE = b"GPS 16.2716 -0.0447"
MAKER, ORIENTATION = 0x010F, 0x0112
SOUND = bytes(range(1, 201))


def a_photo(size: tuple[int, int] = (40, 20), kind: str = "JPEG") -> bytes:
    """A photo that says who made it, and that it must be turned."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = PLACE.decode(), 6
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, kind, exif=exif)
    return content.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


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


def test_an_mp3_loses_its_tags_and_keeps_its_sound() -> None:
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 1, 0]) + PLACE.ljust(128, b"\0")
    sound = b"\xff\xfb\x90\x00" + SOUND
    assert without_notes(tag + sound + b"TAG" + PLACE.ljust(125, b"\0")) == sound
    assert packed(without_notes(tag + sound)).startswith("audio/mpeg;")


def test_an_mp4_loses_its_notes_and_its_sound_stays_where_it_was() -> None:
    notes = box(b"udta", box(b"\xa9xyz", PLACE))
    moov = box(b"moov", box(b"mvhd", bytes(20)) + box(b"trak", box(b"tkhd", bytes(8)) + notes) + notes)
    recording = box(b"ftyp", b"M4A ") + moov + box(b"mdat", SOUND)
    kept = without_notes(recording)
    assert PLACE not in kept
    assert (len(kept), kept.index(SOUND)) == (len(recording), recording.index(SOUND))
    assert kept[4:8] == b"ftyp"


@pytest.mark.parametrize("content", [b"ID3", b"ID3" + b"\xff" * 7, box(b"ftyp", b"M4A ") + b"\0\0\0\1moov", b"OggS"])
def test_a_broken_recording_breaks_nothing(content: bytes) -> None:
    without_notes(content)


def test_the_browser_may_only_play_or_show_what_it_is_given() -> None:
    for response in (played(packed(b"OggS" + SOUND)), shown(packed_picture(a_photo()))):
        policy = response["Content-Security-Policy"].split("; ")
        assert {"sandbox", "default-src 'none'"} <= set(policy)
        assert (response["X-Content-Type-Options"], response["Content-Disposition"]) == ("nosniff", "inline")
    with pytest.raises(Unreadable):
        unpacked("text/html;base64,PGI+")
