"""What makes a repeat harmless: ids drawn from the door's own key for a message, under keys kept outside the database.

So that the same message handled twice makes one record, while no row of ours points at an envelope, a form or a row
of the vault for whoever has only the databases. What was drawn before a key was added to the ring (decision 19) stays
as it is: a repeat of that message is drawn as it was then.
"""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.conf import settings
from django.db.models import Q

from core.index import drawn_hash, keyed_hash, ring
from core.receipt_number import LENGTH, completed
from feedback.models import Case
from psea.lookups import stage_of

CODE_DIGITS = 6


def row_id(source_key: str, table: str) -> uuid.UUID:
    """The id of the row that this message makes in `table`."""
    return _row_id(source_key, table, _keys_of(source_key))


def sealed_source(source_key: str) -> str:
    """The name under which the vault knows this message."""
    return drawn_hash(source_key, "sealed-source", vault=True)


def receipt_number(source_key: str) -> str:
    """The receipt number of a form: the same when it is posted twice."""
    return _number(source_key, _keys_of(source_key))


def thread_code(source_key: str) -> str:
    """The 6-digit code of a form that asked for a thread."""
    return _digits(source_key, "thread-code", CODE_DIGITS, _keys_of(source_key))


def receipt_mark(source_key: str) -> str:
    """What the receipt of this message by SMS is known by, so that it leaves once."""
    return drawn_hash(source_key, "receipt-sms", keys=_keys_of(source_key))


def _keys_of(source_key: str) -> int:
    """How many keys the ring had when this message was first taken in; all of them for a new one."""
    return _found_keys_of(source_key, settings.INDEX_KEY)


@lru_cache(maxsize=4096)
def _found_keys_of(source_key: str, _written: str) -> int:
    """Under an earlier ring nothing is made any more: what was not there is not there later either."""
    every = len(ring().keys)
    return next((keys for keys in range(1, every) if _was_drawn(source_key, keys)), every)


def _was_drawn(source_key: str, keys: int) -> bool:
    """Both sides are always asked, so that the work does not tell the lane."""
    number = _number(source_key, keys)
    mine = Q(pk=_row_id(source_key, "case", keys)) | Q(receipt_hash=keyed_hash(number, "receipt"))
    is_case, is_sealed = Case.objects.filter(mine).exists(), stage_of(number) is not None
    return is_case or is_sealed


def _row_id(source_key: str, table: str, keys: int) -> uuid.UUID:
    return uuid.UUID(hex=drawn_hash(source_key, f"row:{table}", keys=keys)[:32])


def _number(source_key: str, keys: int) -> str:
    return completed(_digits(source_key, "receipt-number", LENGTH - 1, keys))


def _digits(source_key: str, purpose: str, count: int, keys: int) -> str:
    return f"{int(drawn_hash(source_key, purpose, keys=keys), 16) % 10**count:0{count}d}"
