"""What a monitor reads: how much waits, and for how long. No number here tells one lane from another."""

from __future__ import annotations

from django.conf import settings
from django.db import Error
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from core import quarantine, spool
from core.access import public
from core.checkpoints import latest
from core.day_budget import OVERALL, budget_of, limits
from core.loop_guard import silenced
from core.models import AuditEntry, DaySpend, Erasure, LineTrace, Outbound

MOST_NAMES = 50


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges in the Prometheus text format, for whoever bears METRICS_TOKEN (anyone, in a demo)."""
    _refuse_strangers(request)
    registry = CollectorRegistry()
    _of_the_spool(registry)
    up = Gauge(
        "jaabi_database_up", "Whether the database answers; without it only the spool is counted", registry=registry
    )
    try:
        _of_the_database(registry)
        up.set(1)
    except Error:
        up.set(0)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _of_the_spool(registry: CollectorRegistry) -> None:
    """Of this machine's disk: each web machine has its own."""
    waiting = Gauge("jaabi_spooled", "Requests of gateways that wait for the database", ["line"], registry=registry)
    # an address that names no line is known as such only by the database: strangers must not fill the page with names
    counts = spool.counts()
    for name, count in (most := counts.most_common(MOST_NAMES)):
        waiting.labels(name).set(count)
    waiting.labels("other").set(counts.total() - sum(count for _name, count in most))
    age = Gauge("jaabi_spooled_oldest_seconds", "Age of the oldest request that waits", registry=registry)
    age.set(spool.oldest_seconds())


def _of_the_database(registry: CollectorRegistry) -> None:
    by_state = Gauge("jaabi_outbound", "Messages by state", ["state"], registry=registry)
    for state in Outbound.State.values:
        by_state.labels(state).set(Outbound.objects.filter(state=state).count())
    _queued_by_kind(registry)
    _budget(registry)
    guarded = Gauge("jaabi_loop_guard_silenced", "Numbers where a machine answers: silence", registry=registry)
    guarded.set(silenced(timezone.now()))
    age = Gauge("jaabi_outbound_oldest_seconds", "Age of the oldest message that waits", registry=registry)
    age.set(_oldest_waiting())
    unchained = Gauge("jaabi_audit_unchained", "Audit rows not chained yet", registry=registry)
    unchained.set(AuditEntry.objects.filter(position=None).count())
    signed = Gauge("jaabi_audit_checkpoint_seconds", "Age of the last signed checkpoint", registry=registry)
    last = latest()
    signed.set((timezone.now() - last.made_at).total_seconds() if last else float("inf"))
    waiting = Gauge("jaabi_erasures_waiting", "Texts that carriers are yet to erase", registry=registry)
    waiting.set(Erasure.objects.count())
    kept = Gauge("jaabi_carrier_kept", "Texts a carrier still held at the last count", ["line"], registry=registry)
    for name, count in LineTrace.objects.exclude(kept_count=None).values_list("name", "kept_count"):
        kept.labels(name).set(count or 0)
    refused = Gauge("jaabi_quarantined", "Requests refused as forged, kept sealed", ["line"], registry=registry)
    for name, found in quarantine.by_line().items():
        refused.labels(name).set(found["count"])


def _refuse_strangers(request: HttpRequest) -> None:
    if settings.PRODUCTION or settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "")
        if not settings.METRICS_TOKEN or not constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}"):
            raise Http404


def _queued_by_kind(registry: CollectorRegistry) -> None:
    queued = Gauge("jaabi_outbound_queued", "Messages that wait, by kind", ["kind"], registry=registry)
    waiting = Outbound.objects.filter(state=Outbound.State.QUEUED).order_by()
    counts = dict(waiting.values_list("kind").annotate(Count("pk")))
    for kind in Outbound.Kind.values:
        queued.labels(kind).set(counts.get(kind, 0))


def _budget(registry: CollectorRegistry) -> None:
    """`line` "" is all lines together; a line without a budget shows what it spent."""
    spent = Gauge("jaabi_sms_segments_today", "Segments that left today", ["line"], registry=registry)
    limit = Gauge("jaabi_sms_budget", "Segments that may leave in a day", ["line"], registry=registry)
    today = DaySpend.objects.filter(day=timezone.localdate()).values_list("line", "segments")
    for line, segments in {OVERALL: budget_of(OVERALL).spent, **dict(today)}.items():
        spent.labels(line).set(segments)
    for line, segments in limits().items():
        limit.labels(line).set(segments)


def _oldest_waiting() -> float:
    waiting = Outbound.objects.filter(state=Outbound.State.QUEUED)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0
