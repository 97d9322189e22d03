from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.locks import lease
from directory import credentials, idempotency


@shared_task
def forget_calls() -> None:
    with lease("forget-api-calls", seconds=600) as held:
        while held and idempotency.forget_calls(timezone.now()):
            continue
        if held:
            credentials.forget_tokens(timezone.now())
