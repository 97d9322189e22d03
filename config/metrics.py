"""What a monitor reads at `/metrics`: how much waits, and for how long, in every package.

No number here tells one lane from another (docs/decisions/0017-installing-and-watching.md).
"""

from __future__ import annotations

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from core.access import public
from core.metrics import of_the_database, of_this_machine, refuse_strangers
from feedback import gauges as feedback
from referrals import gauges as referrals


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges in the Prometheus text format, for whoever bears METRICS_TOKEN (anyone, in a demo)."""
    refuse_strangers(request)
    registry = CollectorRegistry()
    of_this_machine(registry)
    up = Gauge(
        "jaabi_database_up",
        "Whether the databases answer; without them only this machine is counted",
        registry=registry,
    )
    try:
        for collect in (of_the_database, feedback.collect, referrals.collect):
            collect(registry)
        up.set(1)
    except Error:
        up.set(0)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
