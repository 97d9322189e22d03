"""Recordings for tests: short real ones of each kind, with a name planted in them, and an Ogg made here and now.

Those in `core/voices` are a tone of less than half a second, written by FFmpeg with `PLANT` as title, artist, comment,
maker and name of the track, and a place and a date where the kind has room for them.
"""

from __future__ import annotations

from pathlib import Path

RECORDED = sorted((Path(__file__).parent / "core/voices").iterdir())
PLANT = b"Kadidia-8fQ2"
SOUND = bytes(range(1, 201))


def an_ogg(sound: bytes = SOUND, note: bytes = b"", serial: int = 1) -> bytes:
    """Opus, of one packet, with a comment if wanted."""
    comment = b"TITLE=" + note
    said = (1).to_bytes(4, "little") + len(comment).to_bytes(4, "little") + comment if note else bytes(4)
    heads = (b"OpusHead\1\1" + bytes(9), b"OpusTags" + bytes(4) + said)
    packets = ((2, heads[0]), (0, heads[1]), (4, sound))
    return b"".join(_page(flags, serial, number, packet) for number, (flags, packet) in enumerate(packets))


def checksum(page: bytes) -> int:
    """As RFC 3533 §6 says it, bit by bit."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _bit in range(8):
            rest = rest << 1 ^ (0x104C11DB7 if rest >> 31 else 0)
    return rest


def _page(flags: int, serial: int, number: int, packet: bytes) -> bytes:
    sizes = bytes([255]) * (len(packet) // 255) + bytes([len(packet) % 255])
    start = b"OggS\0" + bytes([flags]) + bytes(8) + serial.to_bytes(4, "little") + number.to_bytes(4, "little")
    end = bytes([len(sizes)]) + sizes + packet
    return start + checksum(start + bytes(4) + end).to_bytes(4, "little") + end


OGG = an_ogg()
