"""MP4, M4A and 3GP: a tree of boxes, of which the first sound's stay where they are; all else becomes empty room.

Nothing moves, so that the tables that say where each piece of the sound lies stay true. ISO/IEC 14496-12, and the
QuickTime File Format for what telephones add to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from core.attached import Unreadable
from core.audio.limits import MOST_PIECES

_HEAD, _LONG_HEAD = 8, 16
_FULL = 4  # version and flags
_EMPTY = b"free"
_UNSAID_LANGUAGE = b"\x55\xc4"
_TOP = b""
# What may stand in each box that holds boxes.
_KEPT: dict[bytes, frozenset[bytes]] = {
    _TOP: frozenset({b"ftyp", b"styp", b"sidx", b"moov", b"moof", b"mdat"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex"}),
    b"mvex": frozenset({b"mehd", b"trex"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"smhd", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset({b"stsd", b"stts", b"ctts", b"stsc", b"stsz", b"stco", b"co64", b"stss", b"sgpd", b"sbgp"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sgpd", b"sbgp"}),
    b"wave": frozenset({b"frma", b"mp4a", b"esds", b"alac", b"enda", bytes(4)}),
}
# The kinds of sound, and what each may hold beside its numbers.
_SOUNDS = {b"mp4a", b"samr", b"sawb", b"alac", b"Opus"}
_OF_SOUND = frozenset({b"esds", b"wave", b"chan", b"damr", b"alac", b"dOps", b"btrt"})
_ENTRY, _MORE_BY_VERSION = 28, {1: 16, 2: 36}


class _Box(NamedTuple):
    kind: bytes
    start: int
    body: int
    end: int


def cleaned(content: bytes) -> bytes:
    """The same sound, saying nothing of who made it, when and where; a film loses its pictures. Raises Unreadable."""
    tracks = [box for moov in _in(content, b"moov") for box in _in(content, b"trak", moov)]
    sounds = [box for box in tracks if _plays_sound(content, box)]
    in_pieces = bool(_in(content, b"moof"))
    if not sounds or (in_pieces and len(tracks) > 1):
        raise Unreadable
    room = bytearray(content)
    _keep(room, _Box(_TOP, 0, 0, len(room)), sounds[0])
    if not in_pieces:
        _keep_sound(room, content, list(_pieces(content, sounds[0])))
    return bytes(room)


def _boxes(content: bytes | bytearray, within: _Box) -> Iterator[_Box]:
    """A box that says that it is longer than its room, as in a file that was cut off, ends there."""
    at, left = within.body, MOST_PIECES
    while at + _HEAD <= within.end:
        left -= 1
        size, kind, body = int.from_bytes(content[at : at + 4], "big"), bytes(content[at + 4 : at + 8]), at + _HEAD
        if size == 1:
            size, body = int.from_bytes(content[at + _HEAD : at + _LONG_HEAD], "big"), at + _LONG_HEAD
        end = within.end if size == 0 else min(at + size, within.end)
        if left < 0 or end < body:
            raise Unreadable
        yield _Box(kind, at, body, end)
        at = end


def _in(content: bytes, kind: bytes, within: _Box | None = None) -> list[_Box]:
    return [box for box in _boxes(content, within or _Box(_TOP, 0, 0, len(content))) if box.kind == kind]


def _one(content: bytes, within: _Box, *path: bytes) -> _Box:
    """The first box of that path. Raises Unreadable."""
    for kind in path:
        within = next(iter(_in(content, kind, within)), None) or _none()
    return within


def _none() -> _Box:
    raise Unreadable


def _plays_sound(content: bytes, track: _Box) -> bool:
    handler = _one(content, track, b"mdia", b"hdlr")
    return content[handler.body + 8 : handler.body + 12] == b"soun"


def _keep(room: bytearray, parent: _Box, sound: _Box) -> None:
    for box in _boxes(room, parent):
        is_other_track = box.kind == b"trak" and box != sound
        if is_other_track or box.kind not in _KEPT[parent.kind]:
            _empty(room, box)
        elif box.kind in _KEPT:
            _keep(room, box, sound)
        elif box.kind in _QUIETED:
            _QUIETED[box.kind](room, box)


def _empty(room: bytearray, box: _Box) -> None:
    room[box.start + 4 : box.start + _HEAD] = _EMPTY
    room[box.body : box.end] = bytes(box.end - box.body)


def _blank(room: bytearray, start: int, end: int) -> None:
    room[start:end] = bytes(len(room[start:end]))


def _quiet_dates(room: bytearray, box: _Box) -> int:
    """Both, made and changed. Out: where what follows them begins."""
    after = box.body + _FULL + (16 if room[box.body] == 1 else 8)
    _blank(room, box.body + _FULL, min(after, box.end))
    return after


def _quiet_media_head(room: bytearray, box: _Box) -> None:
    """The dates, and the language of the telephone."""
    after = _quiet_dates(room, box) + (12 if room[box.body] == 1 else 8)
    if after + len(_UNSAID_LANGUAGE) <= box.end:
        room[after : after + len(_UNSAID_LANGUAGE)] = _UNSAID_LANGUAGE


def _quiet_handler(room: bytearray, box: _Box) -> None:
    """Behind the kind of track stand the maker and a name."""
    _blank(room, min(box.body + 12, box.end), box.end)


def _quiet_places(room: bytearray, box: _Box) -> None:
    """Where the sound lies: "in this file", and no path of one that it was made from."""
    for place in _boxes(room, box._replace(body=min(box.body + _FULL + 4, box.end))):
        room[place.start + 4 : place.start + _HEAD] = b"url "
        _blank(room, place.body, place.end)
        if place.end - place.body >= _FULL:
            room[place.body + 3] = 1


def _quiet_sounds(room: bytearray, box: _Box) -> None:
    for entry in _boxes(room, box._replace(body=min(box.body + _FULL + 4, box.end))):
        if entry.kind not in _SOUNDS:
            raise Unreadable
        _blank(room, entry.body + 12, entry.body + 16)  # the maker
        version = int.from_bytes(room[entry.body + 8 : entry.body + 10], "big")
        body = entry.body + _ENTRY + _MORE_BY_VERSION.get(version, 0)
        for box_of in _boxes(room, entry._replace(body=min(body, entry.end))):
            if box_of.kind not in _OF_SOUND:
                _empty(room, box_of)
            elif box_of.kind == b"wave":
                _keep(room, box_of, box_of)
            elif box_of.kind == b"damr":
                _blank(room, box_of.body, min(box_of.body + 4, box_of.end))  # the maker


_QUIETED: dict[bytes, Callable[[bytearray, _Box], object]] = {
    b"mvhd": _quiet_dates,
    b"tkhd": _quiet_dates,
    b"mdhd": _quiet_media_head,
    b"hdlr": _quiet_handler,
    b"dref": _quiet_places,
    b"stsd": _quiet_sounds,
}


def _pieces(content: bytes, track: _Box) -> Iterator[tuple[int, int]]:
    """Where the chunks of the sound begin and end."""
    table = _one(content, track, b"mdia", b"minf", b"stbl")
    sizes = _one(content, table, b"stsz")
    (same, count), listed = _numbers(content, sizes, 2), list(_numbers(content, sizes, after=2))
    until = [0, *accumulate(listed[:count])]
    narrow = _in(content, b"stco", table)
    begins = _numbers(
        content, narrow[0] if narrow else _one(content, table, b"co64"), after=1, width=4 if narrow else 8
    )
    sample = 0
    for begin, samples in zip(begins, _samples_by_chunk(content, table), strict=False):
        last = sample + samples if same else min(sample + samples, len(until) - 1)
        yield begin, begin + (samples * same if same else until[last] - until[sample])
        sample = last


def _samples_by_chunk(content: bytes, table: _Box) -> Iterator[int]:
    """How many samples each chunk has; the last that is said goes on for ever."""
    said = list(_numbers(content, _one(content, table, b"stsc"), after=1))
    runs = list(zip(said[::3], said[1::3], strict=False))
    for (first, samples), (following, _samples) in pairwise(runs):
        for _chunk in range(first, following):
            yield samples
    while runs:
        yield runs[-1][1]


def _numbers(content: bytes, box: _Box, count: int | None = None, *, after: int = 0, width: int = 4) -> list[int]:
    """The numbers of a table behind its version, from the `after`th of four bytes on. Raises Unreadable."""
    start = box.body + _FULL + 4 * after
    end = box.end if count is None else start + width * count
    if end > box.end:
        raise Unreadable
    places = range(start, end - width + 1, width)
    return [int.from_bytes(content[at : at + width], "big") for at in places]


def _keep_sound(room: bytearray, content: bytes, pieces: Iterable[tuple[int, int]]) -> None:
    """What no piece of the sound claims is emptied: a film's pictures, titles of chapters, a track of places."""
    media = _in(content, b"mdat")
    starts = [box.body for box in media]
    for box in media:
        _blank(room, box.body, box.end)
    kept = 0
    for begin, end in pieces:
        place = bisect_right(starts, begin) - 1
        kept += end - begin
        if place < 0 or kept > len(content):
            raise Unreadable
        stop = min(end, media[place].end)
        room[begin:stop] = content[begin:stop]
    if not kept:
        raise Unreadable
