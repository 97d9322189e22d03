"""Streams in the age format (age-encryption.org/v1): encrypted to recipients as they come, opened as they are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import pyrage

from core.backups.problems import BackupProblem

UNFINISHED = ".part"


class Counted:
    """A stream that remembers how much passed through it, and the SHA-256 of that."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest, self.size = stream, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self._stream.write(data)
        self._note(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._note(data)
        return data

    def flush(self) -> None:
        self._stream.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _note(self, data: bytes) -> None:
        self._digest.update(data)
        self.size += len(data)


def recipients(told: Iterable[str], setting: str) -> list[pyrage.x25519.Recipient]:
    """In: `age1…` lines. Raises BackupProblem when there is none, or one that is no public key, naming the setting."""
    try:
        found = [pyrage.x25519.Recipient.from_str(one.strip()) for one in told]
    except pyrage.RecipientError as error:
        raise BackupProblem(f"{setting} contient une ligne qui n'est pas une clé publique age (« age1… »).") from error
    if not found:
        raise BackupProblem(f"{setting} manque : sans destinataire, rien ne peut être chiffré.")
    return found


def identities(paths: Iterable[Path]) -> list[pyrage.x25519.Identity]:
    """The private keys in these files, as `age-keygen` writes them. Raises BackupProblem."""
    found = []
    for path in paths:
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BackupProblem(f"{path} ne se lit pas : {error}.") from error
        for line in filter(lambda one: one and not one.startswith("#"), map(str.strip, lines)):
            try:
                found.append(pyrage.x25519.Identity.from_str(line))
            except pyrage.IdentityError as error:
                raise BackupProblem(f"{path} ne contient pas de clé privée age (« AGE-SECRET-KEY-1… »).") from error
    return found


def encrypt(source: IO[bytes], path: Path, to: list[pyrage.x25519.Recipient]) -> tuple[int, str]:
    """Writes a whole stream, encrypted, and names it once it is on the disk. Out: the file's size and SHA-256."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            counted = Counted(file)
            pyrage.encrypt_io(source, counted, to)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return counted.size, counted.sha256


def decrypt(path: Path, sink: IO[bytes], keys: list[pyrage.x25519.Identity]) -> tuple[int, str]:
    """Writes what the file holds into `sink`. Out: the file's size and SHA-256, read to its end.

    Raises BackupProblem when no key opens it, or when it was altered or cut: what was written until then is not whole.
    """
    with path.open("rb") as file:
        counted = Counted(file)
        try:
            pyrage.decrypt_io(counted, sink, keys)
        except pyrage.DecryptError as error:
            if "key" in str(error).lower():
                raise BackupProblem(f"{path.name} ne s'ouvre avec aucune des clés données.") from error
            raise BackupProblem(f"{path.name} est abîmé ou tronqué : {error}. Rien n'en est gardé.") from error
        while counted.read(1 << 20):
            continue
    return counted.size, counted.sha256
