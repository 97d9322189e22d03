from __future__ import annotations

import logging
from functools import partial

from celery import shared_task
from django.utils import timezone

from core import audit, checkpoints, clocks, erasures, outbox, pace, pulse
from core.audit_hashes import CHAINS
from core.locks import lease
from core.publishing import publish_waiting

logger = logging.getLogger(__name__)


@shared_task
def beat() -> None:
    pulse.beat()


@shared_task
def deliver(*pks: str) -> None:
    outbox.deliver(*pks)


@shared_task
def deliver_notices(*pks: str) -> None:
    """As `deliver`, from a queue of its own."""
    outbox.deliver(*pks)


@shared_task
def sweep_outbox() -> None:
    with lease("sweep-outbox", seconds=120) as held:
        if held:
            publish_waiting("core.tasks.deliver", partial(outbox.due_ids, which=~outbox.NOTICES))
            publish_waiting("core.tasks.deliver_notices", partial(outbox.due_ids, which=outbox.NOTICES))


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
def erase(*pks: str) -> None:
    erasures.erase(*pks)


@shared_task
def sweep_erasures() -> None:
    with lease("sweep-erasures", seconds=120) as held:
        if held:
            publish_waiting("core.tasks.erase", erasures.due_ids)


@shared_task
def count_kept() -> None:
    with lease("count-kept", seconds=3600) as held:
        if held:
            erasures.count_kept()


@shared_task
def chain_audit() -> None:
    for alias in CHAINS:
        with lease(f"chain-audit-{alias}", seconds=120) as held:
            if held:
                audit.chain_all(alias)


@shared_task
def make_checkpoint() -> None:
    with lease("make-checkpoint", seconds=600) as held:
        if not held:
            return
        if clocks.apart() > clocks.ALLOWED:
            # what it signed would be of another hour, for good: another machine signs, or the next hour
            logger.error("no checkpoint was signed: this machine's clock is not the database's")
            return
        checkpoints.make_checkpoint(timezone.now())
