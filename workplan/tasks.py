from __future__ import annotations

from celery import shared_task

from core.actors import robot
from core.locks import lease
from workplan.actions import closing


@shared_task
def close_quarters() -> None:
    with lease("close-quarters", seconds=3600) as held:
        if held:
            closing.close_quarters(by=robot("close-quarters"))
