"""One message from a telephone, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Heard:
    """`phone` is "" for a short code or a name: those are never answered. `recording`: `core.audio`."""

    source_key: str
    receipt_number: str
    sender: str
    phone: str
    phone_hash: str
    body: str
    channel: str
    received_at: datetime
    said_at: datetime
    line: str = ""
    order: str = ""
    recording: str = ""
