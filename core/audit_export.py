"""The audit as a file that anybody can verify (docs/audit.md): one JSON object on each line.

First where it starts; then what the commitments of checkpoints open to; then the rows, those that are not the reader's
as a hash alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.audit_hashes import CHAINS, canonical, row_hash, row_of, start_of
from core.models import AuditEntry, AuditHead

PAGE = 2000


@dataclass(frozen=True)
class Span:
    """From which opened head (None: the beginning), and which heads are opened after it, oldest first."""

    start: AuditHead | None
    heads: tuple[AuditHead, ...]


def whole(using: str = "default", chain: str = "") -> Iterator[str]:
    """Every row and every opening, for a full audit: it says how much happened in each hour.

    `chain`: the name of the chain that stands there, where the alias is not one of those in service.
    """
    heads = AuditHead.objects.using(using).order_by("made_at")
    return _lines(chain or CHAINS[using], Span(None, tuple(heads)), _chained(using), lambda entry: True)


def days(first: date, last: date) -> Span | None:
    """The ordinary chain over these days, opened where each of them ended; None if none of them is over.

    The day that runs is left out, and so are the hours: what an organisation may read must not tell how much happened
    in one of them.
    """
    begins, ends = _midnight(first), _midnight(min(last + timedelta(days=1), timezone.localdate()))
    over = AuditHead.objects.filter(made_at__gte=begins, made_at__lt=ends)
    by_day = {timezone.localdate(head.made_at): head for head in over.order_by("made_at")}
    start = AuditHead.objects.filter(made_at__lt=begins).order_by("-made_at").first()
    return Span(start, tuple(by_day.values())) if by_day else None


def partial(span: Span, shown: QuerySet[AuditEntry]) -> Iterator[str]:
    """The rows of a span of the ordinary chain: those `shown`, and of the others their hash."""
    first, last = span.start.size if span.start else 0, span.heads[-1].size
    rows = _chained("default").filter(position__gt=first, position__lte=last)
    known = set(shown.filter(position__gt=first, position__lte=last).values_list("pk", flat=True))
    return _lines(CHAINS["default"], span, rows, lambda entry: entry.pk in known)


def _chained(using: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.using(using).exclude(position=None).order_by("position")


def _lines(chain: str, span: Span, rows: QuerySet[AuditEntry], shows: Callable[[AuditEntry], bool]) -> Iterator[str]:
    size, chain_hash = (span.start.size, span.start.chain_hash) if span.start else (0, start_of(chain))
    yield canonical({"chain": chain, "size": size, "chain_hash": chain_hash})
    opened: Iterable[AuditHead] = (*filter(None, [span.start]), *span.heads)
    for head in opened:
        yield canonical(
            {"commitment": head.commitment, "nonce": head.nonce, "size": head.size, "chain_hash": head.chain_hash}
        )
    for entry in _in_turn(rows):
        said: dict[str, Any] = {"row": row_of(entry)} if shows(entry) else {"row_hash": row_hash(entry)}
        yield canonical({"position": entry.position, "chain_hash": entry.chain_hash} | said)


def _in_turn(rows: QuerySet[AuditEntry]) -> Iterator[AuditEntry]:
    """A page at a time by their place: behind a pooler a cursor of the server would not outlive its transaction, and
    without one a client takes all rows at once."""
    after = 0
    while page := list(rows.filter(position__gt=after)[:PAGE]):
        yield from page
        after = page[-1].position or 0


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
