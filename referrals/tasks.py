from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.locks import lease
from referrals import late


@shared_task
def flag_late() -> None:
    with lease("late-referrals", seconds=300) as held:
        if held:
            late.flag_late(timezone.now())
