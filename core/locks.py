"""Leases: a periodic job runs on one machine at a time, whatever the number of machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import Lease


@contextmanager
def lease(name: str, *, seconds: int, using: str = "default") -> Iterator[bool]:
    """Yields whether we hold the job. It is given back at the end; a crash gives it back after `seconds`."""
    held = _take(name, seconds, using)
    try:
        yield held
    finally:
        if held:
            Lease.objects.using(using).filter(name=name).delete()


def _take(name: str, seconds: int, using: str) -> bool:
    now = timezone.now()
    leases = Lease.objects.using(using)
    leases.filter(name=name, until__lt=now).delete()
    try:
        with transaction.atomic(using=using):
            leases.create(name=name, until=now + timedelta(seconds=seconds))
    except IntegrityError:
        return False
    return True
