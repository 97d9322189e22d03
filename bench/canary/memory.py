"""What stands in the memory of a running process: every part of it that it may write, as a core dump would hold it."""

from __future__ import annotations

from collections.abc import Iterator
from io import FileIO
from pathlib import Path


def occurrences(pid: int, wanted: set[bytes], *, shared: bool) -> int:
    """How often any of these is found in the memory of a process, with or without what it shares with others.

    Raises PermissionError where one may not look.
    """
    return sum(part.count(sign) for part in _parts(pid, "rw" if shared else "rw-p") for sign in wanted)


def _parts(pid: int, wanted: str) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_rest = line.split()
            if not rights.replace("x", "-").startswith(wanted):
                continue
            first, _dash, last = place.partition("-")
            start, end = int(first, 16), int(last, 16)
            try:
                memory.seek(start)
                yield _read(memory, end - start)
            except (OSError, ValueError, OverflowError):
                continue  # it went away meanwhile


def _read(memory: FileIO, length: int) -> bytes:
    """A read of a process's memory may give less than was asked."""
    found = bytearray()
    while len(found) < length:
        part = memory.read(min(length - len(found), 1 << 24))
        if not part:
            break
        found += part
    return bytes(found)
