"""What is hashed and signed of the audit, byte for byte (docs/audit.md). `verifier/verify_audit.py` says it again.

Every hash is SHA-256 over lines joined by a line feed, the first of which names what is hashed: nothing that was
hashed for one purpose is valid for another.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from core.models import AuditEntry

# Each chain begins with its own name: a row of one cannot stand in the other.
CHAINS = {"default": "ordinary", "vault": "vault"}


def canonical(value: Any) -> str:
    """JSON in one spelling (RFC 8785): keys in order, no space, nothing escaped that need not be. No fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(purpose: str, *parts: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(spelled(purpose, *parts)).hexdigest()


def spelled(purpose: str, *parts: str) -> bytes:
    return "\n".join([f"jaabi-audit-{purpose}", *parts]).encode()


def instant(moment: datetime) -> str:
    """In UTC, always with six decimals."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def row_of(entry: AuditEntry) -> dict[str, Any]:
    """Every column that an act wrote, as it is hashed and exported."""
    return {
        "id": str(entry.id),
        "recorded_at": instant(entry.recorded_at),
        "happened_at": instant(entry.happened_at),
        "act": entry.act,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "target_table": entry.target_table,
        "target_id": entry.target_id,
        "facts": entry.facts,
    }


def row_hash(entry: AuditEntry) -> str:
    """Of the row alone. Its random id makes it impossible to guess the row from its hash."""
    return digest("row", canonical(row_of(entry)))


def start_of(chain: str) -> str:
    """What the first row follows."""
    return digest("start", chain)


def link(previous: str, position: int, row: str) -> str:
    """In: the hash before, the row's place (from 1), its own hash. Out: the chain's hash there."""
    return digest("link", previous, str(position), row)


def commitment_to(chain: str, nonce: str, size: int, chain_hash: str) -> str:
    """Binds to the chain's length and last hash, and says neither to who does not hold the nonce."""
    return digest("head", chain, nonce, str(size), chain_hash)
