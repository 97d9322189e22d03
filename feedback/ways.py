"""The ways to speak, as the settings give them; none is invented, and where there is none nothing is said."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from core.gateways import kinds
from core.models import Line

Way = dict[str, str]
# As many as one SMS holds beside the receipt number.
IN_ONE_SMS = 2


def ways() -> list[Way]:
    """Numbers people can write to or ring: our own lines in use, then those of `LISTENING_WAYS`, in their order."""
    known = [{"label": _("Par SMS"), "number": settings.TWILIO_FROM}] if settings.TWILIO_FROM else []
    known += [{"label": _of_kind(line.kind), "number": line.number} for line in _lines()]
    own = {way["number"]: way for way in reversed(known)}
    return [*reversed(own.values()), *settings.LISTENING_WAYS]


def urgent_numbers() -> list[Way]:
    """Whom to ring when somebody is in danger, as the deployment gave them: never invented."""
    return list(settings.URGENT_NUMBERS)


def urgent_numbers_in_sms() -> str:
    """The first of their numbers; "" if there are none."""
    return ", ".join(one["number"] for one in urgent_numbers()[:IN_ONE_SMS])


def _lines() -> list[Line]:
    return [line for line in Line.objects.filter(is_active=True).exclude(number="") if line.kind in kinds()]


def _of_kind(kind: str) -> str:
    return {"twilio-whatsapp": _("Par WhatsApp"), "twilio-voice": _("Par téléphone")}.get(kind, _("Par SMS"))
