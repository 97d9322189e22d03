"""The product's Celery app, with whatever fault is wanted: for `celery -A bench.canary.worker`, in a measurement."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, task_prerun

from bench.canary.faults import watched
from config.celery import app

FOLDER = Path(os.environ["CANARY_FAULTS"])
running = ExitStack()

__all__ = ["app"]


@task_prerun.connect(weak=False)
def begin(**_told: Any) -> None:
    running.enter_context(watched(FOLDER))


@task_postrun.connect(weak=False)
def end(**_told: Any) -> None:
    running.close()
