"""One case to several receivers in one act: each its own referral, level and consent; all of them leave, or none."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.transitions import Refused
from directory.models import Office, Organisation
from referrals.actions.consent import Receiver, Said, note_said
from referrals.actions.sending import Member, Wish, create_and_send, forward
from referrals.models import Referral


@dataclass(frozen=True)
class Sending:
    """One of them. `said`: what the person answered for this receiver, None when they were not asked (level 1)."""

    wish: Wish
    said: Said | None = None
    pk: uuid.UUID | None = None


@transaction.atomic
def send_to_several(
    case_id: Any,
    sendings: Sequence[Sending],
    *,
    by: Member,
    at: datetime | None = None,
    previous_id: uuid.UUID | None = None,
) -> list[Referral]:
    """In: to whom, and what was said for each; `previous_id`: the referral that came back. Raises Refused: who, why."""
    return [_sent(case_id, one, by=by, at=at, previous_id=previous_id) for one in sendings]


def _sent(case_id: Any, one: Sending, *, by: Member, at: datetime | None, previous_id: uuid.UUID | None) -> Referral:
    wish, is_new = one.wish, one.pk is None or not Referral.objects.filter(pk=one.pk).exists()
    try:
        if one.said is not None and is_new:
            note_said(case_id, Receiver(wish.receiver_id, wish.office_id), one.said, by=by, at=at)
        if previous_id is not None:
            return forward(previous_id, wish, by=by, at=at, pk=one.pk)
        return create_and_send(case_id, wish, by=by, at=at, pk=one.pk)
    except Refused as error:
        raise Refused(f"{_name(wish)} : {error.reason}") from error


def _name(wish: Wish) -> str:
    if wish.office_id is not None:
        return str(Office.objects.select_related("organisation").get(pk=wish.office_id))
    return str(Organisation.objects.get(pk=wish.receiver_id))
