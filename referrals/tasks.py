from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.locks import lease
from core.publishing import publish
from referrals import delivering, late, patience
from referrals.actions.pausing import end_long_pauses
from referrals.events import TASK
from referrals.exchange import posting
from referrals.exchange.queueing import TASK as POST
from referrals.models import Delivery, EnvelopeOut
from referrals.tallying import take_in_all

# Of cases, so that one run is over before its lease is.
BATCHES = 50


@shared_task
def flag_late() -> None:
    with lease("late-referrals", seconds=300) as held:
        if held:
            end_long_pauses(timezone.now())
            late.flag_late(timezone.now())


@shared_task
def take_into_sums() -> None:
    """What something happened to since the last time; figures are exact meanwhile (feedback.tallied)."""
    with lease("take-into-sums", seconds=600) as held:
        if held:
            take_in_all(batches=BATCHES)


@shared_task
def deliver_event(pk: str) -> None:
    delivering.deliver(pk)


@shared_task
def sweep_events() -> None:
    with lease("sweep-events", seconds=120) as held:
        if held:
            for pk in patience.due_ids(Delivery):
                publish(TASK, str(pk))


@shared_task
def forget_events() -> None:
    with lease("forget-events", seconds=600) as held:
        if held:
            delivering.forget_old(timezone.now())


@shared_task
def post_envelope(pk: str) -> None:
    posting.post(pk)


@shared_task
def sweep_envelopes() -> None:
    with lease("sweep-exchange", seconds=120) as held:
        if held:
            for pk in patience.due_ids(EnvelopeOut):
                publish(POST, str(pk))
