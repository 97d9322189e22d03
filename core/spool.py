"""Where gateways' requests wait while the database cannot take them: sealed files on this machine's own disk.

A file is written whole, forced to the disk and only then named, so that it is there or it is not. Its name says the
line and the moment; what was said, and by whom, is sealed to the platform's online key.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.kept_requests import KeptRequest
from core.keyring import LABEL_BYTES, label_of, unwrap_online, wrap_online
from core.sealing import Context, new_data_key, seal, unseal

SEALED, UNFINISHED, LOCK = ".sealed", ".part", ".lock"
LONGEST_UNVERIFIED = 64_000
MEASURED_EVERY = 10.0
MEGABYTE = 1_000_000
UNFINISHED_AFTER = 3600.0


@dataclass
class _Room:
    """What the folder holds, as this process last measured it and has added since."""

    folder: str = ""
    used: int = 0
    measured_at: float = 0.0


_room = _Room()


class Full(OSError):
    """The spool has grown to what the settings allow it, or the request is larger than any message."""


def put(kept: KeptRequest, *, is_verified: bool) -> None:
    """Keeps a request; once this returns, it survives a power cut. Raises OSError.

    What could not be verified yet may fill half of the room, so that strangers cannot take it all.
    """
    folder = _folder()
    row = f"{kept.name}~{int(kept.received_at.timestamp() * 1000):013}-{secrets.token_hex(8)}"
    content = _sealed(row, kept.text)
    _check_room(len(content), is_verified=is_verified)
    _write(folder / row, content)


def waiting() -> list[Path]:
    """The files that wait, oldest first."""
    return sorted(_files(), key=lambda path: path.name.rpartition("~")[2])


def is_empty() -> bool:
    return next(_files(), None) is None


def opened(path: Path) -> KeptRequest:
    """Raises SealBroken, and FileNotFoundError when another process was quicker."""
    content, row = path.read_bytes(), path.name.removesuffix(SEALED)
    length = int.from_bytes(content[:2], "big")
    key = unwrap_online(content[2 : 2 + length], Context("spool", row, "data_key"))
    return KeptRequest.from_text(unseal(key, content[2 + length :], Context("spool", row, "request")).decode())


def counts() -> Counter[str]:
    """How many wait on this machine, by the line that their address names."""
    return Counter(path.name.partition("~")[0] for path in _files())


def oldest_seconds() -> float:
    """For how long the oldest has waited; 0 when none does."""
    oldest = min((int(path.name.rpartition("~")[2].partition("-")[0]) for path in _files()), default=None)
    return max(0.0, time.time() - oldest / 1000) if oldest is not None else 0.0


def labels() -> set[str]:
    """The online keys that what waits on this machine stands under."""
    found = set()
    for path in _files():
        with suppress(FileNotFoundError), path.open("rb") as file:
            found.add(label_of(file.read(2 + LABEL_BYTES)[2:]))
    return found


def drop_unfinished() -> None:
    """What a crash cut off while it was written was never accepted: its gateway sends it again."""
    for path in Path(settings.SPOOL_DIR).glob(f"*{UNFINISHED}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > UNFINISHED_AFTER:
                path.unlink()


@contextmanager
def alone() -> Iterator[bool]:
    """Whether this process is the only one of the machine that drains; a crash gives the turn back by itself."""
    handle = os.open(_folder() / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def _folder() -> Path:
    folder = Path(settings.SPOOL_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _files() -> Iterator[Path]:
    with suppress(FileNotFoundError), os.scandir(settings.SPOOL_DIR) as found:
        for entry in found:
            if entry.name.endswith(SEALED):
                yield Path(entry.path)


def _sealed(row: str, text: str) -> bytes:
    key = new_data_key()
    wrap = wrap_online(key, Context("spool", row, "data_key"))
    return len(wrap).to_bytes(2, "big") + wrap + seal(key, text.encode(), Context("spool", row, "request"))


def _check_room(size: int, *, is_verified: bool) -> None:
    """The folder is measured now and then, and what this process adds is counted meanwhile."""
    folder, now = str(settings.SPOOL_DIR), time.monotonic()
    if _room.folder != folder or now - _room.measured_at > MEASURED_EVERY:
        _room.folder, _room.used, _room.measured_at = folder, sum(_size(path) for path in _files()), now
    allowed = settings.SPOOL_MEGABYTES * MEGABYTE / (1 if is_verified else 2)
    if _room.used + size > allowed or (size > LONGEST_UNVERIFIED and not is_verified):
        raise Full
    _room.used += size


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path.with_name(path.name + SEALED))
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """A name is on the disk once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
