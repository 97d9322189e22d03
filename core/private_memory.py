"""Keeping what a process holds in memory out of files and out of other processes of the same user (Linux)."""

from __future__ import annotations

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """From now on neither this process nor what it forks leaves a core file, whatever limit or pattern stands.

    Nor may another process of its user read its memory: root still can, and so what it holds is not hidden from root.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
