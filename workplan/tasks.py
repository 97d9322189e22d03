from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.actors import robot
from core.locks import lease
from workplan.actions import closing
from workplan.actions.digest import send_digests as send


@shared_task
def close_quarters() -> None:
    with lease("close-quarters", seconds=3600) as held:
        if held:
            closing.close_quarters(by=robot("close-quarters"))


@shared_task
def send_digests() -> None:
    with lease("plan-digests", seconds=600) as held:
        if held:
            send(timezone.now())
