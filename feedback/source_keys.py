"""What makes a repeat harmless: ids drawn from the door's own key for a message, under keys kept outside the database.

So that the same message handled twice makes one record, while no row of ours points at an envelope, a form or a row
of the vault for whoever has only the databases.
"""

from __future__ import annotations

import uuid

from core.index import keyed_hash
from core.receipt_number import LENGTH, completed

CODE_DIGITS = 6


def row_id(source_key: str, table: str) -> uuid.UUID:
    """The id of the row that this message makes in `table`."""
    return uuid.UUID(hex=keyed_hash(source_key, f"row:{table}")[:32])


def sealed_source(source_key: str) -> str:
    """The name under which the vault knows this message."""
    return keyed_hash(source_key, "sealed-source", vault=True)


def receipt_number(source_key: str) -> str:
    """The receipt number of a form: the same when it is posted twice."""
    return completed(_digits(source_key, "receipt-number", LENGTH - 1))


def thread_code(source_key: str) -> str:
    """The 6-digit code of a form that asked for a thread."""
    return _digits(source_key, "thread-code", CODE_DIGITS)


def _digits(source_key: str, purpose: str, count: int) -> str:
    return f"{int(keyed_hash(source_key, purpose), 16) % 10**count:0{count}d}"
