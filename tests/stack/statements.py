"""Which tests another database need not run again: those of which every statement is asked by others that run.

`make test` notes what each test asks of the databases, and the time it takes; `make test-services` then leaves out, the
slowest first, each whose statements others still ask. A note holds for the very sources it was made of: after any
change, and in a run of only some tests, none is left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

from django.db import connections

from tests.standin.client import ROOT

NOTES = ROOT / "var" / "statements"
SOURCES = ("*.py", "*.html", "*.txt", "*.mo")
# How many values, rows or savepoints there are is no other statement.
LISTS, ROWS, NUMBERS = re.compile(r"\(%s(?:, %s)+\)"), re.compile(r"(\([^()]*\))(?:, \1)+"), re.compile(r"\d+")

Asked = set[str]
_asked: dict[str, tuple[float, Asked]] = {}


def is_whole_run() -> bool:
    """Whether all tests run, as `make test` has them run."""
    return os.environ.get("JAABI_WHOLE") == "1"


@contextmanager
def noted(test: str) -> Iterator[None]:
    """What is asked inside, on this thread's connections, is this test's."""
    seconds, asked = _asked.setdefault(test, (0.0, set()))

    def note(execute: Callable[..., Any], statement: Any, *rest: Any) -> Any:
        asked.add(_shape(str(statement)))
        return execute(statement, *rest)

    began = time.process_time()
    with ExitStack() as undo:
        for connection in {id(one): one for one in connections.all()}.values():
            undo.enter_context(connection.execute_wrapper(note))
        yield
    _asked[test] = (seconds + time.process_time() - began, asked)


def keep_notes() -> None:
    """Writes down what this process noted."""
    folder = NOTES / _sources()
    for other in NOTES.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    said = {test: [seconds, sorted(asked)] for test, (seconds, asked) in _asked.items()}
    (folder / f"{os.getpid()}.json").write_text(json.dumps(said))


def needless(tests: set[str]) -> set[str]:
    """Of these tests, those that need not run beside the others. One of which nothing is noted does."""
    notes = {test: note for test, note in _kept().items() if test in tests and note[1]}
    asked_by = Counter(statement for _seconds, asked in notes.values() for statement in asked)
    found = set()
    for test, (_seconds, asked) in sorted(notes.items(), key=lambda note: (-note[1][0], note[0])):
        if all(asked_by[statement] > 1 for statement in asked):
            asked_by.subtract(asked)
            found.add(test)
    return found


def _kept() -> dict[str, tuple[float, Asked]]:
    return {
        test: (seconds, set(asked))
        for path in sorted((NOTES / _sources()).glob("*.json"))
        for test, (seconds, asked) in json.loads(path.read_text()).items()
    }


@cache
def _shape(statement: str) -> str:
    if "SAVEPOINT" in statement:
        return "SAVEPOINT"
    shape = NUMBERS.sub("0", ROWS.sub(r"\1", LISTS.sub("(%s)", statement)))
    return hashlib.sha256(shape.encode()).hexdigest()[:16]


@cache
def _sources() -> str:
    """Changes with every source of the product and of its tests."""
    folders = [
        path for path in ROOT.iterdir() if path.is_dir() and path.name not in ("var", "docs") and path.name[0] != "."
    ]
    files = sorted(path for folder in folders for kind in SOURCES for path in folder.rglob(kind))
    state = [f"{path.relative_to(ROOT)} {(stat := path.stat()).st_mtime_ns} {stat.st_size}" for path in files]
    return hashlib.sha256("\n".join(state).encode()).hexdigest()[:16]
