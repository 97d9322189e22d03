"""What is kept of a recording of each kind: the same sound, and nothing that was written beside it.

That a browser still plays it, `tests/browser/test_voices.py` tries.
"""

from __future__ import annotations

import io
import wave

import pytest

from core.attached import Unreadable
from core.audio import TYPES, packed, unpacked
from tests.voices import OGG, PLANT, RECORDED, SOUND, an_ogg, checksum

PLACE = b"16.2716"
VOICES = {path.name: path.read_bytes() for path in RECORDED}
MP3 = VOICES["mp3.mp3"]
WITH_NOTES = [name for name, content in VOICES.items() if PLANT in content]


def kept(content: bytes) -> bytes:
    return unpacked(packed(content))[1]


def with_chunk(wav: bytes, kind: bytes, said: bytes) -> bytes:
    more = kind + len(said).to_bytes(4, "little") + said
    return b"RIFF" + (len(wav) - 8 + len(more)).to_bytes(4, "little") + wav[8:12] + more + wav[12:]


def with_box(m4a: bytes, kind: bytes, said: bytes) -> bytes:
    return m4a + (len(said) + 8).to_bytes(4, "big") + kind + said


def frames(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as opened:
        return bytes(opened.readframes(opened.getnframes()))


def test_there_is_one_of_each_kind_that_is_taken() -> None:
    assert {unpacked(packed(content))[0] for content in VOICES.values()} == TYPES
    assert len(WITH_NOTES) == len(VOICES) - 1, "an AMR has no room for notes"


@pytest.mark.parametrize("name", VOICES)
def test_nothing_said_of_who_where_and_when_is_kept(name: str) -> None:
    once = kept(VOICES[name])
    for trace in (PLANT, PLACE, b"Lavf", b"2021-03-04", b"SoundHandler"):
        assert trace not in once
    assert kept(once) == once


@pytest.mark.parametrize("name", ["aac.m4a", "amr.3gp", "pieces.mp4"])
def test_an_mp4_says_no_date_and_its_sound_stays_where_it_was(name: str) -> None:
    content = VOICES[name]
    after = kept(content)
    assert len(after) == len(content)
    begins = content.index(b"mdat") + 4
    ends = begins - 8 + int.from_bytes(content[begins - 8 : begins - 4], "big")
    assert after[begins:ends] == content[begins:ends]
    for head in (b"mvhd", b"tkhd", b"mdhd"):
        at = after.index(head) + 8
        assert any(content[at : at + 8])
        assert after[at : at + 8] == bytes(8)


@pytest.mark.parametrize(("name", "picture"), [("film.mov", b"\0\0\1\xb6"), ("film.webm", b"\x9d\x01\x2a")])
def test_a_film_loses_its_pictures(name: str, picture: bytes) -> None:
    """Known by what begins each, or the first, in MPEG-4 and VP8."""
    assert picture in VOICES[name]
    assert picture not in kept(VOICES[name])


def test_what_no_piece_of_an_mp4s_sound_claims_is_emptied() -> None:
    for kind in (b"mdat", b"uuid", b"udta", b"free"):
        assert PLANT not in kept(with_box(VOICES["aac.m4a"], kind, PLANT))


def test_an_ogg_is_paged_anew_and_what_holds_the_sound_is_the_same() -> None:
    assert kept(an_ogg(note=PLANT)) == kept(OGG) == OGG
    for name in ("opus.ogg", "vorbis.ogg"):
        pages = [b"OggS" + page for page in kept(VOICES[name]).split(b"OggS")[1:]]
        for page in pages:
            assert checksum(page[:22] + bytes(4) + page[26:]) == int.from_bytes(page[22:26], "little")
        assert pages[-1].endswith(VOICES[name].rpartition(b"OggS")[2][23:])


def test_an_ogg_loses_what_plays_beside_its_sound() -> None:
    other = an_ogg(PLANT, serial=7).replace(b"OpusHead", b"\x80kate\0\0\0")
    second = other.index(b"OggS", 4)
    assert kept(other[:second] + OGG + other[second:]) == OGG
    assert len(kept(OGG + an_ogg(serial=9))) == 2 * len(OGG), "a file may begin anew"


@pytest.mark.parametrize("kind", [b"LIST", b"bext", b"iXML", b"id3 ", b"cue ", b"junk"])
def test_a_wav_keeps_its_sound_alone(kind: bytes) -> None:
    plain = kept(VOICES["pcm.wav"])
    assert kept(with_chunk(VOICES["pcm.wav"], kind, PLANT)) == plain
    assert frames(plain) == frames(VOICES["pcm.wav"])


@pytest.mark.parametrize(
    "behind",
    [
        b"TAG" + PLANT.ljust(125, b"\0"),
        b"APETAGEX" + PLANT.ljust(24, b"\0"),
        b"LYRICSBEGIN" + PLANT + b"000023LYRICS200",
        b"ID3\4\0\0\0\0\0\x0c" + PLANT,
    ],
)
def test_an_mp3_keeps_its_frames_alone(behind: bytes) -> None:
    plain = kept(MP3)
    assert kept(MP3 + behind) == plain
    assert kept(plain + behind + plain) == plain + plain
    assert b"LAME" in MP3
    assert plain.count(b"\xff\xf3") == MP3.count(b"\xff\xf3")


@pytest.mark.parametrize("name", VOICES)
def test_one_that_was_cut_off_or_damaged_is_kept_without_notes_or_refused(name: str) -> None:
    content = VOICES[name]
    for end in range(len(content) % 7, len(content), 7):
        for broken in (content[:end], content[:end] + b"\xff" + content[end + 1 :]):
            try:
                after = kept(broken)
            except Unreadable:
                continue
            assert PLANT not in after


@pytest.mark.parametrize(
    "content",
    [
        b"OggS" + SOUND,
        b"ID3" + b"\xff" * 7,
        b"\xff\xfb" + b"\xff\xfb" * 100_000,
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x10ftypM4A " + bytes(4),
        b"\x1aE\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"\xec\x80" * 300_000,
        b"#!AMR\n",
        b"\xff\xf1" + SOUND,
    ],
)
def test_what_only_begins_like_a_recording_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        packed(content)
