from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.actors import robot
from core.locks import lease
from psea.actions.drafts import drop_old_drafts
from psea.actions.mending import watch_readers
from psea.actions.reminding import remind
from psea.actions.retention import forget_what_is_over
from psea.databases import VAULT
from psea.drill import remind_of_drill
from psea.lapsing import warn_of_lapsing

SECONDS = 1800


@shared_task
def remind_handlers() -> None:
    """Round the clock: what is late is said again; what has been kept long enough goes."""
    with lease("vault-clocks", seconds=SECONDS, using=VAULT) as held:
        if held:
            watch_readers(by=robot("vault-clocks"), at=timezone.now())
            remind(at=timezone.now())
            remind_of_drill(timezone.now())
            warn_of_lapsing(timezone.now())
            drop_old_drafts(at=timezone.now())
            forget_what_is_over(by=robot("vault-clocks"), at=timezone.now())
