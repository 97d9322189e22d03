"""The invented words, names and organisations, read from `demo/data`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


@cache
def corpus(name: str) -> Any:
    """The contents of one file of `demo/data`, by its name without ending."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
