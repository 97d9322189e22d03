"""MP3, AAC and AMR: one frame of sound after another. What stands before, between or behind them is a note.

Such are ID3 in both its versions, APE, Lyrics3, and the name and settings of the program in the first frame of an MP3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.attached import Unreadable
from core.audio.limits import MOST_FALSE_STARTS

# Its length in bytes of a frame that may begin there; 0 for none.
Measure = Callable[[bytes, int], int]

_ID3_HEAD, _ID3_HAS_FOOT = 10, 0x10
_KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# Samples a second, by the two bits that say the version: 2.5, none, 2, 1.
_RATES = ((11025, 12000, 8000), (), (22050, 24000, 16000), (44100, 48000, 32000))
_MPEG_1 = 3
# How much of the file the first frame of a variable MP3 may say: frames, bytes, where to seek, quality.
_SAYS_OF_FILE = ((1, 4), (2, 4), (4, 100), (8, 4))
_SAYS_WITHIN = 48
_AMR_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, 0, 0, 0, 0)
_AMR_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)
_AMR = {b"#!AMR\n": _AMR_NARROW, b"#!AMR-WB\n": _AMR_WIDE}
_AMR_PADDING = 0x83


def without_tag(content: bytes) -> bytes:
    """What follows the ID3 tags that stand first."""
    at = 0
    while content.startswith(b"ID3", at):
        at = _past_id3(content, at)
    return content[at:]


def cleaned_mp3(content: bytes) -> bytes:
    """The frames alone. Raises Unreadable where there are none."""
    first, *others = _frames(content, _mp3_length) or [b""]
    return _sound(b"".join([_without_program(first), *others]))


def cleaned_aac(content: bytes) -> bytes:
    """As `cleaned_mp3`."""
    return _sound(b"".join(_frames(content, _aac_length)))


def cleaned_amr(content: bytes) -> bytes:
    """As `cleaned_mp3`: the frames until what is none."""
    head, sizes = next(((head, sizes) for head, sizes in _AMR.items() if content.startswith(head)), (b"", ()))
    at = len(head)
    while sizes and at < len(content) and not content[at] & _AMR_PADDING:
        end = at + 1 + sizes[content[at] >> 3]
        if end > len(content):
            break
        at = end
    if at == len(head):
        raise Unreadable
    return content[:at]


def _sound(content: bytes) -> bytes:
    if not content:
        raise Unreadable
    return content


def _frames(content: bytes, length_at: Measure) -> list[bytes]:
    return [content[at:end] for at, end in _places(content, length_at)]


def _places(content: bytes, length_at: Measure) -> Iterator[tuple[int, int]]:
    """A frame follows another, or another follows it: two bytes of a note may look like the head of one."""
    at, follows, left = 0, False, MOST_FALSE_STARTS
    while 0 <= at < len(content) and left:
        size = length_at(content, at)
        end = at + size
        if size and end <= len(content) and (follows or end == len(content) or length_at(content, end)):
            yield at, end
            at, follows = end, True
        elif content.startswith(b"ID3", at):
            at, follows = _past_id3(content, at), False
        else:
            at, follows, left = content.find(b"\xff", at + 1), False, left - 1


def _past_id3(content: bytes, at: int) -> int:
    """A tag says its size in seven bits a byte."""
    size = 0
    for byte in content[at + 6 : at + _ID3_HEAD]:
        size = size << 7 | byte & 0x7F
    has_foot = content[at + 5 : at + 6] >= bytes([_ID3_HAS_FOOT]) and content[at + 5] & _ID3_HAS_FOOT
    return at + _ID3_HEAD + size + (_ID3_HEAD if has_foot else 0)


def _mp3_length(content: bytes, at: int) -> int:
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, kilobits = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if rate >= len(_RATES[version]) or not 0 < kilobits < len(_KILOBITS_1):
        return 0
    known, bits = (_KILOBITS_1, 144_000) if version == _MPEG_1 else (_KILOBITS_2, 72_000)
    return bits * known[kilobits] // _RATES[version][rate] + (head[2] >> 1 & 1)


def _aac_length(content: bytes, at: int) -> int:
    head = content[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return size if size >= len(head) else 0


def _without_program(frame: bytes) -> bytes:
    """The first frame may hold no sound, and say how long the file is; behind that, which program made it and how."""
    said = max(frame.find(mark, 0, _SAYS_WITHIN) for mark in (b"Xing", b"Info"))
    if said < 0:
        return frame
    flags = int.from_bytes(frame[said + 4 : said + 8], "big")
    end = said + 8 + sum(size for flag, size in _SAYS_OF_FILE if flags & flag)
    return frame[:end] + bytes(max(0, len(frame) - end))
