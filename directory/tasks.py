from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.actors import robot
from core.locks import lease
from core.sheet_acts import forget, sweep
from directory import credentials, idempotency, summaries
from directory.actions import witnesses
from directory.actions.intervention_pass import take_file
from directory.actions.services import ask_about_stale
from directory.models import InterventionFile


@shared_task
def take_interventions(pk: str) -> None:
    take_file(pk)


@shared_task
def sweep_interventions() -> None:
    with lease("sweep-interventions", seconds=120) as held:
        if held:
            sweep(InterventionFile)


@shared_task
def forget_5w_files() -> None:
    """The spreadsheets that nobody confirmed, and the reports of the others: as long as any uploaded file."""
    with lease("forget-5w-files", seconds=600) as held:
        if held:
            before = timezone.now() - timedelta(days=settings.RETENTION_DRAFT_DAYS)
            forget(InterventionFile, before, by=robot("retention"))


@shared_task
def ask_about_services() -> None:
    with lease("ask-about-services", seconds=600) as held:
        if held:
            ask_about_stale(timezone.now())


@shared_task
def send_summaries() -> None:
    with lease("notice-summaries", seconds=300) as held:
        if held:
            summaries.send_summaries(timezone.now())


@shared_task
def mail_checkpoints() -> None:
    with lease("mail-checkpoints", seconds=600) as held:
        if held:
            witnesses.mail_checkpoints(timezone.now())


@shared_task
def forget_calls() -> None:
    with lease("forget-api-calls", seconds=600) as held:
        while held and idempotency.forget_calls(timezone.now()):
            continue
        if held:
            credentials.forget_tokens(timezone.now())
