"""What we ask a telephone that ordered something, until it answers or the time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feedback.enums import PhoneAsks
from feedback.models import PhoneQuestion


@transaction.atomic
def ask_phone(phone_hash: str, asks: PhoneAsks, *, number: str = "") -> None:
    """Opens this question to the telephone, in place of any other. `number`: the receipt number it is about.

    Whether it is settled is thought over, and asked once more after a while; the others are answered at once.
    """
    now = timezone.now()
    close_question(phone_hash)
    question = PhoneQuestion(
        phone_hash=phone_hash,
        asks=asks,
        asked_at=now,
        until=now + _time_for(asks),
    )
    question.seal(receipt_number=number)
    question.save(force_insert=True)


def _time_for(asks: PhoneAsks) -> timedelta:
    if asks == PhoneAsks.SETTLED:
        return timedelta(days=settings.SETTLED_ASK_AGAIN_DAYS)
    return timedelta(minutes=settings.ORDER_CONFIRM_MINUTES)


def open_question(phone_hash: str, at: datetime) -> PhoneQuestion | None:
    """What this telephone was asked and has not answered, while there is time."""
    return PhoneQuestion.objects.filter(phone_hash=phone_hash, until__gt=at).first()


def close_question(phone_hash: str) -> None:
    """Answered, or asked anew."""
    PhoneQuestion.objects.filter(phone_hash=phone_hash).delete()


def forget_questions(now: datetime) -> int:
    """Drops those whose time is over; out: how many."""
    count, _each = PhoneQuestion.objects.filter(until__lte=now).delete()
    return count
