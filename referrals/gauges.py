"""What a monitor reads of referrals."""

from __future__ import annotations

from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge

from referrals.models import Referral


def collect(registry: CollectorRegistry) -> None:
    """One number over all lanes that are in this database, all organisations and kinds."""
    late = Gauge("jaabi_referrals_late", "Referrals whose running commitment is over", registry=registry)
    late.set(Referral.objects.late(timezone.now()).count())
