from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.locks import lease
from core.publishing import publish
from feedback import envelopes, intake, retention
from feedback.actions.data_request import remind_of_late


@shared_task
def handle_envelope(pk: str) -> None:
    intake.handle(pk)


@shared_task
def forget_what_is_over() -> None:
    with lease("retention", seconds=3600) as held:
        while held and retention.forget_what_is_over(timezone.now()):
            continue


@shared_task
def remind_of_data_requests() -> None:
    with lease("late-data-requests", seconds=600) as held:
        if held:
            remind_of_late(timezone.now())


@shared_task
def sweep_envelopes() -> None:
    with lease("sweep-envelopes", seconds=120) as held:
        if held:
            for pk in envelopes.waiting_ids():
                publish(envelopes.TASK, str(pk))
