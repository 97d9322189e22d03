"""Exceptions forced inside the running product, at the entry of one of its own functions, for a measurement alone.

A folder says what is wanted: a file `fault` with the name of a function, which raises once, or with LEARN, and then
the names of all that are entered are written. What is raised carries the arguments of the function in its text, as the
worst of libraries would: none of it may be logged, shown or kept.
"""

from __future__ import annotations

import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "directory", "psea", "feedback", "referrals")
OURS = tuple(f"{ROOT / name}/" for name in PACKAGES)
LEARN = "*"
MOST_TOLD = 20_000


class Forced(Exception):
    """Raised by nobody but a measurement."""


class Hook:
    """What Python calls at the entry of each function while something is wanted."""

    def __init__(self, folder: Path, wanted: str) -> None:
        self.folder, self.wanted = folder, wanted
        self.entered: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(OURS):
            return
        name = name_of(frame.f_code)
        if self.wanted == LEARN:
            self.entered[name] = None
        elif name == self.wanted and self._is_first():
            raise Forced(told(frame))

    def _is_first(self) -> bool:
        """Of all processes and threads that come by, one raises."""
        try:
            (self.folder / "fault").unlink()
        except FileNotFoundError:
            return False
        (self.folder / "raised").touch()
        return True


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Around one request or one task."""
    try:
        wanted = (folder / "fault").read_text()
    except FileNotFoundError:
        yield
        return
    hook: Any = Hook(folder, wanted)
    sys.setprofile(hook)
    threading.setprofile(hook)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        if hook.entered:
            (folder / f"entered-{uuid.uuid4().hex}").write_text("\n".join(hook.entered))


def name_of(code: CodeType) -> str:
    """As `core/sealing.py:seal`."""
    return f"{Path(code.co_filename).relative_to(ROOT)}:{code.co_qualname}"


def told(frame: FrameType) -> str:
    """The arguments of a function, and of a request what was posted."""
    values = list(frame.f_locals.values())
    posted = [getattr(value, "_post", None) or getattr(value, "_body", None) for value in values]
    return " ".join(_shown(value) for value in (*values, *posted))[:MOST_TOLD]


def _shown(value: object) -> str:
    if type(value).__module__.startswith("django.db"):
        return ""  # to show it would ask the database
    try:
        return repr(value)
    except Exception:  # noqa: BLE001  whatever a repr raises
        return ""
