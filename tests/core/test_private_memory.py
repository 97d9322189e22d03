"""A process that aborts leaves no file of its memory behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.standin.client import ROOT

pytestmark = [pytest.mark.once, pytest.mark.skipif(sys.platform != "linux", reason="as Linux does it")]
# Whatever the limits were before, and in a child too.
PROGRAM = """
import ctypes, os, resource, sys
from core.private_memory import keep_memory_private
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
if sys.argv[1] == "private":
    keep_memory_private()
print(ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
os.fork()
os.abort()
"""


@pytest.mark.parametrize(("how", "dumpable"), [("private", "0 0"), ("open", "1 ")])
def test_neither_it_nor_its_children_can_be_dumped(tmp_path: Path, how: str, dumpable: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(dumpable), done.stderr
    if how == "private":
        assert list(tmp_path.iterdir()) == []
