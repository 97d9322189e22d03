"""WebM: a tree of elements, of which the first sound's stay where they are; all else becomes empty room (`Void`).

Nothing moves, so that places said in the file stay true. RFC 8794 (EBML), RFC 9559 (Matroska), the WebM guidelines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.attached import Unreadable
from core.audio.limits import MOST_PIECES

_VOID = 0xEC
_LONGEST_SHORT_VOID = 128
_LONG_VOID_HEAD = 9
_HEADER, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_PLACE = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_INFO, _MUXED_BY, _WRITTEN_BY = 0x1549A966, 0x4D80, 0x5741
_TRACKS, _TRACK, _TRACK_NUMBER, _TRACK_UID, _TRACK_KIND, _SOUND = 0x1654AE6B, 0xAE, 0xD7, 0x73C5, 0x83, 0xE1
_CODEC, _CODEC_SAYS = 0x86, 0x63A2
_CUES, _CUE, _CUE_PLACES = 0x1C53BB6B, 0xBB, 0xB7
_SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK = 0xA3, 0xA0, 0xA1
_TOP = 0
# What may stand in each element that holds elements.
_KEPT: dict[int, frozenset[int]] = {
    _TOP: frozenset({_HEADER, _SEGMENT}),
    _HEADER: frozenset({0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285}),
    _SEGMENT: frozenset({_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES}),
    _SEEK_HEAD: frozenset({_SEEK}),
    _SEEK: frozenset({_SEEK_ID, _SEEK_PLACE}),
    _INFO: frozenset({0x2AD7B1, 0x4489, _MUXED_BY, _WRITTEN_BY}),
    _TRACKS: frozenset({_TRACK}),
    _TRACK: frozenset(
        {
            *(_TRACK_NUMBER, _TRACK_UID, _TRACK_KIND, _SOUND, _CODEC, _CODEC_SAYS),
            *(0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x55EE, 0x56AA, 0x56BB),
        }
    ),
    _SOUND: frozenset({0xB5, 0x78B5, 0x9F, 0x6264}),
    _CLUSTER: frozenset({0xE7, _SIMPLE_BLOCK, _BLOCK_GROUP, 0xAB, 0xA7}),
    _BLOCK_GROUP: frozenset({_BLOCK, 0x9B, 0xFB, 0xFA, 0x75A2}),
    _CUES: frozenset({_CUE}),
    _CUE: frozenset({0xB3, _CUE_PLACES}),
    _CUE_PLACES: frozenset({0xF7, 0xF1, 0xF0, 0xB2, 0x5378}),
}
_KIND_SOUND = 2
_OPUS, _VORBIS = b"A_OPUS", b"A_VORBIS"


class _Element(NamedTuple):
    kind: int
    start: int
    body: int
    end: int


def cleaned(content: bytes) -> bytes:
    """The same sound, saying nothing of who made it, when and with what; a film loses its pictures.

    Raises Unreadable.
    """
    top = _Element(_TOP, 0, 0, len(content))
    segment = _first(content, top, _SEGMENT)
    track = next(
        (one for one in _elements(content, _first(content, segment, _TRACKS)) if _is_sound(content, one)), None
    )
    if track is None:
        raise Unreadable
    room = bytearray(content)
    number = content[_first(content, track, _TRACK_NUMBER).end - 1]
    _keep(room, top, track, number)
    _quiet_codec(room, track)
    return bytes(room)


def _elements(content: bytes | bytearray, within: _Element) -> Iterator[_Element]:
    """What was written as it was recorded says no size: a cluster ends where the next begins, a segment with the file.

    Raises Unreadable.
    """
    at, left = within.body, MOST_PIECES
    while at < within.end:
        left -= 1
        kind, size_at, _known = _number(content, at, keep_mark=True)
        size, body, is_known = _number(content, size_at)
        end = body + size if is_known else within.end
        if kind == _CLUSTER and not is_known:
            end = _end_of_cluster(content, body, within.end)
        if kind == _SEGMENT:
            end = min(end, within.end)
        if left < 0 or not body <= end <= within.end:
            raise Unreadable
        yield _Element(kind, at, body, end)
        at = end


def _end_of_cluster(content: bytes | bytearray, at: int, end: int) -> int:
    while at < end:
        kind, size_at, _known = _number(content, at, keep_mark=True)
        if kind in _KEPT[_SEGMENT]:
            return at
        size, body, is_known = _number(content, size_at)
        if not is_known:
            raise Unreadable
        at = body + size
    return end


def _number(content: bytes | bytearray, at: int, *, keep_mark: bool = False) -> tuple[int, int, bool]:
    """A number whose first bits say its length. Out: it, where the next byte is, and whether it is known."""
    length = 9 - content[at].bit_length()
    value = int.from_bytes(content[at : at + length], "big")
    if length > 8 or at + length > len(content):
        raise Unreadable
    most = (1 << 7 * length) - 1
    return value if keep_mark else value & most, at + length, value & most != most


def _first(content: bytes, within: _Element, kind: int) -> _Element:
    found = next((one for one in _elements(content, within) if one.kind == kind), None)
    if found is None:
        raise Unreadable
    return found


def _is_sound(content: bytes, one: _Element) -> bool:
    if one.kind != _TRACK:
        return False
    kind = _first(content, one, _TRACK_KIND)
    return int.from_bytes(content[kind.body : kind.end], "big") == _KIND_SOUND


def _keep(room: bytearray, parent: _Element, track: _Element, number: int) -> None:
    for one in _elements(room, parent):
        if one.kind not in _KEPT[parent.kind] or _is_of_other_track(room, one, track, number):
            _empty(room, one)
        elif one.kind in _KEPT:
            _keep(room, one, track, number)
        elif one.kind in {_MUXED_BY, _WRITTEN_BY}:
            room[one.body : one.end] = bytes(one.end - one.body)
        elif one.kind == _TRACK_UID:
            room[one.body : one.end] = (1).to_bytes(one.end - one.body, "big")


def _is_of_other_track(room: bytearray, one: _Element, track: _Element, number: int) -> bool:
    """Or of one that is not kept, as a place to seek what is gone."""
    if one.kind == _TRACK:
        return one != track
    if one.kind in {_SIMPLE_BLOCK, _BLOCK}:
        return _number(room, one.body)[0] != number
    if one.kind == _BLOCK_GROUP:
        blocks = (inner for inner in _elements(room, one) if inner.kind == _BLOCK)
        return any(_number(room, inner.body)[0] != number for inner in blocks)
    if one.kind == _SEEK:
        sought = (inner for inner in _elements(room, one) if inner.kind == _SEEK_ID)
        return any(int.from_bytes(room[inner.body : inner.end], "big") not in _KEPT[_SEGMENT] for inner in sought)
    return False


def _empty(room: bytearray, one: _Element) -> None:
    """As long as it was."""
    length = one.end - one.start
    if length <= _LONGEST_SHORT_VOID:
        head = bytes([_VOID, 0x80 | length - 2])
    else:
        head = bytes([_VOID]) + (1 << 56 | length - _LONG_VOID_HEAD).to_bytes(8, "big")
    room[one.start : one.end] = head + bytes(length - len(head))


def _quiet_codec(room: bytearray, track: _Element) -> None:
    """Vorbis keeps its comments among what it takes to decode it. Raises Unreadable for a codec that WebM has not."""
    content = bytes(room)
    codec = _first(content, track, _CODEC)
    name = content[codec.body : codec.end].rstrip(b"\0")
    if name == _VORBIS:
        said = _first(content, track, _CODEC_SAYS)
        start, end = _vorbis_comments(content, said)
        # one name of a program, made of nothing, as long as all that was said
        quiet = b"\x03vorbis" + (end - start - 16).to_bytes(4, "little")
        room[start:end] = quiet + bytes(end - start - len(quiet) - 1) + b"\1"
    elif name != _OPUS:
        raise Unreadable


def _vorbis_comments(content: bytes, said: _Element) -> tuple[int, int]:
    """Where they begin and end: the second of three packets, whose first two lengths stand first."""
    lengths: list[int] = []
    at = said.body + 1
    while len(lengths) < 2:
        length = 0
        while content[at] == 0xFF:
            length, at = length + 0xFF, at + 1
        lengths.append(length + content[at])
        at += 1
    start = at + lengths[0]
    end = start + lengths[1]
    if content[said.body] != 2 or lengths[1] < 16 or end > said.end or not content.startswith(b"\x03vorbis", start):
        raise Unreadable
    return start, end
