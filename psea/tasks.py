from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.actors import robot
from core.locks import lease
from psea.actions.copy_held import destroy_due
from psea.actions.reminding import remind
from psea.databases import VAULT

SECONDS = 1800


@shared_task
def remind_handlers() -> None:
    """Round the clock: what is late is said again; what the entities hold is destroyed here."""
    with lease("vault-clocks", seconds=SECONDS, using=VAULT) as held:
        if held:
            remind(at=timezone.now())
            destroy_due(by=robot("vault-clocks"))
