from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.actors import robot
from core.locks import lease
from core.periods import Quarter
from core.sheet_acts import forget, sweep
from workplan.actions import closing
from workplan.actions.digest import send_digests as send
from workplan.actions.register_passes import take_table
from workplan.models import PlanFile, RegisterFile
from workplan.signals import keep_signals


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


@shared_task
def count_signals() -> None:
    """Of the two quarters that people look at: whoever opens their page waits for nothing."""
    with lease("count-signals", seconds=1800) as held:
        if held:
            for quarter in (Quarter.current(), Quarter.current().previous):
                keep_signals(quarter)


@shared_task
def take_register_file(pk: str) -> None:
    take_table(pk)


@shared_task
def sweep_register_files() -> None:
    with lease("sweep-register-files", seconds=120) as held:
        if held:
            sweep(RegisterFile)


@shared_task
def forget_register_files() -> None:
    """The tables and plans that nobody confirmed, and the reports of the others: as long as any uploaded file."""
    with lease("forget-register-files", seconds=600) as held:
        if held:
            before = timezone.now() - timedelta(days=settings.RETENTION_DRAFT_DAYS)
            forget(RegisterFile, before, by=robot("retention"))
            forget(PlanFile, before, by=robot("retention"))
