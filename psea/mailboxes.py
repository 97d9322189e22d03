"""What leads from a receipt number or a telephone to a case's mailbox, and how what is put into it is bound."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from core.sealing import Context
from psea.databases import VAULT
from psea.models import PhoneTrace, Receipt, SealedCase
from psea.tags import is_thread, mailbox_of

Trace = TypeVar("Trace", Receipt, PhoneTrace)


def mailbox_context(message_id: UUID) -> Context:
    """Where the data key of an added message is bound."""
    return Context("psea_sealedmessage", str(message_id), "wrapped_key")


def traces_of(case: SealedCase) -> tuple[QuerySet[Receipt], QuerySet[PhoneTrace]]:
    """The rows by which the receipt number and the telephone of this case, and no other, lead to its mailbox."""
    receipts, phones = Receipt.objects.using(VAULT), PhoneTrace.objects.using(VAULT)
    return _leading_to(case, receipts, "receipt_hash"), _leading_to(case, phones, "phone_hash")


def _leading_to(case: SealedCase, rows: QuerySet[Trace], found_by: str) -> QuerySet[Trace]:
    known = rows.exclude(mailbox=None).values_list("pk", found_by, "mailbox")
    leading = ((pk, mailbox_of(by, kept)) for pk, by, kept in known)
    return rows.filter(pk__in=[pk for pk, box in leading if box is not None and is_thread(case.thread_tag, box)])
