"""A pytest plugin: the tables of a run before are used again, in the folder that JAABI_KEPT_TABLES names."""

from __future__ import annotations

import os
from pathlib import Path

from tests.stack import tables


def _begin(*, at_once: bool) -> None:
    Path(os.environ["JAABI_KEPT_TABLES"]).mkdir(exist_ok=True)
    os.environ[tables.WHERE] = os.environ["JAABI_KEPT_TABLES"]


def _end() -> None:
    """They are the next one's."""


tables.begin, tables.end = _begin, _end
