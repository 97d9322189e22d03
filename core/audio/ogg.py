"""Ogg: pages of packets. The second packet of a sound holds the comments, and is written anew without any.

RFC 3533 (pages), RFC 7845 §5 (Opus), the Vorbis I specification §5. Other streams of the file are left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from core.attached import Unreadable

_HEAD, _SEGMENT, _MOST_SEGMENTS = 27, 255, 255
_CONTINUED, _FIRST = 1, 2
_NOTHING_SAID = bytes(8)  # no name of a program, no comment
_OPUS = b"OpusHead"
_OPUS_LENGTH, _OPUS_CHANNELS, _OPUS_FAMILY = 19, 9, 18
_VORBIS, _VORBIS_COMMENTS, _VORBIS_SETUP = b"\x01vorbis", b"\x03vorbis", b"\x05vorbis"
_VORBIS_LENGTH = 30
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True)
class _Page:
    flags: int
    position: bytes
    serial: bytes
    sizes: bytes
    body: bytes

    def written(self, serial: int, number: int) -> bytes:
        start = b"OggS\0" + bytes([self.flags]) + self.position
        start += serial.to_bytes(4, "little") + number.to_bytes(4, "little")
        end = bytes([len(self.sizes)]) + self.sizes + self.body
        return start + _checksum(start + bytes(4) + end) + end


@dataclass
class _Stream:
    """One sound: its heads are collected until the last is whole; the pages behind them are the sound."""

    serial: int
    heads: list[bytes] = field(default_factory=list)
    rest: bytearray = field(default_factory=bytearray)
    pages: list[bytes] = field(default_factory=list)
    is_sound: bool = False

    @property
    def wanted(self) -> int:
        return 3 if self.heads and self.heads[0].startswith(_VORBIS) else 2

    def take(self, page: _Page) -> None:
        if len(self.heads) < self.wanted:
            self._take_heads(page)
        else:
            self.pages.append(page.written(self.serial, len(self.pages)))
            self.is_sound = True

    def _take_heads(self, page: _Page) -> None:
        at = 0
        for size in page.sizes:
            self.rest += page.body[at : at + size]
            at += size
            if size < _SEGMENT:
                self.heads.append(bytes(self.rest))
                self.rest.clear()
        if self.heads and len(self.heads) >= self.wanted:
            if len(self.heads) > self.wanted or self.rest:
                raise Unreadable  # the sound begins on a page of its own
            self._write_heads(page.serial)

    def _write_heads(self, serial: bytes) -> None:
        first, *others = _plain(self.heads)
        for flags, packets in ((_FIRST, [first]), (0, others)):
            for page in _paged(packets, _Page(flags, bytes(8), serial, b"", b"")):
                self.pages.append(page.written(self.serial, len(self.pages)))


def cleaned(content: bytes) -> bytes:
    """The same sound without comments, under numbers that say nothing. Raises Unreadable."""
    streams: list[_Stream] = []
    serial = b""
    for page in _pages(content):
        # a file may begin anew after the end; what begins beside a sound is another stream
        if page.flags & _FIRST and page.body.startswith((_OPUS, _VORBIS)) and (not streams or streams[-1].is_sound):
            streams.append(_Stream(len(streams) + 1))
            serial = page.serial
        if streams and page.serial == serial:
            streams[-1].take(page)
    sounds = [stream for stream in streams if stream.is_sound]
    if not sounds:
        raise Unreadable
    return b"".join(page for stream in sounds for page in stream.pages)


def _pages(content: bytes) -> Iterator[_Page]:
    """Until what is no whole page: a file that was cut off ends there."""
    at = 0
    while content.startswith(b"OggS\0", at) and at + _HEAD <= len(content):
        count = content[at + _HEAD - 1]
        sizes = content[at + _HEAD : at + _HEAD + count]
        begins = at + _HEAD + count
        ends = begins + sum(sizes)
        if ends > len(content):
            return
        yield _Page(content[at + 5], content[at + 6 : at + 14], content[at + 14 : at + 18], sizes, content[begins:ends])
        at = ends


def _plain(heads: list[bytes]) -> list[bytes]:
    """The heads of a sound, saying nothing but how to decode it."""
    first, _comments, *setup = heads
    if first.startswith(_OPUS) and len(first) >= _OPUS_LENGTH:
        more = 2 + first[_OPUS_CHANNELS] if first[_OPUS_FAMILY] else 0
        return [first[: _OPUS_LENGTH + more], b"OpusTags" + _NOTHING_SAID]
    if len(first) >= _VORBIS_LENGTH and setup and setup[0].startswith(_VORBIS_SETUP):
        return [first[:_VORBIS_LENGTH], _VORBIS_COMMENTS + _NOTHING_SAID + b"\1", setup[0]]
    raise Unreadable


def _paged(packets: list[bytes], blank: _Page) -> Iterator[_Page]:
    """Packets on as many pages as they take."""
    sizes = b"".join(bytes([_SEGMENT]) * (len(one) // _SEGMENT) + bytes([len(one) % _SEGMENT]) for one in packets)
    body = b"".join(packets)
    is_broken = False
    while sizes:
        here, sizes = sizes[:_MOST_SEGMENTS], sizes[_MOST_SEGMENTS:]
        flags = _CONTINUED if is_broken else blank.flags
        is_broken = here[-1] == _SEGMENT
        # where no packet ends on a page, its position says so
        position = b"\xff" * 8 if max(here) == min(here) == _SEGMENT else blank.position
        yield replace(blank, flags=flags, position=position, sizes=here, body=body[: sum(here)])
        body = body[sum(here) :]


def _checksum(page: bytes) -> bytes:
    """Ogg's CRC-32 is that of zlib with each byte mirrored, begun at nought and not turned over at the end."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2).to_bytes(4, "little")
