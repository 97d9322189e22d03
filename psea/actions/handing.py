"""A report that another mechanism hands over by voice, typed in by somebody of the vault, straight into it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.index import drawn_hash
from core.receipt_number import LENGTH, completed
from core.transitions import Refused
from directory.enums import Channel
from directory.models import User
from directory.roles import HANDLERS
from psea.actions.receive import receive_sealed
from psea.enums import Known

CALL_WITHIN = timedelta(hours=1)


def take_over(
    *,
    once: UUID,
    words: str,
    handed_by: int | None = None,
    their_reference: str = "",
    organisation_id: int | None = None,
    place_pcode: str = "",
    incident_on: date | None = None,
    incident_time: time | None = None,
    child: Known = Known.UNKNOWN,
    danger: Known = Known.UNKNOWN,
    retaliation: Known = Known.UNKNOWN,
    phone: str = "",
    contact: str = "",
    by: User,
    at: datetime | None = None,
) -> str:
    """Seals it as any report, for those on duty whom it spares, and returns its receipt number, for whoever reports.

    The same for the same `once`. Raises Refused; NobodyCanRead.
    """
    if not by.has_role(*HANDLERS):
        raise Refused(_("Seules les personnes habilitées peuvent le faire."))
    moment = at or timezone.now()
    number = _number(once)
    receive_sealed(
        source_id=drawn_hash(str(once), "handed-source", vault=True),
        receipt_number=number,
        words=words,
        contact=contact,
        phone=phone,
        channel=Channel.HELP_DESK,
        child=child,
        danger=danger,
        retaliation=retaliation,
        incident_on=incident_on,
        incident_time=incident_time,
        handed_by=handed_by,
        their_reference=their_reference,
        received_at=moment,
        concerned_organisation_id=organisation_id,
        place_pcode=place_pcode,
        call_by=moment + CALL_WITHIN if danger == Known.YES else None,
        by=by,
    )
    return number


def _number(once: UUID) -> str:
    drawn = int(drawn_hash(str(once), "handed-number", vault=True), 16)
    return completed(f"{drawn % 10 ** (LENGTH - 1):0{LENGTH - 1}d}")
