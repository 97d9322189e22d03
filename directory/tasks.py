from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.locks import lease
from directory import summaries


@shared_task
def send_summaries() -> None:
    with lease("notice-summaries", seconds=300) as held:
        if held:
            summaries.send_summaries(timezone.now())
