from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.locks import lease
from core.publishing import publish_waiting
from core.sheet_acts import sweep
from feedback import budget_alarm, draining, envelopes, intake, late, repeats, retention, usual_delay
from feedback.actions import danger, phone_questions, reach, sheets, source_passes
from feedback.actions.data_request import remind_of_late
from feedback.actions.quarantine import go_on
from feedback.models import Sheet, SourceFile


@shared_task
def handle_envelope(*pks: str) -> None:
    intake.handle(*pks)


@shared_task
def forget_what_is_over() -> None:
    with lease("retention", seconds=3600) as held:
        while held and retention.forget_what_is_over(timezone.now()):
            continue


@shared_task
def forget_phone_questions() -> None:
    """They hold a receipt number, of any lane: not a moment longer than they wait."""
    phone_questions.forget_questions(timezone.now())


@shared_task
def remind_of_danger() -> None:
    with lease("danger-clocks", seconds=240) as held:
        if held:
            danger.remind_of_danger(timezone.now())


@shared_task
def flag_late() -> None:
    with lease("late-cases", seconds=300) as held:
        if held:
            late.flag_late(timezone.now())


@shared_task
def remind_of_data_requests() -> None:
    with lease("late-data-requests", seconds=600) as held:
        if held:
            remind_of_late(timezone.now())


@shared_task
def sweep_envelopes() -> None:
    with lease("sweep-envelopes", seconds=120) as held:
        if held:
            repeats.forget()
            publish_waiting(envelopes.TASK, envelopes.waiting_ids)


@shared_task
def take_sheet(pk: str) -> None:
    sheets.take_sheet(pk)


@shared_task
def take_source_file(pk: str) -> None:
    source_passes.take_source_file(pk)


@shared_task
def sweep_sheets() -> None:
    with lease("sweep-sheets", seconds=120) as held:
        if held:
            sweep(Sheet)
            sweep(SourceFile)


@shared_task
def drain_spool() -> None:
    draining.drain()


@shared_task
def verify_quarantined() -> None:
    with lease("verify-quarantined", seconds=600) as held:
        while held and go_on():
            continue


@shared_task
def warn_of_budget() -> None:
    with lease("warn-of-budget", seconds=120) as held:
        if held:
            budget_alarm.warn_of_budget(timezone.now())


@shared_task
def ask_again() -> None:
    with lease("ask-again", seconds=600) as held:
        if held:
            reach.ask_again(timezone.now())


@shared_task
def bring_again() -> None:
    with lease("bring-again", seconds=600) as held:
        if held:
            reach.bring_again(timezone.now())


@shared_task
def measure_usual_delay() -> None:
    with lease("usual-delay", seconds=600) as held:
        if held:
            usual_delay.measure_usual_delay(timezone.now())
