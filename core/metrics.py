"""What a monitor reads of what every such system has. No number here tells one lane from another."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connections
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, Gauge

from core import clocks, pulse, quarantine, replica, spool
from core.backups import traces
from core.checkpoints import latest
from core.day_budget import OVERALL, budget_of, limits
from core.loop_guard import silenced
from core.models import AuditEntry, DaySpend, Erasure, Lease, LineTrace, Outbound
from core.publishing import queue_depths

MOST_NAMES = 50
LATELY = timedelta(hours=1)


def refuse_strangers(request: HttpRequest) -> None:
    """Raises Http404 for whoever does not bear METRICS_TOKEN; in a demo without one, anyone may look."""
    if settings.PRODUCTION or settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "")
        if not settings.METRICS_TOKEN or not constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}"):
            raise Http404


def of_this_machine(registry: CollectorRegistry) -> None:
    """Of this machine's disk, each web machine having its own; and of the queues, which need no database."""
    _queues(registry)
    waiting = Gauge("jaabi_spooled", "Requests of gateways that wait for the database", ["line"], registry=registry)
    # an address that names no line is known as such only by the database: strangers must not fill the page with names
    counts = spool.counts()
    for name, count in (most := counts.most_common(MOST_NAMES)):
        waiting.labels(name).set(count)
    waiting.labels("other").set(counts.total() - sum(count for _name, count in most))
    age = Gauge("jaabi_spooled_oldest_seconds", "Age of the oldest request that waits", registry=registry)
    age.set(spool.oldest_seconds())


def of_the_database(registry: CollectorRegistry) -> None:
    """Raises django.db.Error while the database is away."""
    by_state = Gauge("jaabi_outbound", "Messages by state", ["state"], registry=registry)
    for state in Outbound.State.values:
        by_state.labels(state).set(Outbound.objects.filter(state=state).count())
    _queued_by_kind(registry)
    _failures(registry)
    _jobs(registry)
    _connections(registry)
    _replica(registry)
    _clocks(registry)
    _backups(registry)
    _budget(registry)
    guarded = Gauge("jaabi_loop_guard_silenced", "Numbers where a machine answers: silence", registry=registry)
    guarded.set(silenced(timezone.now()))
    age = Gauge("jaabi_outbound_oldest_seconds", "Age of the oldest message that waits", registry=registry)
    age.set(_seconds_since(oldest_waiting()))
    receipts = Gauge("jaabi_receipt_oldest_seconds", "Age of the oldest receipt that did not leave", registry=registry)
    receipts.set(_seconds_since(oldest_waiting(Outbound.Kind.RECEIPT)))
    unchained = Gauge("jaabi_audit_unchained", "Audit rows not chained yet", registry=registry)
    unchained.set(AuditEntry.objects.filter(position=None).count())
    signed = Gauge("jaabi_audit_checkpoint_seconds", "Age of the last signed checkpoint", registry=registry)
    last = latest()
    signed.set(_seconds_since(last.made_at if last else None, never=float("inf")))
    waiting = Gauge("jaabi_erasures_waiting", "Texts that carriers are yet to erase", registry=registry)
    waiting.set(Erasure.objects.count())
    kept = Gauge("jaabi_carrier_kept", "Texts a carrier still held at the last count", ["line"], registry=registry)
    for name, count in LineTrace.objects.exclude(kept_count=None).values_list("name", "kept_count"):
        kept.labels(name).set(count or 0)
    refused = Gauge("jaabi_quarantined", "Requests refused as forged, kept sealed", ["line"], registry=registry)
    for name, found in quarantine.by_line().items():
        refused.labels(name).set(found["count"])


def _queues(registry: CollectorRegistry) -> None:
    up = Gauge("jaabi_broker_up", "Whether the broker answers", registry=registry)
    depth = Gauge("jaabi_queue_depth", "Tasks that wait for a worker", ["queue"], registry=registry)
    silence = Gauge("jaabi_pulse_seconds", "Since the schedule and a worker last did something", registry=registry)
    silence.set(pulse.silent_seconds())
    depths = queue_depths()
    up.set(depths is not None)
    for name, count in (depths or {}).items():
        depth.labels(name).set(count)


def _failures(registry: CollectorRegistry) -> None:
    """Refused in the last hour, and to be tried again. The line "smtp" is mail."""
    failed = Gauge("jaabi_gateway_failures", "Messages a carrier refused lately", ["line"], registry=registry)
    rows = Outbound.objects.filter(state=Outbound.State.FAILED, settled_at__gte=timezone.now() - LATELY).order_by()
    for line, count in rows.values_list("gateway").annotate(Count("pk")):
        failed.labels(line).set(count)
    retried = Gauge("jaabi_gateway_retries", "Messages that wait to be tried again", ["line"], registry=registry)
    again = Outbound.objects.filter(state=Outbound.State.QUEUED, attempts__gt=0).order_by()
    for line, count in again.values_list("gateway").annotate(Count("pk")):
        retried.labels(line).set(count)


def _jobs(registry: CollectorRegistry) -> None:
    left = Gauge(
        "jaabi_lease_seconds_left", "Of each periodic job that runs; below zero: it died", ["job"], registry=registry
    )
    for name, until in Lease.objects.exclude(name__startswith="sheet-").values_list("name", "until"):
        left.labels(name).set((until - timezone.now()).total_seconds())


def _connections(registry: CollectorRegistry) -> None:
    used = Gauge("jaabi_database_connections", "To each database", ["database"], registry=registry)
    most = Gauge(
        "jaabi_database_connections_limit", "That its server allows, all together", ["database"], registry=registry
    )
    for alias in ("default", "vault"):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    "select count(*), current_setting('max_connections')::int"
                    " from pg_stat_activity where datname = current_database()"
                )
                count, limit = cursor.fetchone()
            used.labels(alias).set(count)
            most.labels(alias).set(limit)


def _clocks(registry: CollectorRegistry) -> None:
    """One whose clock is wrong makes the audit unbelievable."""
    apart = Gauge("jaabi_clock_apart_seconds", "Between this machine's clock and the database's", registry=registry)
    apart.set(clocks.apart().total_seconds())


def _backups(registry: CollectorRegistry) -> None:
    """Without end while there is none. Where the databases are SQLite's there is no WAL."""
    age = Gauge("jaabi_backup_age_seconds", "Since the last finished backup was begun", registry=registry)
    age.set(_seconds_since(traces.set_until(), never=float("inf")))
    wal = Gauge("jaabi_wal_age_seconds", "Since the last moment to which one can restore", registry=registry)
    if traces.has_wal():
        wal.set(_seconds_since(traces.wal_until(), never=float("inf")))


def _replica(registry: CollectorRegistry) -> None:
    """Where none is named there is nothing that could be late."""
    behind = Gauge("jaabi_replica_behind_seconds", "How late the replica's figures are", registry=registry)
    if not replica.is_named():
        return
    try:
        late = replica.seconds_behind()
    except Error:
        late = None
    behind.set(float("inf") if late is None else late)


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


def oldest_waiting(*kinds: str) -> datetime | None:
    """Since when the oldest message that was not handed over waits, of these kinds or of all."""
    waiting = Outbound.objects.filter(state=Outbound.State.QUEUED, **({"kind__in": kinds} if kinds else {}))
    return waiting.order_by("created_at").values_list("created_at", flat=True).first()


def _seconds_since(moment: datetime | None, never: float = 0.0) -> float:
    return (timezone.now() - moment).total_seconds() if moment else never
