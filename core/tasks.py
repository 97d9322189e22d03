from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core import audit, erasures, outbox, pace
from core.locks import lease
from core.publishing import publish


@shared_task
def deliver(pk: str) -> None:
    outbox.deliver(pk)


@shared_task
def sweep_outbox() -> None:
    with lease("sweep-outbox", seconds=120) as held:
        if held:
            for pk in outbox.due_ids():
                publish("core.tasks.deliver", str(pk))


@shared_task
def forget_sent_texts() -> None:
    with lease("forget-sent-texts", seconds=3600) as held:
        while held and outbox.forget_sent(timezone.now()):
            continue


@shared_task
def forget_paces() -> None:
    with lease("forget-paces", seconds=600) as held:
        while held and pace.forget_paces(timezone.now()):
            continue


@shared_task
def erase(pk: str) -> None:
    erasures.erase(pk)


@shared_task
def sweep_erasures() -> None:
    with lease("sweep-erasures", seconds=120) as held:
        if held:
            for pk in erasures.due_ids():
                publish("core.tasks.erase", str(pk))


@shared_task
def count_kept() -> None:
    with lease("count-kept", seconds=3600) as held:
        if held:
            erasures.count_kept()


@shared_task
def chain_audit() -> None:
    for alias in ("default", "vault"):
        with lease(f"chain-audit-{alias}", seconds=120) as held:
            while held and audit.chain(alias) == audit.BATCH:
                continue
