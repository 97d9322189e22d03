"""Checkpoints: each hour, what both chains of the audit were, signed, and given to whoever will bear witness.

A checkpoint holds no count. Both heads are commitments of one form, with a nonce that stays in the database they are of
(`AuditHead`): who holds a receipt and watches the hours must not learn from a number that moves, or does not, in which
lane somebody acted.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core import audit
from core.audit_hashes import CHAINS, canonical, commitment_to, instant, spelled
from core.audit_keys import public_keys, sign
from core.models import AuditHead, Checkpoint

NOTHING_BEFORE = "0" * 64


def make_checkpoint(now: datetime) -> Checkpoint:
    """Chains all that is committed, commits to both heads, the vault's first, and signs. The caller holds the lease."""
    for alias in CHAINS:
        audit.chain_all(alias)
    vault = _commit("vault", now)
    with transaction.atomic():
        return _signed(now, ordinary=_commit("default", now), vault=vault)


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-number").first()


def of_month(year: int, month: int) -> QuerySet[Checkpoint]:
    """Those made in that month, here, oldest first."""
    return Checkpoint.objects.filter(made_at__year=year, made_at__month=month).order_by("number")


def months() -> list[date]:
    """The first day of each month that has any, newest first."""
    return [moment.date() for moment in Checkpoint.objects.datetimes("made_at", "month", order="DESC")]


def as_lines(rows: QuerySet[Checkpoint]) -> str:
    """As they are published: one on each line."""
    return "".join(f"{line}\n" for line in rows.values_list("line", flat=True))


def _commit(using: str, now: datetime) -> str:
    size, chain_hash = audit.head(using)
    nonce = secrets.token_hex(32)
    commitment = commitment_to(CHAINS[using], nonce, size, chain_hash)
    AuditHead.objects.using(using).create(
        commitment=commitment, nonce=nonce, size=size, chain_hash=chain_hash, made_at=now
    )
    return commitment


def _signed(now: datetime, **commitments: str) -> Checkpoint:
    before = latest()
    if before:
        # made by a clock that was ahead: each is later than the one it names, or nobody could verify any again
        now = max(now, before.made_at + timedelta(microseconds=1))
    statement: dict[str, Any] = {
        "at": instant(now),
        "keys": public_keys(),
        "number": before.number + 1 if before else 1,
        "previous": before.digest if before else NOTHING_BEFORE,
        **commitments,
    }
    said = spelled("checkpoint", canonical(statement))
    return Checkpoint.objects.create(
        number=statement["number"],
        made_at=now,
        digest=hashlib.sha256(said).hexdigest(),
        line=canonical(statement | {"signatures": sign(said)}),
    )
