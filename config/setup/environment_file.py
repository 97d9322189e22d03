"""The file of settings: `NAME=value` lines that systemd, Compose, a shell and django-environ read alike."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import environ

PLAIN = re.compile(r"[\w./:@=,+%~\[\]-]*")


class Unwritable(ValueError):
    """A value that those who read the file would not all read alike."""


def read(path: Path) -> dict[str, str]:
    """What the file says; nothing where there is none."""

    class Apart(environ.Env):  # type: ignore[misc]  # environ publishes no types
        ENVIRON: dict[str, str] = {}

    if path.is_file():
        Apart.read_env(str(path))
    return Apart.ENVIRON


def add(path: Path, values: Mapping[str, str], today: date) -> None:
    """Adds lines at the end; the file is its owner's (and its group's) alone. Raises Unwritable before it writes."""
    lines = [line(name, value) for name, value in values.items()]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"# manage.py setup, {today.isoformat()}\n" + "".join(lines))


def change(path: Path, values: Mapping[str, str]) -> None:
    """Puts these lines in the place of those of the same names, at once; the file's owner and rights stay.

    Raises Unwritable, and OSError, before anything is changed.
    """
    left = dict(values)
    kept = []
    for old in path.read_text(encoding="utf-8").splitlines(keepends=True):
        name = old.partition("=")[0]
        kept.append(line(name, left.pop(name)) if name in left else "" if name in values else old)
    was = path.stat()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("".join([*kept, *(line(name, value) for name, value in left.items())]))
        os.fchown(file.fileno(), was.st_uid, was.st_gid)
        os.fchmod(file.fileno(), was.st_mode & 0o777)
        os.fsync(file.fileno())
    draft.replace(path)


def line(name: str, value: str) -> str:
    """One line. Raises Unwritable for an apostrophe, a new line, or a value that begins as the name of another."""
    if "'" in value or "\n" in value or "\\" in value or value.startswith("$"):
        raise Unwritable(f"{name} : ni apostrophe, ni barre oblique inverse, ni « $ » en tête, ni retour à la ligne.")
    return f"{name}={value}\n" if PLAIN.fullmatch(value) else f"{name}='{value}'\n"
