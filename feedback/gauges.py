"""What a monitor reads of messages on their way in, and whether what was said is looked at in time."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge

from feedback.deadlines import due_at
from feedback.enums import CaseState, Clock, EnvelopeState
from feedback.models import Case, Envelope
from psea.clocks import is_unopened_too_long
from psea.lapsing import days_of_reading


def collect(registry: CollectorRegistry) -> None:
    """Raises django.db.Error while a database is away."""
    now = timezone.now()
    waiting = Gauge("jaabi_envelopes_waiting", "Messages stored and not handled yet", registry=registry)
    waiting.set(Envelope.objects.filter(state=EnvelopeState.STORED).count())
    flagged = Gauge("jaabi_envelopes_flagged", "Messages that need somebody to look at them", registry=registry)
    flagged.set(Envelope.objects.filter(state=EnvelopeState.FLAGGED).count())
    age = Gauge("jaabi_envelope_oldest_seconds", "Age of the oldest of them", registry=registry)
    oldest = oldest_envelope()
    age.set((now - oldest).total_seconds() if oldest else 0)
    late = Gauge(
        "jaabi_first_look_late",
        "1 if something that was said, in any lane, waits for its first look",
        registry=registry,
    )
    late.set(is_first_look_late(now))
    keys = Gauge(
        "jaabi_vault_keys_days_left",
        "Days until too few keys are approved for the vault to take anything in safely; -1 if they are too few now",
        registry=registry,
    )
    keys.set(days_of_reading(timezone.localdate(now)))


def oldest_envelope() -> datetime | None:
    """Since when the oldest message that was stored waits to be handled."""
    waiting = Envelope.objects.filter(state=EnvelopeState.STORED)
    return waiting.order_by("received_at").values_list("received_at", flat=True).first()


def is_first_look_late(now: datetime) -> bool:
    """One answer for all lanes together, and no count: a count that is mostly of one lane would tell of the others."""
    oldest = (
        Case.objects.filter(state=CaseState.NEW).order_by("received_at").values_list("received_at", flat=True).first()
    )
    due = due_at(Clock.TRIAGE, oldest) if oldest is not None else None
    return (due is not None and due < now) or is_unopened_too_long(now)
