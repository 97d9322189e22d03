"""The product's WSGI application, with whatever fault is wanted: for Granian, in a measurement."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.canary.faults import watched
from config.wsgi import application as product

FOLDER = Path(os.environ["CANARY_FAULTS"])


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    with watched(FOLDER):
        return product(environ, start_response)
