"""What passed through a carrier is erased there once we hold it: asked as a row first, tried until it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from core import gateways
from core.calls import Answer, Call, make_calls
from core.gateways import Gateway, GatewayError, KeepsCopies, UnknownGateway
from core.models import Erasure, Line, LineTrace, Outbound
from core.publishing import publish_soon
from core.reading_once import reading_once

LONGEST_WAIT = timedelta(hours=6)
# A message whose delivery nobody reported is final by now; and one older was asked for on several nights already
SETTLED_AFTER, LOOKED_BACK = timedelta(hours=48), timedelta(days=9)
COUNTED_OVER = timedelta(days=30)


def ask(gateway: str, *resources: str) -> None:
    """After commit, has that line's carrier erase these. Nothing is kept for a carrier that holds no copies."""
    if not any(resources) or not _keeper(gateway):
        return
    now = timezone.now()
    rows = [Erasure(gateway=gateway, resource=one, asked_at=now, not_before=now) for one in resources if one]
    Erasure.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        publish_soon("core.tasks.erase", str(row.pk))


def erase(*pks: Any) -> None:
    """One try of each, all at once. Harmless to repeat: what is gone already is erased."""
    with reading_once():
        make_calls(_erasing, pks)


def _erasing(pk: Any) -> Call | None:
    row = Erasure.objects.filter(pk=pk).first()
    if row is None:
        return None
    keeper = _keeper(row.gateway)
    if keeper is None:
        row.delete()
        return None
    return Call(partial(_erased, keeper, row.resource), partial(_note, row))


def _erased(keeper: KeepsCopies, resource: str) -> str:
    keeper.erase(resource)
    return ""


def _note(row: Erasure, answer: Answer) -> None:
    if not isinstance(answer, GatewayError):
        row.delete()
        return
    row.attempts += 1
    row.reason = answer.reason[:80]
    row.not_before = timezone.now() + min(LONGEST_WAIT, timedelta(seconds=30 * 3 ** min(row.attempts, 8)))
    row.save(update_fields=["attempts", "reason", "not_before"])


def due_ids(limit: int = 500) -> list[Any]:
    """Those whose next try has come."""
    due = Erasure.objects.filter(not_before__lte=timezone.now() - timedelta(seconds=15))
    return list(due.order_by("not_before").values_list("pk", flat=True)[:limit])


def count_kept() -> None:
    """For each carrier that keeps copies: asks again for what was sent long ago, and notes how many texts it holds."""
    now = timezone.now()
    for name, keeper in _keepers():
        ask(name, *_sent_long_ago(name, now))
        try:
            count = keeper.count_kept(now - COUNTED_OVER)
        except GatewayError:
            continue
        LineTrace.objects.update_or_create(name=name, defaults={"kept_count": count, "counted_at": now})


def _sent_long_ago(name: str, now: datetime) -> list[str]:
    rows = Outbound.objects.filter(
        gateway=name,
        state=Outbound.State.SENT,
        not_before__gte=now - LOOKED_BACK,
        sent_at__lt=now - SETTLED_AFTER,
    )
    return list(rows.values_list("provider_id", flat=True))


def _keepers() -> Iterator[tuple[str, KeepsCopies]]:
    """One line for each account: its texts are counted once."""
    seen = set()
    names = [*gateways.from_environment(), *Line.objects.filter(is_active=True).values_list("name", flat=True)]
    for name in names:
        keeper = _keeper(name)
        account = getattr(keeper, "account_sid", name)
        if keeper is not None and account not in seen:
            seen.add(account)
            yield name, keeper


def _keeper(name: str) -> KeepsCopies | None:
    try:
        found: Gateway | KeepsCopies = gateways.gateway(name)
    except UnknownGateway:
        return None
    return found if isinstance(found, KeepsCopies) and found.is_real else None
