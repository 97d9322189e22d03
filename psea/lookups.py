"""What the ordinary lanes may ask of the vault, through the insert-only role.

Known or unknown, the work is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.sealing import SealBroken
from psea import enums
from psea.database_roles import name_holder
from psea.databases import INTAKE
from psea.models import PhoneTrace, Question, Receipt
from psea.tags import holder_keys, holder_tag, phone_hash, receipt_hash


@dataclass(frozen=True)
class Stage:
    """Where a receipt number stands: received, in_progress or answered, and since when."""

    stage: str
    since: date


def sealed_phone(phone: str) -> bool:
    """Whether what this telephone (E.164) sends is to be sealed without being read."""
    traces = PhoneTrace.objects.using(INTAKE).filter(phone_hash=phone_hash(phone), until__gt=timezone.now())
    return traces.exists()


def questions_for(number: str, code: str) -> list[tuple[str, datetime]]:
    """What handlers ask whoever holds this number and this code: the words, and when. Empty for a wrong code."""
    tag, keys = holder_tag(number, code), holder_keys(number, code)
    with transaction.atomic(using=INTAKE):
        name_holder(INTAKE, tag)
        rows = list(Question.objects.using(INTAKE).filter(holder_tag=tag).only("for_person", "asked_at"))
    return [(_opened(row, keys), row.asked_at) for row in rows]


def stage_of(receipt_number: str) -> Stage | None:
    """Where a sealed case stands by its receipt number; None for one that is unknown here or expired."""
    receipts = Receipt.objects.using(INTAKE).filter(
        receipt_hash=receipt_hash(receipt_number), expires__gt=timezone.now()
    )
    found = receipts.order_by("-since").values_list("stage", "since").first()
    return None if found is None else Stage(str(enums.Stage(found[0])), found[1])


def _opened(question: Question, keys: list[bytes]) -> str:
    """Under the first of these keys that opens it. Raises SealBroken."""
    for key in keys[:-1]:
        try:
            return question.opened_for_person(key)
        except SealBroken:
            continue
    return question.opened_for_person(keys[-1])
